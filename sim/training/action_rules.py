"""What a trainee may do at any time: whether an action can be carried out as things stand, and why not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pydantic import ValidationError

from sim import law
from sim.case.actions import lacking_for
from sim.case.other_team import problem_with_post
from sim.case.run import CaseRun
from sim.errors import NoOfficeError, SessionError, SimulationError
from sim.i18n import LanguageName, Words, joined, marked, say
from sim.law.drafting import Drafted, judge, material_for
from sim.law.procedure_terms import office_in_words
from sim.model.action import Action
from sim.model.action_kinds import ActionContent, Choices
from sim.model.actions import Preserve, SendRequest
from sim.model.case import EvidenceItem, Person
from sim.model.case_references import owners_of_actions
from sim.model.cross_checks import action_misfits
from sim.model.desk_actions import Receive
from sim.model.incoming import Incoming
from sim.model.problems import did_you_mean
from sim.model.reading import Document
from sim.model.validation import problems_of
from sim.training.request_names import request_name

VICTIMS = ("victim-witness",)
PRESERVATION = "preservation"
"""The measure by which data are kept and not handed over."""


def action_of(data: object) -> Action:
    """An action from plain data, as a session file holds it. Raises `SessionError` with what is wrong and where."""
    try:
        return Action.model_validate(data)
    except ValidationError as error:
        if not isinstance(data, dict):
            raise SessionError(say("not an action: it must be a mapping")) from None
        first = problems_of(error, Action, Document("", data))[0]
        words = say("not an action: {what}", what=first.message)
        if first.hint:
            words = say("not an action: {what} — {hint}", what=first.message, hint=first.hint)
        raise SessionError(words) from None


def data_of(action: Action) -> dict[str, object]:
    """An action as plain data for a session file."""
    return action.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def states_of(run: CaseRun) -> list[str]:
    """States that a trainee of this case deals with; the offices of others are not simulated."""
    case = run.case
    if case.incoming:
        return [id_ for id_ in run.scenario.world.jurisdictions if id_ in {p.from_ for p in case.incoming.values()}]
    named = {item.at for item in case.evidence.values()} | {person.at for person in case.people.values()}
    for _, owner in owners_of_actions(case):
        for action in owner.do:
            named |= set(action.content.ids("state"))
    return [id_ for id_ in run.scenario.world.jurisdictions if id_ in named and id_ != run.home]


def problem_with(run: CaseRun, action: Action) -> Words | None:
    """Why an action cannot be carried out now; None if it can."""
    what = action.content
    if isinstance(what, Receive):
        found = problem_with_post(run, what)
        return joined([found]) if found else None
    for of, known in _known(run).items():
        for id_ in what.ids(of):
            if id_ not in known:
                return say(_UNKNOWN[of], name=repr(id_), hint=did_you_mean(id_, known))
    for id_ in what.ids("incoming"):
        paper = run.incoming[id_]
        if paper.state == "not arrived" or paper.closed:
            return say(
                "{title} is {state}; there is nothing to be done with it",
                title=repr(paper.record.title),
                state=paper.state,
            )
    if isinstance(what, SendRequest) and what.id in run.requests:
        return say("{name} has been sent already; a new letter needs a name of its own", name=repr(what.id))
    for field, ids in what.picked(*_OF_THE_LIBRARY):
        for id_ in ids:
            if run.scenario.find(field.of, id_) is None:
                return say("there is no {kind} {name}", kind=field.of, name=repr(id_))
    misfit = next((joined([message]) for message, _ in action_misfits(run.scenario, action)), None)
    if misfit is not None:
        return misfit
    lack = lacking_for(run, action)
    return None if lack is None else _lack_in_words(run, what, lack)


def _lack_in_words(run: CaseRun, what: ActionContent, lack: SimulationError) -> Words:
    """What the world lacks for an action, for whoever wanted to do it."""
    if not isinstance(lack, NoOfficeError):
        return joined([lack])
    states, state = run.scenario.jurisdictions, lack.state
    title = states[state].title if state in states else state
    if isinstance(what, SendRequest) and state == run.home and lack.role == "translation":
        return say(
            "nobody in {state} translates into {language} in this case; a letter can be written in {known}",
            state=title,
            language=LanguageName(what.language),
            known=joined([LanguageName(language) for language in writable(run) or ()], ", "),
        )
    return say(
        "{state} has no office in this case that could do its part of this ({role})",
        state=title,
        role=office_in_words(lack.role),
    )


def writable(run: CaseRun) -> list[str] | None:
    """Languages in which the trainee's office can have a letter written; None: any."""
    if (run.home, "translation") in run.plan.role_index:
        return None
    return [
        run.scenario.jurisdictions[run.home].languages[0],
        *(to for of, to in run.plan.translators if of == run.home),
    ]


