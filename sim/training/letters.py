"""A letter of request as a document in the form that its instrument prescribes, or in the general one.

A form is data (`sim.model.form`); what stands in its fields is what the trainee picked and wrote
(`sim.training.letter_contents`). What a letter does not say is left blank, to be completed by hand, and counted. What
it says and the form has no field for is kept beside it, so that nothing is lost and nobody is told what the form does
not tell them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

from sim.case.actions import PROPOSED_BY
from sim.case.requests import LetterRequest, TeamProposal
from sim.case.run import CaseRun
from sim.errors import UsageError
from sim.i18n import _, marked, say
from sim.law import ProvisionAnswer, provision_for
from sim.law.forms import listed_offences
from sim.model.action import letter_among
from sim.model.actions import SendRequest
from sim.model.base import MARKS
from sim.model.form import IN_DETAIL, Box, FormField, FormSection, Part
from sim.model.offences import CATEGORIES, OFFENCES
from sim.model.problems import did_you_mean
from sim.model.reading import read
from sim.training.letter_contents import LetterContents

_STANDING = {
    "prescribed": marked("Form prescribed by the instrument: {where}"),
    "model": marked("Model, which nobody must use: {where}"),
}
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@dataclass(frozen=True)
class TickBox:
    """A box of a form."""

    words: str
    ticked: bool
    depth: int = 0
    """How many boxes it stands under."""


@dataclass(frozen=True)
class Entry:
    """A field of a form with what stands in it."""

    asks: str = ""
    """What it asks for; empty where the section's heading says so."""
    lines: tuple[str, ...] = ()
    """What the letter says."""
    boxes: tuple[TickBox, ...] = ()
    note: str = ""
    """What we say to it."""
    state: Literal["filled", "blank", "open", "words"] = "filled"
    """``blank``: to be completed by hand; ``open``: only where it applies; ``words``: it asks for nothing."""


@dataclass(frozen=True)
class Section:
    """A section of a form."""

    key: str
    """Its number, or the part of a letter that it is."""
    heading: str
    entries: tuple[Entry, ...]
    number: str = ""
    """What the form calls it by; nothing where the form has no such section."""
    provision: ProvisionAnswer | None = None
    """What asks for it under the instrument that the letter names."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What the letter says in it."""
        return tuple(line for entry in self.entries for line in entry.lines if entry.state != "words")


@dataclass(frozen=True)
class Annex:
    """What is annexed: a title, its text, and what a reader must know about it."""

    title: str
    lines: tuple[str, ...]
    note: str = ""
    number: int = 1
    """Its place on the list of annexes."""


@dataclass(frozen=True)
class Letter:
    """A letter of request, ready to be written out."""

    id: str
    title: str
    form: str
    """What form it has, and where that is to be found."""
    reading: str
    """Whether the form's wording was held against the text, in words."""
    labels: str
    """Language of the headings."""
    labels_missing: bool
    """Whether there are no headings in the language asked for, so that they are in another."""
    head: tuple[tuple[str, str], ...]
    """Lines above the text: label and value."""
    opening: str
    sections: tuple[Section, ...]
    signature: tuple[str, ...]
    """Lines below the text; none where the form has fields for it."""
    annexes: tuple[Annex, ...] = ()
    beside: tuple[Section, ...] = ()
    """What the drafter says and the form has no field for: it stays in the file, and goes to nobody with the form."""

    @property
    def right_to_left(self) -> bool:
        """Whether its headings are written from right to left."""
        return self.labels in RIGHT_TO_LEFT

    @property
    def blanks(self) -> int:
        """How many fields are still to be completed by hand."""
        return self._count("blank")

    @property
    def where_applicable(self) -> int:
        """How many fields are empty that are to be completed only where they apply."""
        return self._count("open")

    def _count(self, state: str) -> int:
        return sum(entry.state == state for section in self.sections for entry in section.entries)


def label_languages() -> dict[str, str]:
    """Languages that have headings: code and the language's own name."""
    return {code: words["name"] for code, words in _labels().items()}


