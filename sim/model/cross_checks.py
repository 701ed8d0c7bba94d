"""Whether the parts of a scenario fit together across files: States, offices, flows, and what a case needs of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from sim.i18n import Words, marked, say
from sim.model.action import Action
from sim.model.case import Case
from sim.model.case_references import owners_of_actions
from sim.model.conditions import Circumstances
from sim.model.data import Path
from sim.model.instrument import Instrument
from sim.model.library import Key
from sim.model.measures import MEASURES, OfOffice
from sim.model.problems import Misfit, did_you_mean, named
from sim.model.procedure import Performer, Procedure, Step
from sim.model.scenario import Scenario
from sim.model.world import Flow, World

DESK = Performer(side="requesting", role="central-authority")
"""Whose desk incoming requests lie on: that of the trainee's own State."""


def fitting(scenario: Scenario) -> Iterator[Misfit]:
    """What does not fit across files: (kind, id, path, code, message, hint)."""
    world = scenario.world
    yield from _world_fits(scenario, world)
    if scenario.case is not None:
        yield from _case_fits(scenario, scenario.case, world)


def _unknown(kind: str, id_: str, path: Path, what: str, name: str, known: Iterable[str]) -> Misfit:
    message = say("there is no {kind} {name!r} in the world", kind=named(what), name=name)
    return kind, id_, path, "R301", message, did_you_mean(name, known)


def _world_fits(scenario: Scenario, world: World) -> Iterator[Misfit]:
    states = world.jurisdictions
    me = ("world", world.id)
    for id_, agency in world.agencies.items():
        if agency.jurisdiction is not None and agency.jurisdiction not in states:
            yield _unknown(*me, ("agencies", id_, "jurisdiction"), "jurisdiction", agency.jurisdiction, states)
    for id_, office in world.offices.items():
        if office.jurisdiction is not None and office.jurisdiction not in states:
            yield _unknown(*me, ("offices", id_, "jurisdiction"), "jurisdiction", office.jurisdiction, states)
        if office.agency is not None and office.agency not in world.agencies:
            yield _unknown(*me, ("offices", id_, "agency"), "agency", office.agency, world.agencies)
    for state, profile in scenario.jurisdictions.items():
        for id_, articles in profile.declarations.items():
            record = scenario.find("instrument", id_)
            open_to_it = [p.article for p in record.provisions if p.by_declaration] if record is not None else []
            for place, article in enumerate(articles):
                if record is not None and article not in open_to_it:
                    message = say(
                        "{instrument} has no article {article!r} that applies by declaration",
                        instrument=record.short,
                        article=article,
                    )
                    path = ("declarations", id_, place)
                    yield "jurisdiction", state, path, "R301", message, did_you_mean(article, open_to_it)
    for id_ in world.supposed_in_force:
        written = scenario.library.get("instrument", id_)
        if isinstance(written, Instrument) and written.effective is not None:
            message = say("{instrument} is in force, and need not be supposed to be", instrument=written.short)
            yield *me, ("supposed in force", id_), "F210", message, say("leave it out")
    for field in ("treaties", "relations"):
        for place, pair in enumerate(getattr(world, field)):
            for position, state in enumerate(pair.between):
                if state not in states:
                    yield _unknown(*me, (field, place, "between", position), "jurisdiction", state, states)
    for place, claim in enumerate(world.claims):
        of_offices = isinstance(MEASURES[claim.kpi], OfOffice)
        known: Collection[str] = world.offices if of_offices else world.demand
        what = "office" if of_offices else "flow"
        for position, name in enumerate(claim.of):
            if name not in known:
                yield _unknown(*me, ("claims", place, "of", position), what, name, known)
    for id_, flow in world.demand.items():
        for field in ("from_", "to"):
            state = getattr(flow, field)
            if state is not None and state not in states:
                yield _unknown(*me, ("demand", id_, field.rstrip("_")), "jurisdiction", state, states)
        procedure = scenario.procedures.get(flow.procedure)
        if procedure is not None:
            for message, hint in _roles_missing(scenario, world, procedure, flow):
                yield (*me, ("demand", id_, "procedure"), "R306", message, hint)
            for name in flow.chances:
                if name not in procedure.chances:
                    yield (
                        *me,
                        ("demand", id_, "chances", name),
                        "R301",
                        say(
                            "the procedure {procedure!r} knows no chance {name!r}", procedure=flow.procedure, name=name
                        ),
                        did_you_mean(name, procedure.chances),
                    )
    for id_, performance in states.items():
        used = [p for p in scenario.procedures.values()]
        stages = {name for p in used for name in p.stages}
        chances = {name for p in used for name in p.chances}
        for field, known, unknown in (
            ("stages", stages, marked("no procedure of this world has a stage {name!r}")),
            ("chances", chances, marked("no procedure of this world has a chance {name!r}")),
        ):
            for name in getattr(performance, field):
                if name not in known:
                    here = ("jurisdictions", id_, field, name)
                    yield *me, here, "R301", say(unknown, name=name), did_you_mean(name, known)


