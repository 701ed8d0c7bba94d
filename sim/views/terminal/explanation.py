"""Answers of the law as trees in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from sim.i18n import _
from sim.law import Explanation, Reason


def show_explanation(explanation: Explanation, console: Console, *, full: bool = False) -> None:
    """The answer as a tree, every branch with its citation, assumptions marked; ``full`` shows the reasons below."""
    console.print(_tree(explanation.reason, Tree(_label(explanation.reason)), 99 if full else 2))
    if not full:
        console.print(_("The reasons under each answer: --full"), style="dim", highlight=False)


def show_reason(reason: Reason, console: Console) -> None:
    """One reason with all below it."""
    console.print(_tree(reason, Tree(_label(reason)), 99))


def _tree(reason: Reason, tree: Tree, depth: int) -> Tree:
    if depth:
        for child in reason.children:
            _tree(child, tree.add(_label(child)), depth - 1)
    return tree


def _label(reason: Reason) -> Text:
    label = Text(reason.text)
    if reason.citation:
        label.append(f"  {reason.citation}", style="cyan")
    if reason.doubt:
        label.append(f"  [{reason.doubt}]", style="yellow")
    if reason.note:
        label.append(f"  ({reason.note})", style="dim")
    return label