@lru_cache(maxsize=1)
def _labels() -> dict[str, dict[str, str]]:
    text = (files("sim.training") / "letter_labels.yaml").read_text(encoding="utf-8")
    document = read(text, "letter_labels.yaml")
    if document.data is None or document.problems:
        raise AssertionError(f"letter_labels.yaml: {document.problems}")
    labels: dict[str, dict[str, str]] = document.data
    return labels


def letter_of(run: CaseRun, spec: SendRequest, *, seed: int, labels: str = "en", moment: int | None = None) -> Letter:
    """The letter that a request is, dated now or at another moment of the story. ``labels`` is the language of its
    headings, where the form has none of its own. Raises `LawError` for an instrument that is not there."""
    known = _labels()
    contents = LetterContents(run, spec, seed, moment)
    form = contents.form
    own = any(section.heading is not None for section in form.sections)
    language = form.language if own else labels if labels in known else "en"
    words = known.get(language, known["en"])
    filling = _Filling(contents, words)
    return Letter(
        id=spec.id,
        title=form.title if own else words["title"],
        form=_(_STANDING[form.standing]).format(where=form.stands_in),
        reading=_(MARKS["read against the text" if form.read else "from memory, unchecked"]),
        labels=language,
        labels_missing=labels != language,
        head=tuple(filling.head()),
        opening=form.opening,
        sections=tuple(filling.sections()),
        signature=() if own else (*contents.says("official-name"), *contents.says("official-post")),
        annexes=tuple(_annexes(contents)),
        beside=tuple(filling.beside()),
    )


def letters_in(run: CaseRun) -> dict[str, tuple[SendRequest, int]]:
    """The letters of a play by name, each with the moment at which it was sent, and proposals of a joint team. Those
    that an author scripted and that were not sent follow, as the option that goes by the book has them, with the moment
    at which the story begins."""
    found: dict[str, tuple[SendRequest, int]] = {}
    for id_, one in run.requests.items():
        if isinstance(one, LetterRequest):
            found[id_] = one.spec, one.sent
        elif isinstance(one, TeamProposal) and (proposed := _proposal(run, one)) is not None:
            found[id_] = proposed, one.sent
    for decision in run.case.decisions.values():
        by_the_book = decision.options[decision.option_of("textbook")]
        for option in (by_the_book, *decision.options.values()):
            scripted = letter_among(option.do)
            if scripted is not None:
                found.setdefault(scripted.id, (scripted, run.start))
    return found


def _proposal(run: CaseRun, proposal: TeamProposal) -> SendRequest | None:
    """The proposal of a joint team as the letter that it is; none where it rests on no instrument."""
    home = run.home
    basis = provision_for(run.scenario, "joint-team", requesting=home, requested=proposal.joins, measure=_TEAM)
    if not basis.reference:
        return None
    return SendRequest(
        id=proposal.id,
        to=proposal.joins,
        measures=(_TEAM,),
        instrument=basis.reference.partition(" ")[0],
        channel=PROPOSED_BY,
        language=run.scenario.jurisdictions[home].languages[0],
    )


_TEAM = "joint-investigation"
"""The measure that a joint team is."""


def letter_called(run: CaseRun, name: str) -> tuple[SendRequest, int]:
    """A letter by its name, with the moment at which it was sent. Raises `UsageError` if there is none."""
    known = letters_in(run)
    if name not in known:
        raise UsageError(say("there is no letter {name!r} — {hint}", name=name[:60], hint=did_you_mean(name, known)))
    return known[name]


