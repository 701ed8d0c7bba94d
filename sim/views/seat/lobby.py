"""The door to the seat: which case, and in a shared room whose seat. One cell, nothing to type in JupyterLab.

In a room that one computer serves (Voilà), the address may say both: ``?seat=table-4&case=silent-harbour``. Each seat
keeps its sessions in a folder of its own, and is opened from another browser with a code of its own.
"""

from __future__ import annotations

import logging
import os
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import ipywidgets as widgets

from sim import i18n, logs
from sim.errors import MlasimError, UsageError
from sim.i18n import _, marked, say
from sim.model.case import Case
from sim.model.loading import Scenario, available, load
from sim.views.controls import WIDE, button, dropdown, labels, put, row, shown, text
from sim.views.room import codes, names, seats
from sim.views.seat import panels
from sim.views.seat.app import Shared, open_case, problem_panel
from sim.views.seat.case_cards import DIFFICULTIES, CaseCards
from sim.views.seat.levels import LEVELS, Level
from sim.views.seat.session_folder import latest_seed

logger = logging.getLogger("mlasim.views.door")

TWO_TEAMS = marked(
    "Two teams play two States: one asks, the other is asked. Each has its own screen and its own case; letters go "
    "from one to the other as post, and no team's clock runs ahead of the other's for long."
)


def open_seat(
    case: str | None = None, *, seed: int = 7, folder: str | Path = ".", language: str = "en"
) -> widgets.Widget:
    """The trainee's seat, to be shown by a notebook: the door where a case is picked, or the seat at once where
    ``case`` is known already.

    Sessions are kept in ``folder`` at every step and found there again. ``language`` is that of the interface. A
    problem is shown as a readable panel.

    >>> import sim
    >>> type(sim.open_seat()).__name__
    'VBox'
    """
    logs.show_if_asked()
    try:
        i18n.use(language)
    except MlasimError as error:
        return problem_panel(error)
    asked = _address()
    served = os.environ.get("SERVER_SOFTWARE", "").startswith("voila")
    wanted = case or asked.get("case", "")
    seat = asked.get("seat", "")
    door = Door(seed=seed, folder=Path(folder), shared=served, language=language)
    known = wanted in available("case")
    if known:
        door.case.value = wanted
    door.seat.value = seat[:200]
    if known and (seat or not served):
        door.enter()
    return door.view


