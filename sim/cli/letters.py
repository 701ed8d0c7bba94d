"""The command that writes a letter of a play, or of a case, as a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

import sim
from sim.cli import console
from sim.cli.playing import case_of
from sim.errors import UsageError
from sim.i18n import _, many, say

if TYPE_CHECKING:
    from sim.training.session import Session


@console.app.command()
def letter(
    what: Annotated[str, typer.Argument(help="A session file; or a case's id or file, for the letters written in it.")],
    request: Annotated[str | None, typer.Option(help="The letter's name; none: list the letters.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it here: NAME.html or NAME.docx.")] = None,
    headings: Annotated[
        str, typer.Option(help="Language of the headings, where the form has none of its own: en, fr, es, ru, zh, ar.")
    ] = "en",
    case: Annotated[
        str | None, typer.Option(help="The case played (id or file), if it is neither in the library nor beside it.")
    ] = None,
    force: console.Force = False,
) -> None:
    """Write a letter of request in the form that its instrument prescribes, as a page or for a word processor."""
    from sim.training.letters import letter_called, letter_of
    from sim.views.letter import about_form, letter_html
    from sim.views.letter_docx import letter_docx

    if out is not None and out.suffix.lower() not in _ENDINGS:
        raise UsageError(say("{name}: a letter ends in .html or .docx", name=out.name))
    if out is not None and request is None:
        raise UsageError(say("name the letter with --request; without --out the letters are listed"))
    console.may_write(out, force=force)
    session = _play(what, case)
    if request is None:
        _list(session)
        return
    spec, moment = letter_called(session.run, request)
    found = letter_of(session.run, spec, seed=session.seed, labels=headings, moment=moment)
    console.out.print(f"{found.title}: {about_form(found)}", highlight=False)
    if out is not None:
        content = letter_docx(found) if out.suffix.lower() == ".docx" else letter_html(found).encode()
        console.write_bytes(out, content)
        console.out.print(_("letter written to {path}").format(path=out), markup=False)


_ENDINGS = (".html", ".htm", ".docx")


def _play(what: str, case: str | None) -> Session:
    """The play in a session file, taken as it stands; or a case at its beginning."""
    from sim.model.library import is_named_as_one

    path = Path(what)
    if path.is_file() and not is_named_as_one(path):
        scenario = case_of(path) if case is None else sim.load(case)
        return sim.resume(path, scenario, writing=False, edited=True)
    scenario = sim.load(what)
    if scenario.case is None:
        raise UsageError(say("{id} is a {kind}, not a case: it has no letters", id=scenario.id, kind=scenario.kind))
    return sim.play(scenario)


def _list(session: Session) -> None:
    """The letters by name: sent on which day, to whom, on what basis, in which form, and how many fields are empty."""
    from sim.training.letters import letter_of, letters_in

    run = session.run
    known = letters_in(run)
    table = Table(title=_("Letters"), title_justify="left", box=None, padding=(0, 2, 0, 0))
    for words in (_("name"), _("sent"), _("to"), _("basis"), _("form"), _("to complete")):
        table.add_column(words)
    for id_, (spec, moment) in known.items():
        found = letter_of(run, spec, seed=session.seed, moment=moment)
        sent = f"{run.moment(moment):%Y-%m-%d}" if id_ in run.requests else _("not sent")
        state = session.scenario.jurisdictions[spec.to].title
        basis = session.scenario.instrument(spec.instrument).short
        left = many("{n} field", "{n} fields", found.blanks)
        table.add_row(id_, sent, state, basis, found.title, left)
    console.out.print(table if known else _("There are no letters."))