def _roles_missing(scenario: Scenario, world: World, procedure: Procedure, flow: Flow) -> Iterator[tuple[Words, Words]]:
    profile = scenario.jurisdictions.get(flow.to or "")
    federal = profile is not None and profile.federal
    performers = [
        (name, stage.performer)
        for name, stage in procedure.stages.items()
        if stage.only_if.get("federal", federal) == federal
    ]
    for measure in flow.measures:
        performers += _performers(measure, scenario.measures[measure].steps if measure in scenario.measures else ())
    yield from _offices_missing(world, performers, flow.from_, flow.to, _OF_STAGES)


Performing = tuple[str, Performer | None]
"""What somebody performs, by its name, and who does; nobody where time only passes."""


def _performers(name: str, steps: Iterable[Step]) -> list[Performing]:
    """Who performs the steps of a measure, a channel or a service."""
    return [(name, step.performer) for step in steps]


class _Lacking(NamedTuple):
    """What is said where an office is not there that is named, or one of a role."""

    office: str
    role: str


_ROLE_LACKING = marked("{name!r} needs an office with the role {role!r} in {state!r}")
_OF_STEPS = _Lacking(marked("{name!r} needs the office {office!r}, which the world does not have"), _ROLE_LACKING)
_OF_STAGES = _Lacking(
    marked("stage {name!r} needs the office {office!r}, which the world does not have"), _ROLE_LACKING
)


def _offices_missing(
    world: World,
    performers: list[Performing],
    requesting: str | None,
    requested: str | None,
    lacking: _Lacking = _OF_STEPS,
) -> Iterator[tuple[Words, Words]]:
    """What named stages or steps need of the two States and the world does not have, with a hint."""
    for name, performer in performers:
        if performer is None:
            continue
        if performer.office is not None:
            if performer.office not in world.offices:
                hint = did_you_mean(performer.office, world.offices)
                yield say(lacking.office, name=name, office=performer.office), hint
            continue
        state = requesting if performer.side == "requesting" else requested
        if state is None and performer.side == "requesting":
            continue  # from outside the world: its own work is not simulated
        roles = {r for o in world.offices.values() if o.jurisdiction == state for r in (o.role, *o.also) if r}
        if performer.role not in roles:
            hint = did_you_mean(
                performer.role or "", roles, say("add an office with role: {role}", role=performer.role)
            )
            yield say(lacking.role, name=name, role=performer.role, state=state), hint


def _case_fits(scenario: Scenario, case: Case, world: World) -> Iterator[Misfit]:
    me, states = ("case", case.id), world.jurisdictions
    if case.role.jurisdiction not in states:
        yield _unknown(*me, ("role", "jurisdiction"), "jurisdiction", case.role.jurisdiction, states)
    if case.role.office not in world.offices:
        yield _unknown(*me, ("role", "office"), "office", case.role.office, world.offices)
    for state in case.investigations:
        if state not in states:
            yield _unknown(*me, ("investigations", state), "jurisdiction", state, states)
    for field in ("people", "evidence"):
        for name, item in getattr(case, field).items():
            if item.at not in states:
                yield _unknown(*me, (field, name, "at"), "jurisdiction", item.at, states)
    for name, paper in case.incoming.items():
        if paper.from_ not in states:
            yield _unknown(*me, ("incoming", name, "from"), "jurisdiction", paper.from_, states)
    if case.incoming:
        for message, hint in _offices_missing(world, [("the desk", DESK)], case.role.jurisdiction, None):
            yield *me, ("incoming",), "R306", message, hint
    yield from _law_is_there(scenario, case)
    yield from _citations_exist(scenario, case)
    for path, owner in owners_of_actions(case):
        for place, action in enumerate(owner.do):
            yield from _action_fits(scenario, me, (*path, "do", place, action.kind.key), action)
        for state in getattr(owner, "trust", ()):
            if state not in states:
                yield _unknown(*me, (*path, "trust", state), "jurisdiction", state, states)
    for path, circumstances in _circumstances(case):
        for field in ("trust", "team"):
            for position, state in enumerate(getattr(circumstances, field)):
                if state not in states:
                    here = (*path, field, state if field == "trust" else position)
                    yield _unknown(*me, here, "jurisdiction", state, states)