class Door:
    """Pick a case (and a seat in a shared room) and go in. ``view`` is the widget to show."""

    def __init__(self, *, seed: int, folder: Path, shared: bool, language: str):
        self.seed, self.folder, self.shared, self.language = seed, folder, shared, language
        cases = sorted((load(id_) for id_ in available("case")), key=lambda scenario: _hardness(_case(scenario)))
        self._cases = {scenario.id: scenario for scenario in cases}
        self._kept = (
            {} if shared else {id_: path for id_ in self._cases if (path := self._last_played(id_)) is not None}
        )
        self.case = CaseCards(self._describe)
        self.seat = widgets.Text(
            description=_("Your name, or that of your table"),
            placeholder=_("for example: Zoë, or table 4"),
            style=labels(),
            layout=widgets.Layout(width="auto", max_width=WIDE),
        )
        self.code = widgets.Text(
            description=_("Code of this seat"),
            style=labels(),
            layout=widgets.Layout(width="auto", max_width=WIDE, display="none"),
        )
        self.about, self.note = text(), text()
        self.go = button(_("Go in"), _("Begin the case, or go on where this seat left it"))
        self.go.on_click(lambda _button: self.enter())
        style = widgets.HTML(panels.style(), layout=widgets.Layout(height="0", margin="0"))
        head = widgets.HTML(panels.wrap(_welcome()))
        which = widgets.HTML(panels.wrap(f"<h2>{escape(_('Which case?'))}</h2>"))
        ways = [
            (_("alone, or a team around this screen"), ""),
            (_("two States, two teams: we ask"), "requesting"),
            (_("two States, two teams: we are asked"), "requested"),
        ]
        self.way = dropdown(_("Play"), ways)
        self.level = dropdown(_("Help"), [(_(says), level) for level, says in LEVELS.items()])
        self.level.value = "as the case has it"
        self.partner = dropdown(_("The other team plays"), [("–", "")])
        self.post = widgets.Text(
            description=_("Name of the game, the same for both teams")
            if shared
            else _("Folder that both teams can reach"),
            style=labels(),
            layout=widgets.Layout(width="auto", max_width=WIDE),
        )
        explained = widgets.HTML(panels.wrap(f"<p class='quiet'>{escape(_(TWO_TEAMS))}</p>"))
        self.two = widgets.VBox([explained, self.partner, self.post])
        self.way.observe(lambda change: self._play(), names="value")
        who = [self.seat, self.code] if shared else []
        beside = widgets.HBox([self.way, self.level], layout=row())
        self.view = widgets.VBox(
            [style, head, *who, which, self.case.view, self.about, beside, self.two, self.note, self.go]
        )
        self.view.add_class("mla-seat")
        self.case.offer(self._cases, self._begun())
        newest = max(self._kept, key=lambda id_: self._kept[id_].stat().st_mtime, default=next(iter(self._cases)))
        self.case.value = newest

    def _last_played(self, case: str) -> Path | None:
        """The session of a case that was played last in this folder, if there is one."""
        path = self.folder / f"{case}-{latest_seed(self.folder, case, self.seed)}.session.jsonl"
        return path if path.is_file() else None

    def _begun(self) -> dict[str, str]:
        """The cases that have been begun here."""
        return dict.fromkeys(self._kept, _("begun"))

    def _play(self) -> None:
        """Offer the cases that fit the way of playing: who is asked needs a desk, who asks a State to ask."""
        fitting = {
            "": self._cases,
            "requested": {id_: c for id_, c in self._cases.items() if _case(c).incoming},
            "requesting": {id_: c for id_, c in self._cases.items() if self._partners(c)},
        }[self.way.value]
        self.case.offer(fitting, self._begun())
        self._describe()

    def _partners(self, scenario: Scenario) -> list[tuple[str, str]]:
        """States that a case asks and that another team can play: some case with a desk is theirs."""
        desks = {_case(c).role.jurisdiction for c in self._cases.values() if _case(c).incoming}
        asked = {item.at for item in _case(scenario).evidence.values()} - {_case(scenario).role.jurisdiction}
        return [(scenario.jurisdictions[state].title, state) for state in sorted(asked & desks)]

    def _describe(self) -> None:
        scenario = self._cases[self.case.value]
        record = _case(scenario)
        shown(self.two, bool(self.way.value))
        shown(self.partner, self.way.value == "requesting")
        self.partner.options = self._partners(scenario) or [("–", "")]
        content = f"<p><b>{escape(_('Before you begin.'))}</b> {escape(record.content_note)}</p>"
        role = _("You are: {role}.").format(role=record.role.title)
        kept = ""
        if not self.way.value and self.case.value in self._kept:
            words_ = _("You have begun this case; it goes on where you were. To begin anew: “Start again”, inside.")
            kept = f"<p class='mark' role='status'>{escape(words_)}</p>"
        body = f"{panels.paragraphs(record.about)}<p>{escape(role)}</p>{content}"
        self.about.value = panels.wrap(kept + body)

    def enter(self) -> None:
        """Open the seat in place of the door; what keeps one out is said beside it."""
        if self.shared and not self.seat.value.strip():
            self._refuse(_("Write your name, or that of your table, at the top of this page."))
            self.seat.focus()
            return
        try:
            shared = self._shared()
            folder, notices = self._seat() if self.shared else (self.folder, [])
        except MlasimError as error:
            if isinstance(error, seats.SeatClosedError):
                self.code.layout.display = ""
                self.code.focus()
            self._refuse(str(error))
            return
        scenario = self._cases[self.case.value]
        seed = self.seed if folder is None or shared is not None else latest_seed(folder, scenario.id, self.seed)
        level: Level = self.level.value
        seat = open_case(scenario, seed=seed, folder=folder, language=self.language, shared=shared, level=level)
        if self.shared and shared is None:
            notices = [*notices, _address_of(names.spelled(self.seat.value), scenario.id)]
        after = [_way_back(names.spelled(self.seat.value))] if self.shared else []
        put(self.view, [widgets.VBox([*notices, seat, *after]) if notices or after else seat])

    def _refuse(self, words: str) -> None:
        """Say beside the door what keeps one out."""
        self.note.value = panels.wrap(f"<p class='mark' role='alert'>{escape(words)}</p>")

    def _seat(self) -> tuple[Path | None, list[widgets.Widget]]:
        """Where the seat's sessions are kept, if they can be, and what its owner has to be told.

        Raises `UsageError` and what `seats.take` does of a seat that is not open.
        """
        name = names.spelled(self.seat.value)
        try:
            seat = seats.take(self.folder, name, os.environ.get(seats.BROWSER, ""), self.code.value)
            notices = [code_notice(seat)] if seat.code else []
            if seats.open_elsewhere(seat.folder):
                words = _("This seat is open in another window too. Go on in one of them, and close the other.")
                notices.append(_notice("alert", words))
        except OSError as error:
            words = _("The folder of this seat cannot be written: {why}. The play goes on, unsaved.")
            return None, [_notice("alert", words.format(why=error.strerror or error))]
        return seat.folder, notices

    def _shared(self) -> Shared | None:
        """How two teams play, if they do. Raises `UsageError` if it cannot be done."""
        if not self.way.value:
            return None
        where = self.post.value.strip()
        if not where:
            wanted = (
                say("Write a name for the game.") if self.shared else say("Name a folder that both teams can reach.")
            )
            raise UsageError(wanted)
        folder = seats.game_folder(self.folder, where) if self.shared else Path(where)
        return Shared(folder, self.way.value, self.partner.value or "")


