"""Controls of the seat, all with a label that a screen reader says and a keyboard reaches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TypeVar, cast, get_args

import ipywidgets as widgets
from ipywidgets.widgets.widget_bool import CheckboxStyle
from ipywidgets.widgets.widget_description import DescriptionStyle
from ipywidgets.widgets.widget_string import HTMLStyle, TextStyle
from pydantic import BaseModel

from sim.i18n import _
from sim.model.action_kinds import ActionField

logger = logging.getLogger("mlasim.views.controls")

WIDE = "36rem"

Look = TypeVar("Look", bound=widgets.Widget)
_looks: dict[tuple[object, ...], widgets.Widget] = {}


def look(kind: type[Look], **values: str) -> Look:
    """How controls look that look alike. They share it: the page and the process behind it keep each look as a widget
    of its own, and two come with every control. What changes its look takes its own first (`shown`)."""
    key = (kind, *values.items())
    found = _looks.get(key)
    if found is None or found.comm is None:  # none yet, or closed with all others, as tests do
        found = _looks[key] = kind(**values)
    return cast(Look, found)


def shown(control: widgets.DOMWidget, whether: bool) -> None:
    """Show a control, or take it from sight."""
    if control.layout in _looks.values():
        control.layout = widgets.Layout(
            **{name: control.layout.trait_values()[name] for name in ("width", "max_width")}
        )
    control.layout.display = "" if whether else "none"


def dropdown(words: str, options: Sequence[tuple[str, object]], *, width: str = WIDE) -> widgets.Dropdown:
    """One of several, with its label in front."""
    return widgets.Dropdown(
        description=_plain(words),
        options=[(_plain(text), value) for text, value in options],
        layout=look(widgets.Layout, width="auto", max_width=width),
        style=look(DescriptionStyle, **labels()),
    )


def values(words: str, record: type[BaseModel], field: str, *, last: bool = False) -> widgets.Dropdown:
    """The values that a record's field may have, the first (or last) picked to begin with."""
    allowed = get_args(record.model_fields[field].annotation)
    found = dropdown(words, [(_(value), value) for value in allowed])
    found.value = allowed[-1 if last else 0]
    return found


def filled_in(field: ActionField, offered: Sequence[tuple[str, str]]) -> widgets.Widget:
    """The control that a field of an action is filled in with: yes or no, words, or one of what is offered."""
    if field.shape == "yes or no":
        return tick(_(field.label), bool(field.start))
    if field.shape == "words":
        return line(_(field.label), str(field.start or ""))
    control = dropdown(_(field.label), offered)
    if field.start in [value for _words, value in offered]:
        control.value = field.start
    return control


def tick(words: str, value: bool = False) -> widgets.Checkbox:
    """Yes or no."""
    return widgets.Checkbox(
        value=value,
        description=_plain(words),
        indent=False,
        layout=look(widgets.Layout, width="auto", height="auto"),
        style=look(CheckboxStyle),
    )


def line(words: str, value: str = "") -> widgets.Text:
    """A few words to be typed."""
    return widgets.Text(
        description=_plain(words),
        value=value,
        style=look(TextStyle, **labels()),
        layout=look(widgets.Layout, width="auto", max_width=WIDE),
    )


def area(words: str, *, height: str) -> widgets.Textarea:
    """Some sentences to be typed."""
    return widgets.Textarea(
        description=_plain(words),
        layout=look(widgets.Layout, width="auto", height=height),
        style=look(TextStyle, **labels()),
    )


def heading(html: str) -> widgets.HTML:
    """Words above some controls."""
    return widgets.HTML(html, layout=look(widgets.Layout), style=look(HTMLStyle))


def whole(words: str, value: int, least: int, most: int) -> widgets.BoundedIntText:
    """A whole number, to be typed or stepped with the arrow keys."""
    layout = widgets.Layout(width="auto", max_width="20rem")
    return widgets.BoundedIntText(description=words, value=value, min=least, max=most, style=labels(), layout=layout)


def slider(words: str, value: int, least: int, most: int, *, step: int = 1, unit: str = "") -> widgets.Widget:
    """A whole number to slide; to type where anywidget, which the policy lab's extra brings, is not installed."""
    try:
        from sim.views.lab.slider import Slider
    except ImportError as error:
        logger.info("a number is typed instead of slid: %s", error)
        typed = whole(f"{words} ({unit})" if unit else words, value, least, most)
        typed.step = step
        return typed
    return Slider(description=words, value=value, min=least, max=most, step=step, unit=unit)


def button(words: str, tip: str) -> widgets.Button:
    """Something to press."""
    return widgets.Button(description=words, tooltip=tip)


def put(box: widgets.Box, children: Sequence[widgets.Widget]) -> None:
    """Show these in a box. What is not shown any more is closed: both the page and the process behind it would keep it
    for as long as they live."""
    gone = [widget for widget in box.children if widget not in children]
    box.children = tuple(children)
    for widget in gone:
        close(widget)


def close(widget: widgets.Widget) -> None:
    """Give a control up, with what is in it and how it looks."""
    parts = [widget.layout, getattr(widget, "style", None), *getattr(widget, "children", ())]
    shared = _looks.values()
    widget.close()
    for part in parts:
        if part in shared:
            continue
        if isinstance(part, widgets.DOMWidget):
            close(part)
        elif isinstance(part, widgets.Widget):
            part.close()


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The notebook's event loop; None where somebody calls from a plain program."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def labels() -> dict[str, str]:
    """Labels as wide as their words, so that none is cut off."""
    return {"description_width": "initial"}


def text() -> widgets.HTML:
    """A place for text."""
    return widgets.HTML(layout=widgets.Layout(width="auto", min_width="0"), style=look(HTMLStyle))


def row() -> widgets.Layout:
    """Side by side, on the next line where there is no room."""
    return widgets.Layout(flex_flow="row wrap", align_items="center")


def _plain(words: str) -> str:
    return " ".join(words.split())
