"""What a trainee can fill into an action as things stand: for each field the choices, in the words of the story.

The toolbox, the drafting desk and the terminal ask the same questions; only how they ask differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sim.case.requests import LetterRequest
from sim.case.run import CaseRun
from sim.i18n import Words, language_name, say
from sim.law import GROUNDS
from sim.law.terms import ground_in_words, outcome_in_words
from sim.model.action_kinds import ACTIONS, ActionField, ActionKind, Choices
from sim.model.outcomes import state_in_words
from sim.training.action_rules import states_of, writable
from sim.training.request_names import request_name


@dataclass(frozen=True)
class Choice:
    """Something that can be picked."""

    words: str | Words
    id: str


def kinds_for(run: CaseRun) -> list[ActionKind]:
    """Kinds of action that can be taken at this seat at any time, but for those with a desk of their own."""
    seat = "requested" if run.case.incoming else "requesting"
    return [kind for kind in ACTIONS.values() if kind.seat == seat and not kind.own_form]


def choices(run: CaseRun, field: ActionField) -> list[Choice]:
    """What a field may be now; nothing where it is yes or no, or words, or where there is nothing yet to pick."""
    if field.hint.of is None:
        return [Choice(say(field.hint.called.get(value, value)), value) for value in field.values]
    nobody = [Choice(say(field.hint.nobody), "")] if field.hint.nobody else []
    found = listed(run, field.hint.of)
    if field.hint.preservable:
        found = [choice for choice in found if run.evidence[choice.id].nature.preservable]
    return [*nobody, *found]


def listed(run: CaseRun, of: Choices) -> list[Choice]:
    """A list of things that actions are about, as things stand, in the order in which people see them."""
    return _LISTS[of](run)


def data_for(kind: ActionKind, filled: Mapping[str, object]) -> dict[str, object]:
    """An action as plain data from what was filled in, by field; what was left empty is left out."""
    data: dict[str, object] = {}
    for field in kind.fields:
        value = filled.get(field.name)
        if field.many:
            if isinstance(value, str) or not isinstance(value, Iterable):
                value = [value] if value else []
            data[field.key] = list(value)
        elif value is not None and value != "":
            data[field.key] = value
    return {kind.key: {**data, **kind.given}}


def _states(run: CaseRun) -> list[Choice]:
    return [Choice(run.scenario.jurisdictions[id_].title, id_) for id_ in states_of(run)]


def _evidence(run: CaseRun) -> list[Choice]:
    return [Choice(item.title, id_) for id_, item in run.case.evidence.items()]


def _people(run: CaseRun) -> list[Choice]:
    return [Choice(person.title, id_) for id_, person in run.case.people.items()]


def _requests(run: CaseRun) -> list[Choice]:
    return [
        Choice(
            say(
                "{letter}, {state} ({how})",
                letter=request_name(run, id_),
                state=run.scenario.jurisdictions[request.to].title,
                how=outcome_in_words(run.request_state(id_)),
            ),
            id_,
        )
        for id_, request in run.requests.items()
        if isinstance(request, LetterRequest)
    ]


def _incoming(run: CaseRun) -> list[Choice]:
    papers = [paper for paper in run.incoming.values() if paper.state != "not arrived" and not paper.closed]
    return [Choice(say("{title} ({state})", title=p.record.title, state=state_in_words(p.state)), p.id) for p in papers]


def _services(run: CaseRun) -> list[Choice]:
    from sim.model.loading import available

    found = [(id_, run.scenario.find("service", id_)) for id_ in available("service")]
    told = [(f"{service.institution}: {service.title}", id_) for id_, service in found if service is not None]
    return [Choice(words, id_) for words, id_ in sorted(told)]


def _channels(run: CaseRun) -> list[Choice]:
    return [Choice(title, id_) for title, id_ in sorted((r.title, id_) for id_, r in run.scenario.channels.items())]


def _instruments(run: CaseRun) -> list[Choice]:
    return [Choice(short, id_) for short, id_ in sorted((r.short, id_) for id_, r in run.scenario.instruments.items())]


def _measures(run: CaseRun) -> list[Choice]:
    found = sorted((run.scenario.measure(id_).title, id_) for id_ in run.scenario.measures)
    return [Choice(title, id_) for title, id_ in found]


def _languages(run: CaseRun) -> list[Choice]:
    within_reach = writable(run)
    spoken = {tongue for state in run.scenario.jurisdictions.values() for tongue in state.languages}
    if within_reach is not None:
        spoken &= {*within_reach}
    return [Choice(name, code) for name, code in sorted((language_name(code), code) for code in spoken)]


def _grounds(run: CaseRun) -> list[Choice]:
    return [Choice(name, ground) for name, ground in sorted((str(ground_in_words(id_)), id_) for id_ in GROUNDS)]


_LISTS: dict[Choices, Callable[[CaseRun], list[Choice]]] = {
    "state": _states,
    "evidence": _evidence,
    "person": _people,
    "request": _requests,
    "incoming": _incoming,
    "service": _services,
    "channel": _channels,
    "instrument": _instruments,
    "measure": _measures,
    "language": _languages,
    "ground": _grounds,
}