def _known(run: CaseRun) -> dict[Choices, Collection[str]]:
    """What an action can name as things stand, by the list it is picked from."""
    return {
        "state": states_of(run),
        "evidence": run.case.evidence,
        "person": run.case.people,
        "request": run.requests,
        "incoming": run.incoming,
        "ground": law.GROUNDS,
    }


_UNKNOWN: dict[Choices, str] = {
    "state": marked("there is no State {name} to deal with in this case — {hint}"),
    "evidence": marked("there is no evidence in this case called {name} — {hint}"),
    "person": marked("there is no person in this case called {name} — {hint}"),
    "request": marked("there is no request sent so far called {name} — {hint}"),
    "incoming": marked("there is no request on your desk called {name} — {hint}"),
    "ground": marked("there is no ground for refusal {name} — {hint}"),
}
_OF_THE_LIBRARY: tuple[Choices, ...] = ("channel", "service", "instrument", "measure")


def draft_of(run: CaseRun, spec: SendRequest) -> Drafted | None:
    """What a letter's draft comes to by rule; None if it was not drafted from picks."""
    if spec.draft is None:
        return None
    titles = {id_: run.case.evidence[id_].title for id_ in spec.evidence if id_ in run.case.evidence}
    victims = {id_ for id_, person in run.case.people.items() if person.role in VICTIMS}
    return judge(spec.draft, material_for(run.case.drafting, titles), spec.evidence, victims)


def with_quality(run: CaseRun, action: Action) -> Action:
    """The action whose letter, if it was drafted, carries the quality that follows from its draft."""
    if not isinstance(action.content, SendRequest) or (drafted := draft_of(run, action.content)) is None:
        return action
    quality = {"items": drafted.items, "scope": drafted.scope, "names_victim": drafted.names_victim}
    return Action(content=action.content.model_copy(update=quality))


def drafted_action(run: CaseRun, given: SendRequest, written: SendRequest) -> Action:
    """The letter that a decision has drafted: to whom, for what and called what, as the decision says.

    Raises `SessionError` if the letter written is about something else.
    """
    for field in ("id", "to", "evidence"):
        if getattr(given, field) != getattr(written, field):
            raise SessionError(
                say("the letter to be written here has {field} {value!r}", field=field, value=getattr(given, field))
            )
    action = Action(content=written)
    problem = problem_with(run, action)
    if problem:
        raise SessionError(problem)
    return action


def sent_as(letter: SendRequest) -> Action:
    """What a letter of the trainee's own sets in motion: one that asks for preservation has data kept, and brings
    nothing into the file. Raises `SessionError` where it is not about one thing."""
    if letter.measures != (PRESERVATION,):
        return Action(content=letter)
    if len(letter.evidence) != 1:
        raise SessionError(say("a request for preservation is about one thing that is to be kept: choose which"))
    return Action(content=Preserve(evidence=letter.evidence[0], channel=letter.channel))


def described(run: CaseRun, action: Action) -> Words:
    """An action in words, for lists of what was done."""
    label, parts = say(action.kind.label), [*_named(run, action.content)]
    return joined([label, joined(parts, "; ")], ": ") if parts else label


def _named(run: CaseRun, what: ActionContent) -> Iterator[str | Words]:
    """What an action is about: first what is asked for, last who is asked and by which means."""
    if measures := what.ids("measure"):
        yield joined([run.scenario.measure(id_).title.lower() for id_ in measures], _AND)
    titled: tuple[tuple[Choices, Mapping[str, Person | EvidenceItem | Incoming]], ...] = (
        ("evidence", run.case.evidence),
        ("person", run.case.people),
        ("incoming", run.case.incoming),
    )
    for of, records in titled:
        yield from (records[id_].title for id_ in what.ids(of) if id_ in records)
    yield from (run.scenario.service(id_).title for id_ in what.ids("service"))
    yield from (request_name(run, id_) for id_ in what.ids("request") if id_ in run.requests)
    yield from (run.scenario.jurisdictions[id_].title for id_ in what.ids("state"))
    for field in what.kind.fields:
        if field.shape == "several of" and (values := getattr(what, field.name)):
            yield joined([say(field.hint.called.get(value, value)) for value in values])


_AND = marked(" and ")
