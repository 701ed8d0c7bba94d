"""A letter of request as a document, in the order of UNTOC art. 18(15), from what the trainee picked and wrote.

What was left out stays out: the document is as thin as the draft. Reference numbers, officials and accounts are
invented (Faker, seeded by the play); no telephone number, account or address can be anybody's: numbers carry the
country code 999 and accounts begin with XX, neither of which is assigned, and mail ends in ``.example`` (RFC 2606).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sim.case.run import CaseRun
from sim.i18n import _, language_name, marked
from sim.law import ProvisionAnswer, legal_bases, provision_for
from sim.law.drafting import OFFENCE, material_for
from sim.law.terms import offence_in_words, written_out
from sim.model.actions import SendRequest
from sim.model.drafting import Draft, Material
from sim.model.reading import read
from sim.model.roles import Role

if TYPE_CHECKING:
    from faker import Faker

RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@dataclass(frozen=True)
class Section:
    """A part of the letter."""

    key: str
    heading: str
    paragraphs: tuple[str, ...]
    provision: ProvisionAnswer | None = None
    """What asks for it under the instrument that the letter names."""


@dataclass(frozen=True)
class Letter:
    """A letter of request, ready to be written out."""

    id: str
    title: str
    labels: str
    """Language of the headings."""
    labels_missing: bool
    """Whether the language asked for has no headings, so that they are English."""
    head: tuple[tuple[str, str], ...]
    """Lines above the text: label and value."""
    sections: tuple[Section, ...]
    signature: tuple[str, ...]

    @property
    def right_to_left(self) -> bool:
        """Whether its headings are written from right to left."""
        return self.labels in RIGHT_TO_LEFT


def filled(run: CaseRun, text: str, *, seed: int) -> str:
    """An author's text with invented numbers in place of ``{iban}``, ``{phone}``, ``{account}``, ``{reference}``: the
    same as will stand in the letter."""
    return _filled(text, run.case.id, seed)


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


def letter_of(run: CaseRun, spec: SendRequest, *, seed: int, labels: str = "en") -> Letter:
    """The letter that a request is, dated now. ``labels`` is the language of its headings."""
    known = _labels()
    words = known.get(labels, known["en"])
    writer = _Writer(run, spec, seed)
    found = ((key, writer.part(key), role) for key, role in ORDER)
    sections = tuple(
        Section(key, words[key], tuple(lines), writer.provision(role) if role is not None else None)
        for key, lines, role in found
        if lines
    )
    head = (
        (words["to"], writer.addressee()),
        (words["from"], writer.sender()),
        (words["reference"], writer.reference()),
        (words["date"], _written_out(run.moment(run.now))),
    )
    official = writer.invented(run.home)
    return Letter(
        spec.id,
        words["title"],
        labels if labels in known else "en",
        labels not in known,
        head,
        sections,
        (official.name(), run.case.role.title),
    )


ORDER: tuple[tuple[str, Role | None], ...] = (
    ("legal-basis", "which-basis"),
    ("authority", "content-authority"),
    ("nature", "content-nature"),
    ("facts", "content-facts"),
    ("assistance", "content-assistance"),
    ("formalities", "content-formalities"),
    ("persons", "content-persons"),
    ("purpose", "content-purpose"),
    ("urgency", "content-urgency"),
    ("confidential", "confidentiality"),
    ("language", "language"),
    ("annexes", None),
    ("notes", None),
)
"""Parts in the order of UNTOC art. 18(15), and the role of the provision that asks for each."""


class _Writer:
    """Writes the parts of one letter; a part that the trainee left out is empty."""

    def __init__(self, run: CaseRun, spec: SendRequest, seed: int):
        self.run, self.spec, self.seed = run, spec, seed
        self.draft: Draft = spec.draft or Draft()
        titles = {id_: run.case.evidence[id_].title for id_ in spec.evidence if id_ in run.case.evidence}
        self.titles = titles
        self.material: Material = material_for(run.case.drafting, titles)

    def invented(self, state: str) -> Faker:
        """A source of invented people and numbers for a State, the same in every replay of the play."""
        from faker import Faker

        source = Faker(self.run.scenario.jurisdictions[state].faker_locale)
        source.seed_instance(self._number(state))
        return source

    def _number(self, *what: str) -> int:
        return _number(self.seed, self.run.case.id, *what)

    def addressee(self) -> str:
        state = self.run.scenario.jurisdictions[self.spec.to].title
        if self.spec.authority == "guessed":
            return _("The competent authority, {state}").format(state=state)
        return _("Central authority of {state}").format(state=state)

    def sender(self) -> str:
        return f"{self.run.case.role.title}, {self.run.scenario.jurisdictions[self.run.home].title}"

    def reference(self) -> str:
        return f"{self.run.home.upper()}-{self._number('reference') % 9000 + 1000}/{self.spec.id}"

    def provision(self, role: Role) -> ProvisionAnswer:
        """The provision that plays a role under the instrument the letter names."""
        return provision_for(
            self.run.scenario,
            role,
            requesting=self.run.home,
            requested=self.spec.to,
            measure=self.spec.measures[0],
            instrument=self.spec.instrument,
            offence=self.run.case.offence,
        )

    def part(self, key: str) -> list[str]:
        """A part's paragraphs, the trainee's own words last."""
        own = next((words for section, words in self.draft.words.items() if section == key), None)
        made = getattr(self, f"_{key.replace('-', '_')}")()
        return [*made, *([own] if own else [])]

    def _legal_basis(self) -> list[str]:
        scenario, spec = self.run.scenario, self.spec
        record = scenario.instrument(spec.instrument)
        bases = legal_bases(
            scenario,
            requesting=self.run.home,
            requested=spec.to,
            measure=spec.measures[0],
            offence=self.run.case.offence,
        )
        reasons = [node for basis in bases if basis.id == spec.instrument for node in basis.reason.walk()]
        cited = next((node.citation for node in reasons if node.citation), "")
        return [f"{record.title}{f' ({cited})' if cited else ''}"]

    def _authority(self) -> list[str]:
        lines = [self.sender()]
        if self.draft.contact:
            person = self.invented(self.run.home)
            number = f"+999 {self._number('phone') % 10**8:08d}"
            mail = f"office-{self._number('mail') % 900 + 100}@{self.run.home}.example"
            words = _("Contact: {name}, {number}, {mail}")
            lines.append(words.format(name=_name(person), number=number, mail=mail))
        return lines

    def _nature(self) -> list[str]:
        offence = offence_in_words(self.run.case.offence)
        if self.draft.nature == "nothing":
            return []
        trial = self.run.case.proceedings == "trial"
        if self.draft.nature == "the offence only":
            only = _("Criminal trial for {offence}.") if trial else _("Criminal investigation into {offence}.")
            return [only.format(offence=offence)]
        stage = _(
            "Criminal investigation into {offence}, at the stage of investigation, before any indictment. {provisions}"
        )
        if trial:
            stage = _("Criminal trial for {offence}, before the trial court. {provisions}")
        return [stage.format(offence=offence, provisions=self._annexed())]

    def _annexed(self) -> str:
        """Where the offence stands in the law of the requesting State, and what that law follows."""
        home = self.run.scenario.jurisdictions[self.run.home].title
        definition, criminal = (self._at_home(role) for role in ("definition", "criminalisation"))
        if not definition.reference:
            words = _("The provisions of the criminal code of {state} on the offence are annexed.")
            return words.format(state=home)
        words = _(
            "The provisions of the criminal code of {state} on the offence are annexed; they follow {definition} and "
            "{criminalisation}."
        )
        return words.format(state=home, definition=definition.citation, criminalisation=criminal.citation)

    def _at_home(self, role: Role) -> ProvisionAnswer:
        scenario, offence = self.run.scenario, self.run.case.offence
        return provision_for(scenario, role, requesting=self.run.home, offence=offence)

    def _facts(self) -> list[str]:
        order = sorted(self.draft.facts, key=lambda id_: OFFENCE not in self._connects(id_))
        return [self._filled(self.material.facts[id_].text) for id_ in order if id_ in self.material.facts]

    def _connects(self, fact: str) -> tuple[str, ...]:
        return self.material.facts[fact].connects if fact in self.material.facts else ()

    def _assistance(self) -> list[str]:
        wanted = _(" and ").join(self.run.scenario.measure(name).title for name in self.spec.measures)
        lines = [f"{wanted}: {'; '.join(self.titles.values())}" if self.titles else wanted]
        lines += [self._filled(i.text) for id_ in self.draft.identifiers if (i := self.material.identifiers.get(id_))]
        period = self.material.periods.get(self.draft.period or "")
        return [*lines, *([self._filled(period.text)] if period is not None else [])]

    def _formalities(self) -> list[str]:
        words = _("To the extent not contrary to your law, the forms that our courts require are asked for.")
        return [words] if self.spec.formalities else []

    def _persons(self) -> list[str]:
        lines = [*self._child()]
        for place, (id_, how) in enumerate(self.draft.persons.items()):
            person = self.material.persons.get(id_)
            if person is None:
                continue
            if how == "without a name":
                letter = chr(ord("A") + place % 26)
                lines.append(_("Person {letter}: {who}").format(letter=letter, who=person.text))
            else:
                home = self.run.case.people[person.person].at if person.person in self.run.case.people else self.spec.to
                source = self.invented(home)
                source.seed_instance(self._number("person", id_))
                born = [self._born(id_, one) for one in range(person.count)]
                one = _("{name}, born {day}")
                named = _(" and ").join(one.format(name=_name(source), day=_written_out(day)) for day in born)
                lines.append(f"{named}: {person.text}")
        return lines

    def _child(self) -> list[str]:
        """That somebody to be heard is a child, and what is asked for them."""
        if not self.spec.child:
            return []
        words = _(
            "A child is to be heard. Their best interests come first. Please appoint a guardian or representative if "
            "they have none, have them heard by a trained person in suitable premises, as few times as possible and by "
            "the same person, and record the hearing so that it need not be repeated."
        )
        asked = self.provision("child-interview")
        if asked.standing not in ("basis", "beside"):
            return [words]
        return [f"{words} ({asked.citation})"]

    def _born(self, person: str, one: int) -> datetime:
        """An invented birthday, twenty to sixty years before the story begins."""
        years = 20 * 365 + self._number("born", person, str(one)) % (40 * 365)
        return self.run.moment(self.run.start) - timedelta(days=years)

    def _purpose(self) -> list[str]:
        if self.draft.purpose == "nothing":
            return []
        if self.draft.purpose == "this case and any other":
            return [_("The evidence is sought for this investigation and any other proceedings.")]
        if self.run.case.proceedings == "trial":
            trial = _(
                "The evidence is sought for this trial and any appeal in it, and will be used for nothing else without "
                "your consent."
            )
            return [trial]
        words = _(
            "The evidence is sought for this investigation and the trial that may follow, and will be used for nothing "
            "else without your consent."
        )
        return [words]

    def _urgency(self) -> list[str]:
        if self.spec.urgent == "no":
            return []
        clock = self.run.case.deadlines.get(self.draft.deadline or "")
        if clock is None:
            return [_("URGENT")]
        due: datetime = self.run.moment(self.run.deadline(self.draft.deadline or ""))
        words = _("A reply is asked for before {day}, because of: {reason}.")
        return [words.format(day=_written_out(due), reason=clock.title)]

    def _confidential(self) -> list[str]:
        words = _("The fact and substance of this request are to be kept confidential.")
        return [words] if self.spec.confidential else []

    def _language(self) -> list[str]:
        own = self.run.scenario.jurisdictions[self.run.home].languages
        if self.spec.language in own:
            return [_("This request is written in {language}.").format(language=language_name(self.spec.language))]
        tongue = language_name(self.spec.language)
        words = _("This request is accompanied by a translation into {language} ({how}).")
        return [words.format(language=tongue, how=_(_TRANSLATIONS[self.spec.translation]))]

    def _annexes(self) -> list[str]:
        return [f"{place}. {name}" for place, name in enumerate(self.draft.annexes, 1)]

    def _notes(self) -> list[str]:
        return [_("This letter confirms a request made by word of mouth.")] if self.spec.oral else []

    def _filled(self, text: str) -> str:
        return _filled(text, self.run.case.id, self.seed)


_TRANSLATIONS = {
    "certified": marked("certified"),
    "uncertified": marked("uncertified"),
    "machine": marked("machine"),
}


def _filled(text: str, case: str, seed: int) -> str:
    """Invented numbers for an author's placeholders; other braces stay as they are."""
    digits = f"{_number(seed, case, 'number', text) % 10**16:016d}"
    for name, value in (
        ("{iban}", f"XX00 {digits[:4]} {digits[4:8]} {digits[8:12]} {digits[12:]}"),
        ("{phone}", f"+999 {digits[:8]}"),
        ("{account}", digits[:10]),
        ("{reference}", f"{digits[:4]}/{digits[4:8]}"),
    ):
        text = text.replace(name, value)
    return " ".join(text.split())


def _number(seed: int, *what: str) -> int:
    key = "/".join((str(seed), *what))
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")


def _name(source: Faker) -> str:
    """An invented name without the titles that some locales put to it."""
    return f"{source.first_name()} {source.last_name()}"


def _written_out(day: datetime) -> str:
    return str(written_out(day.date()))
