"""Ids inside a case that nothing in the case has."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from sim.i18n import NOTHING, say
from sim.model.actions import ProposeTeam, SendRequest
from sim.model.base import Finding
from sim.model.data import Path
from sim.model.drafting import NUMBERS
from sim.model.events import EVENTS
from sim.model.problems import did_you_mean, named
from sim.model.prose import PLACEHOLDER, texts_of

if TYPE_CHECKING:
    from sim.model.action import Action
    from sim.model.case import Case, Inject, Option
    from sim.model.conditions import Circumstances, Moment

_WITHOUT_NAMES = ("title", "about", "holder")
"""Texts that are read before there is a play, or beside it; in them braces are braces."""
_NAMED = (
    ("evidence", "evidence"),
    ("people", "person"),
    ("requests", "request"),
    ("found", "service"),
    ("incoming", "incoming"),
)


def owners_of_actions(case: Case) -> Iterator[tuple[Path, Option | Inject]]:
    """Everything in a case that may set actions in motion, with its place."""
    for name, decision in case.decisions.items():
        for key, option in decision.options.items():
            yield ("decisions", name, "options", key), option
    for name, inject in case.injects.items():
        yield ("injects", name), inject


def dangling(case: Case) -> Iterator[Finding]:
    """Every id inside the case that nothing in it has."""
    inside = _Inside(case)
    for name, item in case.evidence.items():
        for field in ("person", "reaches"):
            if (person := getattr(item, field)) is not None:
                yield from inside.unless_known("person", person, ("evidence", name, field))
    for field in ("decisions", "injects"):
        for name, owner in getattr(case, field).items():
            yield from inside.moment(owner.when, (field, name, "when"))
            yield from inside.circumstances(owner.only_if, (field, name, "only if"))
    for at, owner in owners_of_actions(case):
        for place, action in enumerate(owner.do):
            yield from inside.action(action, (*at, "do", place, action.kind.key))
    yield from inside.material()
    yield from inside.placeholders()
    for field in ("decisions", "injects"):
        for name, owner in getattr(case, field).items():
            if owner.for_ is not None:
                yield from inside.unless_known("role at the table", owner.for_, (field, name, "for"), case.team)
    for name, inject in case.injects.items():
        for person in inject.wellbeing:
            yield from inside.unless_known("person", person, ("injects", name, "wellbeing", person))
    for name, ending in case.endings.items():
        yield from inside.circumstances(ending.if_, ("endings", name, "if"))


class _Inside:
    """What a case has, by kind of thing."""

    def __init__(self, case: Case):
        self.case = case
        # What is called by a name of the author's own, which no list of the library has.
        done = [action.content for _, owner in owners_of_actions(case) for action in owner.do]
        self.known: dict[str, Collection[str]] = {
            "evidence": case.evidence,
            "incoming": case.incoming,
            "person": case.people,
            "request": {
                *(content.id for content in done if isinstance(content, SendRequest)),
                *(one.proposal_to(state) for one in done if isinstance(one, ProposeTeam) for state in one.members),
            },
            "decision": case.decisions,
            "deadline": case.deadlines,
            "service": {service for content in done for service in content.ids("service")},
            "team": {"team"},
        }

    def unless_known(self, kind: str, name: str, at: Path, known: Collection[str] | None = None) -> Iterator[Finding]:
        known = self.known[kind] if known is None else known
        if name not in known:
            otherwise = NOTHING if known else say("the case has no {kind} at all", kind=named(kind))
            message = say("there is no {kind} {name!r} in this case", kind=named(kind), name=name)
            yield Finding("R301", message, did_you_mean(name, known, otherwise), at)

    def moment(self, moment: Moment, at: Path) -> Iterator[Finding]:
        if moment.of is None or moment.event is None:
            return
        subject = EVENTS[moment.event].subject
        if subject in self.known:  # States are no part of a case: `sim.model.references` looks them up
            yield from self.unless_known(subject, moment.of, (*at, "of"))

    def circumstances(self, what: Circumstances | None, at: Path) -> Iterator[Finding]:
        if what is None:
            return
        for field, kind in _NAMED:
            for name in getattr(what, field):
                yield from self.unless_known(kind, name, (*at, field, name))
        for name, options in what.chosen.items():
            yield from self.unless_known("decision", name, (*at, "chosen", name))
            if name in self.case.decisions:
                known = self.case.decisions[name].options
                for option in (options,) if isinstance(options, str) else options:
                    yield from self.unless_known("option", option, (*at, "chosen", name), known)
        for field in ("passed", "not_passed"):
            for place, name in enumerate(getattr(what, field)):
                yield from self.unless_known("deadline", name, (*at, field.replace("_", " "), place))

    def placeholders(self) -> Iterator[Finding]:
        """Braces in texts: numbers in what letters are drafted from, and people whose gender is said elsewhere."""
        people = {id_ for id_, person in self.case.people.items() if person.gender is not None}
        for path, text in texts_of(self.case):
            if path[-1] in _WITHOUT_NAMES:
                continue
            known = NUMBERS if path[:1] == ("drafting",) else people
            for name in PLACEHOLDER.findall(text):
                if name not in known:
                    words = say("{placeholder} stands for nothing here", placeholder=f"{{{name}}}")
                    otherwise = say(
                        "write the id of a person whose gender stands in people; numbers "
                        "(iban, phone, account, reference) are invented in drafting alone"
                    )
                    yield Finding("R301", words, did_you_mean(name, known, otherwise), path)

    def material(self) -> Iterator[Finding]:
        drafting = self.case.drafting
        for field, of in (("facts", "connects"), ("identifiers", "of"), ("periods", "of"), ("persons", "of")):
            for name, thing in getattr(drafting, field).items():
                for place, evidence in enumerate(getattr(thing, of)):
                    if evidence != "offence" or field != "facts":
                        yield from self.unless_known("evidence", evidence, ("drafting", field, name, of, place))
        for name, fact in drafting.facts.items():
            if fact.identifies is not None:
                yield from self.unless_known("person", fact.identifies, ("drafting", "facts", name, "identifies"))
        for name, person in drafting.persons.items():
            if person.person is not None:
                yield from self.unless_known("person", person.person, ("drafting", "persons", name, "person"))

    def action(self, action: Action, at: Path) -> Iterator[Finding]:
        for field, names in action.content.picked("evidence", "person", "request", "incoming"):
            for here, name in field.places(names, at):
                yield from self.unless_known(field.of, name, here)