def code_notice(seat: seats.Seat) -> widgets.VBox:
    """A seat's code, shown to its owner until they say that it is noted."""
    head = _("The code of this seat: {code}").format(code=codes.shown(seat.code))
    advice = _(
        "Note it down. With it you open your seat in another browser or on another computer, and nobody else does."
    )
    said = text()
    said.value = panels.wrap(f"<p role='status'><b>{escape(head)}</b><br>{escape(advice)}</p>")
    done = button(_("I have noted it"), _("Show this code no more"))
    notice = widgets.VBox([said, done])
    notice.add_class("mla-notice")

    def close(_button: widgets.Button) -> None:
        try:
            seats.noted(seat.folder)
        except (MlasimError, OSError) as error:  # it is shown once more at the next opening
            logger.warning("%s: %s", seat.folder, error)
        notice.layout.display = "none"

    done.on_click(close)
    return notice


def _address_of(seat: str, case: str) -> widgets.HTML:
    """Tells the page the address of what it shows, so that loading it anew leads back there."""
    where = f"?{urlencode({'seat': seat, 'case': case})}"
    return widgets.HTML(f"<span hidden data-mlasim-address='{escape(where)}'></span>")


def _way_back(seat: str) -> widgets.HTML:
    """Leads back to the door, where the seat's name is written already."""
    link = f"<a href='?{urlencode({'seat': seat})}'>{escape(_('Another case'))}</a>"
    said = widgets.HTML(layout=widgets.Layout(margin="0 14px"))
    said.value = panels.wrap(f"<p>{link} · <span class='quiet'>{escape(_('this one is kept as it stands'))}</span></p>")
    return said


def _welcome() -> str:
    """What this is, in a sentence."""
    says = _(
        "A simulator for cross-border cooperation against trafficking in persons: a prosecutor here needs evidence, a "
        "witness or protection there, and time runs. You decide; afterwards you see what came of it, and why."
    )
    return f"<div class='head'><h2>mlasim</h2></div><p>{escape(says)}</p>"


def _notice(role: str, words: str) -> widgets.HTML:
    said = text()
    said.value = panels.wrap(f"<p class='mark' role='{role}'>{escape(words)}</p>")
    return said


def _case(scenario: Scenario) -> Case:
    """The case that is offered: worlds are not."""
    assert scenario.case is not None
    return scenario.case


def _hardness(case: Case) -> tuple[int, int]:
    """Where a case stands among the others: the easier first, and of those the shorter."""
    return list(DIFFICULTIES).index(case.difficulty), case.minutes


def _address() -> dict[str, str]:
    """What the address of the page asks for, where a server says so. Only names that are harmless are taken."""
    try:
        found = parse_qs(os.environ.get("QUERY_STRING", ""), max_num_fields=20)
    except ValueError as error:
        logger.warning("the address of the page cannot be read: %s", error)
        return {}
    return {name: values[0] for name, values in found.items() if name in ("seat", "case")}
