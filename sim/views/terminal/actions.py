"""Acting at any time in a terminal: which action, its fields one after the other, and why."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from sim.errors import SessionError
from sim.i18n import _
from sim.model.action_kinds import ActionField, ActionKind
from sim.training.action_rules import action_of, described
from sim.training.choices import Choice, choices, data_for, kinds_for
from sim.training.effort import hours_in_words
from sim.training.session import Session

Picked = list[str] | bool | str


def act(session: Session, console: Console) -> None:
    """Ask for an action and do it; Enter leaves at any point, and nothing is done."""
    kinds = kinds_for(session.run)
    for number, kind in enumerate(kinds, 1):
        _line(console, f"{number}", _(kind.label))
    place = _number(console, _("Which action? (Enter to leave)"), len(kinds))
    if place is None:
        return
    kind = kinds[place]
    console.print(Text(str(hours_in_words(kind)), style="dim"))
    filled = _filled(session, kind, console)
    if filled is None:
        return
    try:
        action = action_of(data_for(kind, filled))
        session.act(action, because=_asked(console, _("Why? (Enter to leave out)")))
    except SessionError as error:
        console.print(Text(str(error), style="red"))
        return
    words = _("Done on day {day}: {what}.").format(day=session.day, what=described(session.run, action))
    console.print(Text(words, style="green"))


def _filled(session: Session, kind: ActionKind, console: Console) -> dict[str, object] | None:
    """What somebody fills in, by field; None if they leave or there is nothing to fill in."""
    filled: dict[str, object] = {}
    for field in kind.fields:
        offered = choices(session.run, field)
        if field.shape == "list" and not offered:
            words = _("There is nothing yet to do this with: {what}.").format(what=_(field.label))
            console.print(Text(words, style="italic"))
            return None
        picked = _picked(field, offered, console)
        if picked is None:
            return None
        filled[field.name] = picked
    return filled


def _picked(field: ActionField, offered: Sequence[Choice], console: Console) -> Picked | None:
    """What is filled into one field; None to leave."""
    label = _(field.label)
    if field.shape == "yes or no":
        console.print(Text(label, style="bold"))
        return _number(console, _("1 yes · 2 no"), 2, default=0 if field.start else 1) == 0
    if field.shape == "words":
        return _asked(console, label) or str(field.start or "") or (None if field.needed else "")
    console.print(Text(label, style="bold"))
    for number, choice in enumerate(offered, 1):
        _line(console, f"{number}", str(choice.words))
    if field.shape == "several of":
        prompt = _("Which? (several with commas; Enter to leave)") if field.needed else _("Which? (Enter for none)")
        places = _numbers(console, prompt, len(offered))
        return [offered[place].id for place in places] if places or not field.needed else None
    ids = [choice.id for choice in offered]
    start = ids.index(field.start) if isinstance(field.start, str) and field.start in ids else None
    prompt = _("Which? (Enter to leave)") if field.needed else _("Which? (Enter for none)")
    place = _number(console, _("Which?") if start is not None else prompt, len(offered), default=start)
    return ids[place] if place is not None else None if field.needed else ""


def _number(console: Console, prompt: str, most: int, *, default: int | None = None) -> int | None:
    """A place in a list, from 0; the default, which the prompt shows, for nothing."""
    shown = prompt if default is None else _("{what} (Enter: {number})").format(what=prompt, number=default + 1)
    while True:
        answer = _asked(console, shown)
        if not answer:
            return default
        if answer.isdecimal() and 1 <= int(answer) <= most:
            return int(answer) - 1
        _refuse(console, most)


def _numbers(console: Console, prompt: str, most: int) -> list[int]:
    """Places in a list, from 0, each once; none for nothing."""
    while True:
        parts = _asked(console, prompt).replace(",", " ").split()
        if all(part.isdecimal() and 1 <= int(part) <= most for part in parts):
            return list(dict.fromkeys(int(part) - 1 for part in parts))
        _refuse(console, most)


def _refuse(console: Console, most: int) -> None:
    console.print(Text(_("Please write a number from 1 to {most}.").format(most=most), style="italic"))


def _asked(console: Console, prompt: str) -> str:
    return console.input(f"[dim]{escape(prompt)}[/] ").strip()


def _line(console: Console, number: str, words: str) -> None:
    console.print(Padding(Text(f"{number:>2}  {words}"), (0, 0, 0, 2)))
