"""What a letter of request says: each part and each single fact, from what the trainee picked and wrote.

What was left out stays out. Reference numbers, officials and accounts are invented (Faker, seeded by the play); no
telephone number, account or address can be anybody's: numbers carry the country code 999 and accounts begin with XX,
neither of which is assigned, and mail ends in ``.example`` (RFC 2606).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from sim.case.requests import PreservationRequest
from sim.case.run import CaseRun
from sim.i18n import _, language_name, many, marked
from sim.law import ProvisionAnswer, legal_bases, provision_for
from sim.law.drafting import OFFENCE, draft_as_scripted, material_for
from sim.law.forms import form_for, listed_offences
from sim.law.terms import offence_in_words, written_out
from sim.model.actions import SendRequest
from sim.model.drafting import NUMBERS, Draft, Material
from sim.model.form import Detail, Part, When
from sim.model.jurisdiction import CriminalProvision, Jurisdiction
from sim.model.prose import PLACEHOLDER
from sim.model.roles import Role
from sim.training.action_rules import VICTIMS
from sim.training.invented_names import named_person, names_of

if TYPE_CHECKING:
    from faker import Faker

LISTED_FROM_YEARS = 3
"""Maximum penalty from which the Union's lists of offences count: three years (Directive 2014/41/EU art. 11(1)(g))."""
_WITH_PROVISIONS = "offence and stage, with the provisions"
"""What a draft says of the proceedings where it says all."""