def _law_is_there(scenario: Scenario, case: Case) -> Iterator[Misfit]:
    """What a case leaves to national law stands in the profile of the State."""
    me = ("case", case.id)
    profiles = scenario.jurisdictions
    for name, item in case.evidence.items():
        profile = profiles.get(item.at)
        if item.retention == "by national law" and profile is not None and item.type not in profile.retention:
            message = say(
                "the profile of {state!r} says nothing on how long {type!r} is kept", state=item.at, type=item.type
            )
            hint = say(
                "it knows {names}; or write the retention here", names=", ".join(profile.retention) or say("none")
            )
            yield *me, ("evidence", name, "retention"), "R309", message, hint
    home = profiles.get(case.role.jurisdiction)
    for name, person in case.people.items():
        if person.reflection == "by national law" and home is not None and home.reflection_period is None:
            message = say("the profile of {state!r} has no reflection period", state=home.id)
            yield *me, ("people", name, "reflection"), "R309", message, say("add it there, or write a period here")
    for name, deadline in case.deadlines.items():
        if home is None or not isinstance(deadline.due, str):
            continue
        if getattr(home, deadline.due.replace(" ", "_")) is None:
            message = say("the profile of {state!r} has no {due}", state=home.id, due=deadline.due)
            yield *me, ("deadlines", name, "due"), "R309", message, say("add it there, or write a time here")


def _citations_exist(scenario: Scenario, case: Case) -> Iterator[Misfit]:
    """Every provision that an option cites or breaks is in the library."""
    for path, owner in owners_of_actions(case):
        cited = [
            (key, place, article)
            for key in ("cites", "breaks")
            for place, article in enumerate(getattr(owner, key, ()))
        ]
        for key, place, reference in cited:
            here = ("case", case.id, (*path, key, place), "R301")
            id_, _, article = reference.strip().partition(" ")
            record = scenario.find("instrument", id_)
            if record is None:
                known = {*scenario.instruments, *scenario.library.ids("instrument")}
                message = say("there is no {kind} {id!r}", kind=named("instrument"), id=id_)
                yield *here, message, did_you_mean(id_, known)
            elif not record.provisions_at(article.strip()):
                articles = [p.article for p in record.provisions]
                message = say(
                    "{instrument} has no article {article!r} here", instrument=record.short, article=article.strip()
                )
                yield *here, message, did_you_mean(article, articles)


def _action_fits(scenario: Scenario, me: Key, here: Path, action: Action) -> Iterator[Misfit]:
    """An action's States exist, and they have the offices that carry it out."""
    states = scenario.world.jurisdictions
    places = [place for field, ids in action.content.picked("state") for place in field.places(ids, here)]
    unknown = [_unknown(*me, place, "jurisdiction", state, states) for place, state in places if state not in states]
    yield from unknown
    if unknown:
        return
    for message, hint in action_misfits(scenario, action):
        yield *me, here, "R306", message, hint


def action_misfits(scenario: Scenario, action: Action) -> Iterator[tuple[Words, Words]]:
    """What an action cannot be about, and offices that it needs and no State has: what is wrong, and a hint."""
    assert scenario.case is not None  # a world has no actions
    what, evidence, home = action.content, scenario.case.evidence, scenario.case.role.jurisdiction
    for field, ids in what.picked("evidence"):
        for item in (evidence[id_] for id_ in ids if field.hint.preservable and id_ in evidence):
            if not scenario.nature_of(item.type).preservable:
                yield (
                    say("{title} is nothing that a holder can be told to keep", title=repr(item.title)),
                    say(
                        "data and records can be preserved; for people and things send a request for what is to be done"
                    ),
                )
    performers: list[Performing] = []
    for name in what.ids("measure"):
        performers += _performers(name, scenario.measures[name].steps if name in scenario.measures else ())
    for name in what.ids("channel"):
        performers += _performers(name, scenario.channels[name].there if name in scenario.channels else ())
    for name in what.ids("service"):
        performers += _performers(name, scenario.services[name].steps if name in scenario.services else ())
    # The State it goes to: the one named, or where the evidence is that it is about.
    to = [*what.ids("state"), *(evidence[id_].at for id_ in what.ids("evidence") if id_ in evidence), home]
    yield from dict.fromkeys(_offices_missing(scenario.world, performers, home, to[0]))


def _circumstances(case: Case) -> Iterator[tuple[Path, Circumstances]]:
    for field in ("decisions", "injects"):
        for name, owner in getattr(case, field).items():
            if owner.only_if is not None:
                yield (field, name, "only if"), owner.only_if
    for name, ending in case.endings.items():
        yield ("endings", name, "if"), ending.if_
