"""What a record refers to by id, and whether the parts of a scenario fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.model.problems import did_you_mean
from sim.model.reading import Path

Reference = tuple[Path, str, str]


def references(record: Any) -> Iterator[Reference]:
    """(path in the file, kind, id) of everything a record needs from other files."""
    yield from _REFERENCES.get(record.kind, _nothing)(record)


def _nothing(record: Any) -> Iterator[Reference]:
    return iter(())


def _jurisdiction(record: Any) -> Iterator[Reference]:
    for place, id_ in enumerate(record.instruments):
        yield ("instruments", place), "instrument", id_
    for place, id_ in enumerate(record.channels):
        yield ("channels", place), "channel", id_
    for place, id_ in enumerate(record.forbids_measures):
        yield ("forbids measures", place), "measure", id_


def _instrument(record: Any) -> Iterator[Reference]:
    if record.builds_on:
        yield ("builds on",), "instrument", record.builds_on
    if record.procedure:
        yield ("procedure",), "procedure", record.procedure
    for place, provision in enumerate(record.provisions):
        rule = provision.rule
        here = ("provisions", place, "rule")
        if rule.channel:
            for position, id_ in enumerate(rule.channel.channels):
                yield (*here, "channel", "channels", position), "channel", id_
        if rule.measure:
            for position, id_ in enumerate(rule.measure.measures):
                if id_ != "any":
                    yield (*here, "measure", "measures", position), "measure", id_


def _world(record: Any) -> Iterator[Reference]:
    for id_, performance in record.jurisdictions.items():
        yield ("jurisdictions", id_), "jurisdiction", id_
        for measure in performance.measures:
            yield ("jurisdictions", id_, "measures", measure), "measure", measure
    for place, treaty in enumerate(record.treaties):
        yield ("treaties", place, "instrument"), "instrument", treaty.instrument
    for id_, flow in record.demand.items():
        here = ("demand", id_)
        if flow.procedure not in record.procedures:
            yield (*here, "procedure"), "procedure", flow.procedure
        for measure in flow.measures:
            yield (*here, "measures", measure), "measure", measure
        if flow.channel:
            yield (*here, "channel"), "channel", flow.channel
        if flow.instrument:
            yield (*here, "instrument"), "instrument", flow.instrument


def _case(record: Any) -> Iterator[Reference]:
    yield ("world",), "world", record.world
    owners: list[tuple[Path, Any]] = [
        (("decisions", name, "options", key), option)
        for name, decision in record.decisions.items()
        for key, option in decision.options.items()
    ]
    owners += [(("injects", name), inject) for name, inject in record.injects.items()]
    for path, owner in owners:
        for place, action in enumerate(owner.do):
            here = (*path, "do", place, action.name.replace("_", " "))
            what = action.content
            if action.send is not None:
                for position, measure in enumerate(what.measures):
                    yield (*here, "measures", position), "measure", measure
                yield (*here, "instrument"), "instrument", what.instrument
            if getattr(what, "channel", None):
                yield (*here, "channel"), "channel", what.channel


_REFERENCES = {"jurisdiction": _jurisdiction, "instrument": _instrument, "world": _world, "case": _case}

Misfit = tuple[str, str, Path, str, str, str]


def fitting(scenario: Any) -> Iterator[Misfit]:
    """What does not fit across files: (kind, id, path, code, message, hint)."""
    world = scenario.world
    yield from _world_fits(scenario, world)
    if scenario.case is not None:
        yield from _case_fits(scenario, scenario.case, world)


def _unknown(kind: str, id_: str, path: Path, what: str, name: str, known: Any) -> Misfit:
    return kind, id_, path, "R301", f"there is no {what} {name!r} in the world", did_you_mean(name, known)


def _world_fits(scenario: Any, world: Any) -> Iterator[Misfit]:
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
    for place, treaty in enumerate(world.treaties):
        for position, state in enumerate(treaty.between):
            if state not in states:
                yield _unknown(*me, ("treaties", place, "between", position), "jurisdiction", state, states)
    for place, claim in enumerate(world.claims):
        known = world.offices if claim.kpi == "staff" else world.demand
        what = "office" if claim.kpi == "staff" else "flow"
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
                        f"the procedure {flow.procedure!r} knows no chance {name!r}",
                        did_you_mean(name, procedure.chances),
                    )
    for id_, performance in states.items():
        used = [p for p in scenario.procedures.values()]
        stages = {name for p in used for name in p.stages}
        chances = {name for p in used for name in p.chances}
        for field, known in (("stages", stages), ("chances", chances)):
            for name in getattr(performance, field):
                if name not in known:
                    yield (
                        *me,
                        ("jurisdictions", id_, field, name),
                        "R301",
                        f"no procedure of this world has a {field[:-1]} {name!r}",
                        did_you_mean(name, known),
                    )


def _roles_missing(scenario: Any, world: Any, procedure: Any, flow: Any) -> Iterator[tuple[str, str]]:
    performers = [(name, stage.performer) for name, stage in procedure.stages.items() if stage.performer]
    for measure in flow.measures:
        record = scenario.measures.get(measure)
        performers += [(measure, step.performer) for step in (record.steps if record else ()) if step.performer]
    for name, performer in performers:
        if performer.office is not None:
            if performer.office not in world.offices:
                yield (
                    f"stage {name!r} needs the office {performer.office!r}, which the world does not have",
                    did_you_mean(performer.office, world.offices),
                )
            continue
        state = flow.from_ if performer.side == "requesting" else flow.to
        if state is None and performer.side == "requesting":
            continue  # from outside the world: its own work is not simulated
        if not any(o.jurisdiction == state and o.role == performer.role for o in world.offices.values()):
            roles = {o.role for o in world.offices.values() if o.jurisdiction == state and o.role}
            yield (
                f"{name!r} needs an office with the role {performer.role!r} in {state!r}",
                did_you_mean(performer.role, roles, f"add an office with role: {performer.role}"),
            )


def _case_fits(scenario: Any, case: Any, world: Any) -> Iterator[Misfit]:
    me, states = ("case", case.id), world.jurisdictions
    if case.role.jurisdiction not in states:
        yield _unknown(*me, ("role", "jurisdiction"), "jurisdiction", case.role.jurisdiction, states)
    if case.role.office not in world.offices:
        yield _unknown(*me, ("role", "office"), "office", case.role.office, world.offices)
    for field in ("people", "evidence"):
        for name, item in getattr(case, field).items():
            if item.at not in states:
                yield _unknown(*me, (field, name, "at"), "jurisdiction", item.at, states)
    owners: list[tuple[Path, Any]] = [
        (("decisions", name, "options", key), option)
        for name, decision in case.decisions.items()
        for key, option in decision.options.items()
    ]
    owners += [(("injects", name), inject) for name, inject in case.injects.items()]
    for path, owner in owners:
        for place, action in enumerate(owner.do):
            to = getattr(action.content, "to", None)
            if to is not None and to not in states:
                here = (*path, "do", place, action.name.replace("_", " "), "to")
                yield _unknown(*me, here, "jurisdiction", to, states)