class _Filling:
    """Fills a form with what a letter says."""

    def __init__(self, contents: LetterContents, words: dict[str, str]):
        self.contents, self.form, self.words = contents, contents.form, words

    def head(self) -> Iterator[tuple[str, str]]:
        """Whom from, whom to, when, on what basis, and in which language."""
        for name in ("addressee", "issuing-authority", "reference", "date"):
            label = {"addressee": "to", "issuing-authority": "from"}.get(name, name)
            yield self.words[label], "; ".join(self.contents.says(name))
        if self.form.addressed_to != "provider":  # whose certificate says of earlier orders what it is to know
            for label, said in (("holder", self.contents.holders()), ("preservation", self.contents.preservations())):
                if said:
                    yield self.words[label], "; ".join(said)
        for part in _SAID_AT_THE_HEAD:
            if not self._has_place_for(part):
                yield self.words[part], "; ".join(self.contents.says(part))

    def sections(self) -> Iterator[Section]:
        """The form's sections in its order."""
        place = 0
        for section in self.form.sections:
            entries = tuple(self._entries(section))
            if section.only_if_used and not any(entry.state == "filled" for entry in entries):
                continue
            place += 1
            heading = section.heading if section.heading is not None else self.words[str(section.part)]
            provision = self.contents.provision(section.role) if section.role is not None else None
            number = section.number or str(place)
            yield Section(str(section.part or number), heading, entries, number, provision)

    def beside(self) -> Iterator[Section]:
        """What the letter says and the form has no field for."""
        for part in get_args(Part):
            if part in self.form.shown or part in _SAID_AT_THE_HEAD:
                continue
            # Where single facts of a part have places, what is left of it is what the drafter wrote.
            lines = self.contents.own_words(part) if self._has_place_for(part) else self.contents.says(part)
            if lines:
                yield Section(part, self.words[part], (Entry(lines=tuple(lines)),))

    def _has_place_for(self, part: Part) -> bool:
        details = IN_DETAIL.get(part)
        return part in self.form.shown or (details is not None and details <= self.form.shown)

    def _entries(self, section: FormSection) -> Iterator[Entry]:
        if section.part is not None:
            lines = tuple(self.contents.says(section.part))
            yield Entry(lines=lines, state="filled" if lines else "blank")
        for field in section.fields:
            yield self._entry(field)

    def _entry(self, field: FormField) -> Entry:
        if field.says is not None:
            return Entry(lines=(field.says,), state="words")
        lines = tuple(self._lines(field))
        boxes = tuple(self._boxes(field))
        asked = not field.only_for or bool({*field.only_for} & {*self.contents.spec.measures})
        if lines or any(box.ticked for box in boxes):
            state: Literal["filled", "blank", "open"] = "filled"
        else:
            state = "open" if field.where_applicable or not asked else "blank"
        return Entry(field.asks or "", lines, boxes, field.note, state)

    def _lines(self, field: FormField) -> list[str]:
        if field.only_for and not {*field.only_for} & {*self.contents.spec.measures}:
            return []
        return [line for name in field.gives for line in self.contents.says(name)]

    def _boxes(self, field: FormField) -> Iterable[TickBox]:
        if field.boxes != "listed offences":
            return self._ticked(field.boxes, 0)
        names = listed_offences(self.contents.run.scenario.instrument(self.contents.spec.instrument))
        in_order = [name for name in CATEGORIES if name in names] + [name for name in names if name not in CATEGORIES]
        ticked: dict[str, bool] = {}
        for name in in_order:
            words = _(CATEGORIES.get(name) or OFFENCES.get(name) or name)
            ticked[words] = ticked.get(words, False) or self.contents.is_listed(name)
        return (TickBox(words, by_rule) for words, by_rule in ticked.items())

    def _ticked(self, boxes: Iterable[Box], depth: int) -> Iterator[TickBox]:
        for box in boxes:
            inside = [*self._ticked(box.boxes, depth + 1)]
            by_rule = box.when is not None and self.contents.fits(box.when)
            yield TickBox(box.says, by_rule or any(one.ticked for one in inside), depth)
            yield from inside


_SAID_AT_THE_HEAD: tuple[Part, ...] = ("legal-basis", "language")
"""Parts that stand above the text where the form has no field for them."""


def _annexes(contents: LetterContents) -> Iterator[Annex]:
    """What goes with the letter that is text: the offence and its penalty, in the law of the requesting State."""
    law = contents.criminal_law
    if law is None:
        return
    origins = contents.home.origins
    origin = origins.get("criminal law") or origins["all"]
    note = _("{mark}: {source}").format(mark=_(MARKS[origin.mark]), source=origin.source)
    lines = (law.article, law.says, *contents.says("maximum-penalty"))
    yield Annex(_("Text of the offence and of the penalty"), lines, note, number=1)  # it is the first on the list