class LetterContents:
    """What one letter says; a part that was left out is empty. ``moment``: when it was sent; now, unless given."""

    def __init__(self, run: CaseRun, spec: SendRequest, seed: int, moment: int | None = None):
        self.run, self.spec, self.seed = run, spec, seed
        self.form = form_for(run.scenario, spec.instrument, spec.measures)
        self.moment = run.now if moment is None else moment
        self.day: datetime = run.moment(self.moment)
        titles = {id_: run.case.evidence[id_].title for id_ in spec.evidence if id_ in run.case.evidence}
        self.titles = titles
        self.material: Material = material_for(run.case.drafting, titles)
        self.victims = {id_ for id_, person in run.case.people.items() if person.role in VICTIMS}
        self.draft: Draft = spec.draft or draft_as_scripted(spec, self.material, self.victims)

    def invented(self, state: str) -> Faker:
        """A source of invented people and numbers for a State, the same in every replay of the play."""
        from faker import Faker

        source = Faker(self.run.scenario.jurisdictions[state].faker_locale)
        source.seed_instance(self._number(state))
        return source

    def _number(self, *what: str) -> int:
        return _number(self.seed, self.run.case.id, *what)

    def _requesting_state(self) -> list[str]:
        return [self.home.title]

    def _requested_state(self) -> list[str]:
        return [self.run.scenario.jurisdictions[self.spec.to].title]

    def _issuing_authority(self) -> list[str]:
        return [self.sender()]

    def _addressee(self) -> list[str]:
        return [self.addressee()]

    def _reference(self) -> list[str]:
        return [self.reference()]

    def _date(self) -> list[str]:
        return [_written_out(self.day)]

    def _official_name(self) -> list[str]:
        return [self.invented(self.run.home).name()]

    def _official_post(self) -> list[str]:
        return [self.run.case.role.title]

    def _languages_of_authority(self) -> list[str]:
        return [", ".join(language_name(code) for code in self.home.languages)]

    def _instrument(self) -> list[str]:
        return [self.run.scenario.instrument(self.spec.instrument).title] if self.spec.instrument else []

    def addressee(self) -> str:
        state = self.run.scenario.jurisdictions[self.spec.to].title
        if self.form.addressed_to == "provider" and self.titles:
            return ", ".join(self.holders())
        if self.spec.authority == "guessed":
            return _("The competent authority, {state}").format(state=state)
        if self.form.addressed_to == "executing authority":
            return _("Executing authority of {state}").format(state=state)
        return _("Central authority of {state}").format(state=state)

    def sender(self) -> str:
        return f"{self.run.case.role.title}, {self.home.title}"

    def reference(self, id_: str = "") -> str:
        """The reference of this letter, or of a preservation that was asked for in the same proceedings."""
        if id_:
            asked = [name for name, one in self.run.requests.items() if isinstance(one, PreservationRequest)]
            number = f"P{asked.index(id_) + 1}"
        else:
            sent = [letter.id for letter in self.run.letters]
            number = str((sent.index(self.spec.id) if self.spec.id in sent else len(sent)) + 1)
        return f"{self.run.home.upper()}-{self._number('reference') % 9000 + 1000}/{number}"

    def holders(self) -> list[str]:
        """Who holds what is asked for."""
        return [*dict.fromkeys(self.run.case.evidence[id_].holder for id_ in self.titles)]

    def preservations(self) -> list[str]:
        """Preservations of what is asked for that were sent before and not refused: reference and day."""
        words = _("{reference} of {day}")
        return [
            words.format(reference=self.reference(id_), day=_written_out(self.run.moment(one.sent)))
            for id_, one in self.run.requests.items()
            if isinstance(one, PreservationRequest) and one.preserves in self.titles and one.sent <= self.moment
            if one.outcome is None or one.outcome.done
        ]

    @cached_property
    def home(self) -> Jurisdiction:
        """The requesting State."""
        return self.run.scenario.jurisdictions[self.run.home]

    @cached_property
    def criminal_law(self) -> CriminalProvision | None:
        """The requesting State's provision on the offence, where its profile has one and the letter annexes it."""
        annexed = self.draft.nature == _WITH_PROVISIONS or "provisions" in self.draft.annexes
        return self.home.criminal_law.get(self.run.case.offence) if annexed else None

    def provision(self, role: Role) -> ProvisionAnswer:
        """The provision that plays a role under the instrument the letter names."""
        return provision_for(
            self.run.scenario,
            role,
            requesting=self.run.home,
            requested=self.spec.to,
            measure=next(iter(self.spec.measures), None),
            instrument=self.spec.instrument or None,
            offence=self.run.case.offence,
        )

    def says(self, name: Part | Detail) -> list[str]:
        """The paragraphs of a part, the trainee's own words last; or what is known of a single fact."""
        made: list[str] = getattr(self, f"_{name.replace('-', '_')}")()
        return [*made, *self.own_words(name)]

    def own_words(self, name: str) -> list[str]:
        """What the trainee wrote for a part in words of their own."""
        return [words for section, words in self.draft.words.items() if section == name and words]

    def fits(self, when: When) -> bool:
        """Whether a box is ticked by rule."""
        case, spec = self.run.case, self.spec
        law = self.criminal_law
        return all(
            (
                not when.measures or set(when.measures) & set(spec.measures),
                not when.urgent or spec.urgent in when.urgent,
                not when.channels or spec.channel in when.channels,
                when.proceedings in (None, "criminal", case.proceedings),
                all(self.says(part) for part in when.states),
                when.penalty_from is None or (law is not None and law.maximum_penalty_years >= when.penalty_from),
                not when.contact or self.draft.contact,
                not when.listed or self.is_listed(case.offence),
            )
        )

    def is_listed(self, offence: str) -> bool:
        """Whether an offence is the letter's, and on its instrument's list with a penalty as high as that asks for."""
        if not self.spec.instrument:
            return False
        law = self.criminal_law
        listed = listed_offences(self.run.scenario.instrument(self.spec.instrument))
        enough = law is not None and law.maximum_penalty_years >= LISTED_FROM_YEARS
        return offence == self.run.case.offence and offence in listed and enough

    def _legal_basis(self) -> list[str]:
        scenario, spec = self.run.scenario, self.spec
        if not spec.instrument or not spec.measures:
            return self._instrument()
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
        words = _("Contact: {name}, {number}, {mail}")
        contact = [*self._contact_name(), *self._contact_telephone(), *self._contact_mail()]
        named = dict(zip(("name", "number", "mail"), contact, strict=False))
        return [self.sender(), *([words.format(**named)] if contact else [])]

    def _contact_name(self) -> list[str]:
        return [named_person(self.invented(self.run.home))] if self.draft.contact else []

    def _contact_telephone(self) -> list[str]:
        return [f"+999 {self._number('phone') % 10**8:08d}"] if self.draft.contact else []

    def _contact_mail(self) -> list[str]:
        mail = f"office-{self._number('mail') % 900 + 100}@{self.run.home}.example"
        return [mail] if self.draft.contact else []

    def _nature(self) -> list[str]:
        offence = offence_in_words(self.run.case.offence)
        if self.draft.nature == "nothing":
            return []
        trial = self._at_trial
        if self.draft.nature == "the offence only":
            only = _("Criminal trial for {offence}.") if trial else _("Criminal investigation into {offence}.")
            return [only.format(offence=offence)]
        stage = _(
            "Criminal investigation into {offence}, at the stage of investigation, before any indictment. {provisions}"
        )
        if trial:
            stage = _("Criminal trial for {offence}, before the trial court. {provisions}")
        return [stage.format(offence=offence, provisions=self._annexed())]

    def _offence(self) -> list[str]:
        return [] if self.draft.nature == "nothing" else [str(offence_in_words(self.run.case.offence))]

    def _stage(self) -> list[str]:
        if self.draft.nature != _WITH_PROVISIONS:
            return []
        return [_("trial, before the trial court") if self._at_trial else _("investigation, before any indictment")]

    def _provision_of_offence(self) -> list[str]:
        return [self.criminal_law.article] if self.criminal_law is not None else []

    def _maximum_penalty(self) -> list[str]:
        if self.criminal_law is None:
            return []
        one, other = marked("imprisonment for up to {n} year"), "imprisonment for up to {n} years"
        return [many(one, other, self.criminal_law.maximum_penalty_years)]

    @property
    def _at_trial(self) -> bool:
        return self.run.case.proceedings == "trial"

    def _annexed(self) -> str:
        """Where the offence stands in the law of the requesting State, and what that law follows."""
        home = self.home.title
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
        wanted = _(" and ").join(self._measures())
        sought = ": ".join(filter(None, (wanted, "; ".join(self.titles.values()))))
        return [*([sought] if sought else []), *self._identifiers(), *self._period()]

    def _measures(self) -> list[str]:
        return [self.run.scenario.measure(name).title for name in self.spec.measures]

    def _evidence(self) -> list[str]:
        return [*self.titles.values()]

    def _holders(self) -> list[str]:
        return self.holders()

    def _identifiers(self) -> list[str]:
        known = self.material.identifiers
        return [self._filled(known[id_].text) for id_ in self.draft.identifiers if id_ in known]

    def _period(self) -> list[str]:
        period = self.material.periods.get(self.draft.period or "")
        return [] if period is None else [self._filled(period.text)]

    def _formalities(self) -> list[str]:
        words = _("To the extent not contrary to your law, the forms that our courts require are asked for.")
        return [words] if self.spec.formalities else []

    def _persons(self) -> list[str]:
        return [*self._child(), *self._mentioned(victims=True)]

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
        return [f"{words} ({asked.citation})" if asked.standing in ("basis", "beside") else words]

    def _persons_but_victims(self) -> list[str]:
        """For forms that ask whom a measure is directed against."""
        return self._mentioned(victims=False)

    def _mentioned(self, *, victims: bool) -> list[str]:
        lines = []
        for place, (id_, how) in enumerate(self.draft.persons.items()):
            person = self.material.persons.get(id_)
            if person is None or (person.person in self.victims and not victims):
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
                known = names_of(self.run.scenario, self.seed).get(person.person or "")  # as the story calls them
                named = _(" and ").join(
                    one.format(name=known or named_person(source), day=_written_out(day)) for day in born
                )
                lines.append(f"{named}: {person.text}")
        return lines

    def _born(self, person: str, one: int) -> datetime:
        """An invented birthday, twenty to sixty years before the story begins."""
        years = 20 * 365 + self._number("born", person, str(one)) % (40 * 365)
        return self.run.moment(self.run.start) - timedelta(days=years)

    def _purpose(self) -> list[str]:
        if self.draft.purpose == "nothing":
            return []
        if self.draft.purpose == "this case and any other":
            return [_("The evidence is sought for this investigation and any other proceedings.")]
        if self._at_trial:
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
        return self._deadline() or [_("URGENT")]

    def _deadline(self) -> list[str]:
        clock = self.run.case.deadlines.get(self.draft.deadline or "")
        if clock is None or self.spec.urgent == "no":
            return []
        due: datetime = self.run.moment(self.run.deadline(self.draft.deadline or ""))
        words = _("A reply is asked for before {day}, because of: {reason}.")
        return [words.format(day=_written_out(due), reason=clock.title)]

    def _confidential(self) -> list[str]:
        words = _("The fact and substance of this request are to be kept confidential.")
        return [words] if self.spec.confidential else []

    def _language(self) -> list[str]:
        if not self.spec.language:
            return []
        own = self.home.languages
        if self.spec.language in own:
            return [_("This request is written in {language}.").format(language=language_name(self.spec.language))]
        tongue = language_name(self.spec.language)
        words = _("This request is accompanied by a translation into {language} ({how}).")
        return [words.format(language=tongue, how=_(_TRANSLATIONS[self.spec.translation]))]

    def _annexes(self) -> list[str]:
        """What is enclosed, numbered: the provisions where their text is at hand, the rest by name."""
        named = {
            "provisions": _("Text of the offence and of the penalty, {state}").format(state=self.home.title),
            "court order": _("Court order: {measures}").format(measures=_(" and ").join(self._measures())),
            "translation": _("Translation into {language} ({how})").format(
                language=language_name(self.spec.language), how=_(_TRANSLATIONS[self.spec.translation])
            )
            if self.spec.language
            else _("Translation"),
        }
        enclosed = {*self.draft.annexes, *(["provisions"] if self.criminal_law is not None else [])}
        titles = [title for name, title in named.items() if name in enclosed]
        return [f"{place}. {title}" for place, title in enumerate(titles, 1)]

    def _notes(self) -> list[str]:
        return [_("This letter confirms a request made by word of mouth.")] if self.spec.oral else []

    def _filled(self, text: str) -> str:
        return _filled(text, self.run.case.id, self.seed)


def filled(run: CaseRun, text: str, *, seed: int) -> str:
    """An author's text with invented numbers in place of ``{iban}``, ``{phone}``, ``{account}``, ``{reference}``: the
    same as will stand in the letter."""
    return _filled(text, run.case.id, seed)


_TRANSLATIONS = {
    "certified": marked("certified"),
    "uncertified": marked("uncertified"),
    "machine": marked("machine"),
}


def _filled(text: str, case: str, seed: int) -> str:
    """Invented numbers for an author's placeholders; other braces stay as they are."""
    digits = f"{_number(seed, case, 'number', text) % 10**16:016d}"
    iban = f"XX00 {digits[:4]} {digits[4:8]} {digits[8:12]} {digits[12:]}"
    invented = dict(zip(NUMBERS, (iban, f"+999 {digits[:8]}", digits[:10], f"{digits[:4]}/{digits[4:8]}"), strict=True))
    text = PLACEHOLDER.sub(lambda found: invented.get(found[1], found[0]), text)
    return " ".join(text.split())


def _number(seed: int, *what: str) -> int:
    key = "/".join((str(seed), *what))
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")


def _written_out(day: datetime) -> str:
    return str(written_out(day.date()))
