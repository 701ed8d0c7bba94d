"""Answers of the law, as trees: in a terminal and as HTML."""

from __future__ import annotations

from html import escape
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.tree import Tree


def show_explanation(explanation: Any, console: Console, *, full: bool = False) -> None:
    """The answer as a tree, every branch with its citation, assumptions marked; ``full`` shows the reasons below."""
    console.print(_tree(explanation.reason, Tree(_label(explanation.reason)), 99 if full else 2))
    if not full:
        console.print("The reasons under each answer: --full", style="dim", highlight=False)


def show_reason(reason: Any, console: Console) -> None:
    """One reason with all below it."""
    console.print(_tree(reason, Tree(_label(reason)), 99))


def _tree(reason: Any, tree: Tree, depth: int) -> Tree:
    if depth:
        for child in reason.children:
            _tree(child, tree.add(_label(child)), depth - 1)
    return tree


def _label(reason: Any) -> Text:
    label = Text(reason.text)
    if reason.citation:
        label.append(f"  {reason.citation}", style="cyan")
    if reason.sureness == "assumption":
        label.append("  [assumption]", style="yellow")
    if reason.note:
        label.append(f"  ({reason.note})", style="dim")
    return label


def explanation_html(explanation: Any) -> str:
    """The whole answer as nested lists that open and close, for a notebook."""
    return f'<div class="mlasim-law">{_html(explanation.reason, 0)}</div>'


def _html(reason: Any, depth: int) -> str:
    cites = f" <cite>{escape(reason.citation)}</cite>" if reason.citation else ""
    mark = " <em>[assumption]</em>" if reason.sureness == "assumption" else ""
    note = f" <small>({escape(reason.note)})</small>" if reason.note else ""
    words = f"{escape(reason.text)}{cites}{mark}{note}"
    if not reason.children:
        return f"<div style='margin-left:1.2em'>{words}</div>"
    inside = "".join(_html(child, depth + 1) for child in reason.children)
    opened = " open" if depth < 2 else ""
    return f"<details{opened} style='margin-left:{1.2 if depth else 0}em'><summary>{words}</summary>{inside}</details>"
