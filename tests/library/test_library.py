"""The library as a whole: everything named exists, nothing is idle, every rule can be reached, and it is quick."""

from __future__ import annotations

import ast
import random
import re
import statistics
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.engine.compile import compile_world
from sim.engine.plan import RequestToUnfold
from sim.engine.simulation import Simulation
from sim.law import explain, legal_bases, provisions
from sim.law.bases import reaches_apart_from_time
from sim.law.question import ask
from sim.law.sources import binds, every_instrument
from sim.model.durations import DAY
from sim.model.library import FOLDERS, Library, shipped_folder
from sim.model.loading import Scenario, load
from sim.model.world import Flow
from sim.policy.experiments.levers import apply

TOP = Path(__file__).parents[2]
WORLDS = ("meridian", "archipelago", "corridor", "windward", "caravan")
KINDS = (
    "channel",
    "form",
    "glossary",
    "guidance",
    "instrument",
    "jurisdiction",
    "lever",
    "measure",
    "procedure",
    "service",
)


@pytest.fixture(scope="module")
def library() -> Library:
    found = Library((shipped_folder(),))
    for kind in (*KINDS, "coverage"):
        for id_ in found.ids(kind):
            found.get(kind, id_)
    assert found.problems == []
    return found


@pytest.fixture(scope="module", params=WORLDS)
def world(request: pytest.FixtureRequest) -> Scenario:
    return load(request.param)


# Coverage


def test_every_item_of_the_article_is_covered(library: Library) -> None:
    rows = library.get("coverage", "coverage").rows  # type: ignore[union-attr]
    assert [int(number) for number in rows] == list(range(1, 55))


def test_every_file_and_test_named_exists(library: Library) -> None:
    tests: dict[str, set[str]] = {}
    for number, row in library.get("coverage", "coverage").rows.items():  # type: ignore[union-attr]
        for file in row.files:
            assert (TOP / file).is_file(), f"{number}: {file}"
        for test in row.tests:
            path, _, name = test.partition("::")
            if path not in tests:
                tree = ast.parse((TOP / path).read_text(encoding="utf-8"))
                tests[path] = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert tests[path] and (not name or name in tests[path]), f"{number}: {test}"


# Health


def test_every_article_a_file_cites_exists(library: Library) -> None:
    scenario = load("meridian")
    cited = 0
    for id_ in library.ids("measure"):
        for reference in library.get("measure", id_).hook:  # type: ignore[union-attr]
            assert provisions(scenario, reference), reference
            cited += 1
    for id_ in library.ids("instrument"):
        record: Any = library.get("instrument", id_)
        for provision in record.provisions:
            relation = provision.rule.relation
            for other in relation.to if relation is not None else ():
                cited += 1
                assert other == "any" or library.find("instrument", other) or relation.relation == "replaces", other
    assert cited > 40


def test_nothing_in_the_library_is_idle(library: Library) -> None:
    """Every channel, measure and instrument is used by a profile, a rule, a flow, a case or a service."""
    used: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for id_ in library.ids("jurisdiction"):
        profile: Any = library.get("jurisdiction", id_)
        used["channel"] |= set(profile.channels)
        used["instrument"] |= set(profile.instruments)
    for id_ in library.ids("instrument"):
        record: Any = library.get("instrument", id_)
        used["procedure"] |= {record.procedure, *record.procedure_by_channel.values()}
        used["procedure"] |= set(record.procedure_by_measure.values())
        used["instrument"] |= {record.builds_on}
        for provision in record.provisions:
            rule = provision.rule
            used["channel"] |= set(rule.channel.channels if rule.channel else ())
            used["measure"] |= set(rule.measure.measures if rule.measure else ())
    for name in WORLDS:
        scenario = load(name)
        used["jurisdiction"] |= set(scenario.jurisdictions)
        for flow in scenario.world.demand.values():
            used["procedure"].add(flow.procedure)
        used["instrument"] |= {treaty.instrument for treaty in scenario.world.treaties}
    # A channel nobody accepts as a matter of course (everyday mail, a posted magistrate) and comity are there to be
    # chosen, or for a lever to open; instruments that bind no State of a world are there to be asked about.
    waiting = {"ordinary-email", "liaison-magistrate", "central-authority-portal", "direct-judicial-email"}
    assert set(library.ids("channel")) - used["channel"] <= waiting
    assert set(library.ids("measure")) <= used["measure"]
    named = [line.split("instrument: ")[1] for line in _question_lines() if "instrument: " in line]
    asked = {re.split(r"[ ,}]", words)[0] for words in named}
    assert set(library.ids("instrument")) - used["instrument"] <= asked | {"letters-rogatory"}
    assert set(library.ids("jurisdiction")) <= used["jurisdiction"]
    own = {"preservation", "team-sharing"}  # set in motion by actions, not by an instrument
    assert set(library.ids("procedure")) - used["procedure"] <= own


FORMS_OF_THE_FIRST_WORLDS = {"service-of-documents", "freezing"}
"""Measures that flows of the first worlds count among investigation orders, though they rest on other instruments:
their event tables are kept as they are."""


def _asked(scenario: Scenario) -> Iterator[tuple[str, Flow, dict[str, Any]]]:
    """What flows between two States of a world ask for, on the day from which its figures count: the flow, and the
    facts of a question of law."""
    warm_up = scenario.world.warm_up.seconds()[0] if scenario.world.warm_up else 0
    day = scenario.world.starts + timedelta(seconds=warm_up)
    for id_, flow in scenario.world.demand.items():
        for measure in flow.measures if flow.from_ else ():
            yield id_, flow, {"requesting": flow.from_, "requested": flow.to, "measure": measure, "day": day}


MET_BY_NOBODY = {
    "chisinau-2002": "between its parties it replaces Minsk 1993, on which the two States of `caravan` rely",
    "conv-108-plus": "it is not in force; two States are bound that it will bind then",
    "saarc-2002": "no shipped world has two States of South Asia",
}
"""Instruments on which no flow of a shipped world rests, and why."""


@pytest.mark.slow
def test_every_instrument_is_met(library: Library) -> None:
    """Each, but for those named, binds two States of a shipped world, and a flow between two of them rests on it or on
    what it amends or supplements; on what nothing can rest (rights of victims, teams) bears on such a flow."""
    bound: set[str] = set()
    used: set[str] = set()
    for name in WORLDS:
        scenario = load(name)
        states = scenario.world.jurisdictions
        bound |= {
            record.id
            for record in every_instrument(scenario)
            if record.needs_no_treaty or any(binds(scenario, record, a, b) for a in states for b in states if a < b)
        }
        pairs = set()
        for _, flow, facts in _asked(scenario):
            # Most requests of a flow are about other matters than trafficking.
            one, other = (scenario.jurisdictions[flow_side] for flow_side in (flow.from_, flow.to))
            for offence in {*one.criminalises} & {*other.criminalises}:
                bases = legal_bases(scenario, **facts, offence=offence)
                for basis in (basis for basis in bases if basis is bases[0] or basis.id == flow.instrument):
                    used |= {basis.id, *(other.id for other in basis.read_with)}
            pairs.add((flow.from_, flow.to))
        for one, other in pairs:
            for id_ in {record.id for record in every_instrument(scenario) if not record.legal_basis} - used:
                offences = {*scenario.jurisdictions[one].criminalises} & {*scenario.jurisdictions[other].criminalises}
                asked = ((measure, offence) for measure in library.ids("measure") for offence in sorted(offences))
                if any(_bears_on(scenario, id_, one, other, *facts) for facts in asked):
                    used.add(id_)
    assert set(library.ids("instrument")) - bound == set(MET_BY_NOBODY) - {"conv-108-plus"}
    assert set(library.ids("instrument")) - used == set(MET_BY_NOBODY)


def _bears_on(scenario: Scenario, id_: str, one: str, other: str, measure: str, offence: str) -> bool:
    """Whether an instrument that is no basis is in force between two States and speaks of a measure."""
    question = ask(scenario, requesting=one, requested=other, measure=measure, offence=offence, day=date(2027, 3, 1))
    record = scenario.instrument(id_)
    in_force = record.needs_no_treaty or record.in_force(question.day)
    return in_force and reaches_apart_from_time(question, record)


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_what_a_flow_rests_on_applies(name: str) -> None:
    scenario = load(name)
    for id_, flow, facts in _asked(scenario):
        if flow.instrument is None or (name in WORLDS[:3] and facts["measure"] in FORMS_OF_THE_FIRST_WORLDS):
            continue
        assert flow.instrument in [basis.id for basis in legal_bases(scenario, **facts)], (id_, facts["measure"])


def _question_lines() -> list[str]:
    folder = TOP / "tests" / "law" / "answers"
    return [line for path in folder.glob("*.yaml") for line in path.read_text(encoding="utf-8").splitlines()]


def test_there_are_at_least_150_questions_of_law() -> None:
    assert sum(line.startswith("- question:") for line in _question_lines()) >= 150


@pytest.mark.slow
def test_every_rule_can_be_reached(world: Scenario) -> None:
    """Rules of instruments in force that bind two States of the world, after 200 random requests under each."""
    rng = random.Random(1)
    states, measures = list(world.world.jurisdictions), world.library.ids("measure")
    offences = sorted({offence for profile in world.jurisdictions.values() for offence in profile.criminalises})
    bound = [id_ for state in states for id_ in world.jurisdictions[state].instruments]
    instruments = sorted({id_ for id_ in bound if bound.count(id_) > 1})
    instruments = [id_ for id_ in instruments if world.find("instrument", id_).in_force(world.world.starts)]
    pairs = {
        id_: [(a, b) for a in states for b in states if a != b and _binds(world, id_, a, b)] for id_ in instruments
    }
    seen: set[str] = set()
    decks: dict[str, list[str]] = {}
    for number in range(200 * len(instruments)):
        id_ = instruments[number % len(instruments)]
        one, other = rng.choice(pairs[id_])
        deck = decks.setdefault(id_, [])
        if not deck:  # shuffled, so that each measure has its turn under each instrument
            deck += rng.sample(measures, len(measures))
        answer = explain(
            world,
            requesting=one,
            requested=other,
            measure=deck.pop(),
            offence=rng.choice([*offences, *["trafficking-in-persons"] * 5]),
            instrument=id_,
            maximum_penalty_years=rng.choice([None, 1, 2, 3, 5, 10]),
        )
        seen |= set(answer.reason.references())
    # Elements are asked about by `sim.law.elements`, relations decide the order of bases.
    missing = {
        f"{id_} {provision.article}"
        for id_ in instruments
        for provision in world.find("instrument", id_).provisions
        if provision.rule.name not in ("element", "relation")
        and world.find("instrument", id_).legal_basis
        and f"{id_} {provision.article}" not in seen
        and (getattr(provision.rule.content_of, "ground", "") != "legal-remedies" or _appeals(world, pairs[id_]))
    }
    # Comes second to another rule of its kind: the same offence, measure, channel or item named before.
    missing = {reference for reference in missing if not _said_before(world, reference)}
    # Between all States that it binds here, another instrument stands in its place for the measures it speaks of.
    assert {one for one in missing if not _replaced(world, one.partition(" ")[0], pairs)} == set()


def _appeals(world: Scenario, pairs: list[tuple[str, str]]) -> bool:
    """Whether in any of these States those affected can have the handing over held back, so that it can be said."""
    return any(world.jurisdictions[state].legal_remedies for pair in pairs for state in pair)


def _binds(world: Scenario, id_: str, one: str, other: str) -> bool:
    return all(id_ in world.jurisdictions[state].instruments for state in (one, other))


def _replaced(world: Scenario, id_: str, pairs: dict[str, list[tuple[str, str]]]) -> bool:
    """Whether, for every pair of States that an instrument binds, one that takes its place binds them too."""
    relations = [
        (other, provision.rule.relation)
        for other in pairs
        for provision in world.find("instrument", other).provisions
        if provision.rule.relation
    ]
    replacing = {other for other, found in relations if found.relation == "replaces" and id_ in found.to}
    own = [found.to for other, found in relations if found.relation == "gives way to" and other == id_]
    replacing |= {other for to in own for other in to if other in pairs}
    return all(any(pair in pairs[other] for other in replacing) for pair in pairs[id_])


def _beside(world: Scenario, id_: str) -> list[str]:
    """Instruments that are read as one with another: those that amend or supplement it, or that it does."""
    found = set()
    for other, record in world.records["instrument"].items():
        for provision in record.provisions:
            relation = provision.rule.relation
            if relation and relation.relation in ("amends", "supplements"):
                found |= {other} if id_ in relation.to else set()
                found |= set(relation.to) - {"any"} if other == id_ else set()
    return sorted(one for one in found if one in world.records["instrument"])


def _said_before(world: Scenario, reference: str) -> bool:
    """Whether an earlier provision of the instrument, or one it builds on, says the same."""
    id_, _, article = reference.partition(" ")
    record = world.find("instrument", id_)
    target = next(p for p in record.provisions if p.article == article)
    others = [p for p in record.provisions if p is not target]
    for other in {*_beside(world, id_), *filter(None, [record.builds_on])}:
        others += world.find("instrument", other).provisions
    first = _gist(target)
    return any(set(first) & set(_gist(other)) for other in others if other.rule.name == target.rule.name)


def _gist(provision: Any) -> tuple[str, ...]:
    rule, name = provision.rule.content_of, provision.rule.name
    lists = {"measure": "measures", "channel": "channels", "scope": "offences"}
    if name in lists:
        return tuple(getattr(rule, lists[name])) or ("condition",)
    fields = ("item", "step", "allows", "duty", "ground")
    return tuple(str(getattr(rule, field)) for field in fields if hasattr(rule, field)) or (name,)


def test_in_a_federation_requests_pass_its_constituent_units() -> None:
    """They pass an office that other States do not have; between two others they are taken up as they always were."""
    plan = compile_world(load("windward"), flows=frozenset({"hal-ver", "hal-que", "alb-est"}))
    at = {
        (node.activity.flow, plan.offices[node.office].id)
        for node in plan.nodes
        if node.activity.stage == "constituent-unit" and node.office >= 0
    }
    assert at == {("hal-ver", "ver-units")}


# What procedures and measures do


def _journey(world: Scenario, procedure: str, measure: str, **more: Any) -> list[tuple[str, int, int]]:
    """A request sent by hand through a procedure: (outcome, seconds, stages) for several seeds."""
    from sim.case.requests import TracedRequest
    from sim.engine.log import RequestKind

    graph = world.find("procedure", procedure)
    results = []
    plan = compile_world(world, flows=frozenset())
    for seed in range(6):
        simulation = Simulation(plan, seed=seed)
        request = TracedRequest("by-hand", "nor", 0, dict(graph.chances))
        channel = more.get("channel", "central-authority-email")
        kind = RequestKind("case/x", "lys", "nor", procedure, (measure,), channel, "untoc", -1, True)
        unfold = RequestToUnfold(graph, kind, world.find("channel", channel), {}, urgent=more.get("urgent", False))
        ended: list[tuple[str, int]] = []
        simulation.on_notice = lambda r, what, stage, now, step, e=ended: (
            e.append((stage, now)) if what == "left" else None
        )
        simulation.send(request, unfold, 0)
        simulation.advance(2000 * DAY)
        assert ended, f"{procedure} {measure} never ends"
        results.append((*ended[0], seed))
    return results


@pytest.mark.slow
@pytest.mark.parametrize("measure", Library((shipped_folder(),)).ids("measure"))
def test_every_measure_can_be_carried_out(measure: str) -> None:
    outcomes = _journey(load("meridian"), "letter-of-request", measure)
    assert any(outcome.startswith("executed") for outcome, *_ in outcomes)
    assert all(seconds > DAY for _, seconds, _ in outcomes)


def test_an_order_to_a_provider_takes_days() -> None:
    world = load("meridian")
    days = [s / DAY for _, s, _ in _journey(world, "production-order", "subscriber-data", channel="provider-order")]
    letter = [s / DAY for _, s, _ in _journey(world, "letter-of-request", "subscriber-data")]
    urgent = _journey(world, "production-order", "subscriber-data", channel="provider-order", urgent=True)
    assert statistics.median(days) < 30 < statistics.median(letter)
    assert statistics.median(s / DAY for _, s, _ in urgent) < statistics.median(days)


def test_an_order_for_action_within_days_takes_days_where_the_urgency_has_reasons() -> None:
    world = load("meridian")
    order: Any = world.instrument("eio")
    assert order.procedure_for("eurojust", ("urgent-action",)) == "urgent-order"
    assert order.procedure_for("eurojust", ("urgent-action", "bank-records")) == order.procedure
    urgent = _journey(world, "urgent-order", "urgent-action", channel="eurojust", urgent=True)
    stamped = _journey(world, "urgent-order", "urgent-action", channel="direct-judicial")
    assert statistics.median(s / DAY for _, s, _ in urgent) < 7
    assert statistics.median(s / DAY for _, s, _ in stamped) > 14


def test_police_information_takes_hours_or_days() -> None:
    world = load("meridian")
    days = [s / DAY for _, s, _ in _journey(world, "police-information", "identity-check", channel="europol-siena")]
    assert statistics.median(days) < 12


def test_an_extradition_takes_its_requests_along() -> None:
    from sim.case.run import CaseRun
    from sim.model.action import Action

    run = CaseRun(load("silent-harbour"), seed=1)
    common = {"instrument": "untoc", "channel": "central-authority", "language": "en", "to": "cal"}
    run.perform(Action.model_validate({"send": {"id": "alone", "measures": ["bank-records"], **common}}))
    run.perform(Action.model_validate({"send": {"id": "surrender", "measures": ["extradition"], **common}}))
    run.perform(Action.model_validate({"send": {"id": "with-it", "measures": ["witness-statement"], **common}}))
    assert [run.requests[id_].token.priority for id_ in ("alone", "surrender", "with-it")] == [1, 1, 0]


def test_refusals_rest_on_a_ground_the_instrument_knows() -> None:
    """In three years of the busiest world no request is refused on a ground its law does not know."""
    world = load("meridian")
    run = sim.run(world, years=1, seed=2)
    table = run.requests()
    refused = table[table["outcome"].str.startswith("refused: ")]
    assert len(refused) > 20
    for row in refused.to_dict("records"):
        flow = world.world.demand[row["flow"]]
        if not flow.instrument or not flow.from_:
            continue
        ground = row["outcome"].removeprefix("refused: ")
        known = {
            answer.ground
            for measure in flow.measures
            for answer in sim.law.refusal_grounds(
                world, requesting=flow.from_, requested=flow.to, measure=measure, instrument=flow.instrument
            )
            if answer.availability in ("available", "possible")
        }
        fallbacks = {"not-in-conformity", "immunity", "no-legal-basis", "no-reciprocity"}
        assert ground in known | fallbacks, (row["flow"], ground)


# Worlds and levers


def test_worlds_differ_in_what_their_offices_can_do() -> None:
    corridor = load("corridor").world
    offices = corridor.offices.values()
    staff = {state: sum(o.staff for o in offices if o.jurisdiction == state) for state in ("ben", "sol")}
    assert staff["ben"] * 3 < staff["sol"]
    assert corridor.jurisdictions["ade"].chances["no-reply"] > 10 * corridor.jurisdictions["sol"].chances["no-reply"]


@pytest.mark.slow
@pytest.mark.parametrize("lever", Library((shipped_folder(),)).ids("lever"))
def test_every_lever_applies_to_every_world(lever: str) -> None:
    for name in WORLDS:
        scenario = load(name)
        assert apply(scenario, [lever]).hash != scenario.hash, name


@pytest.mark.slow
def test_levers_move_what_they_are_for() -> None:
    """A direction each, on the corridor, where everything takes long."""
    world = load("corridor")

    def figures(levers: list[str]) -> dict[str, float]:
        scenario = apply(world, levers) if levers else world
        table = sim.run(scenario, years=2, seed=3).requests()
        letters = table[table["flow"].isin(["sol-ade", "est-ade", "ade-incoming", "sol-ben"])]
        ended = letters[letters["outcome"] != ""]
        return {
            "silent": (ended["outcome"] == "lapsed").mean(),
            "refused": ended["outcome"].str.startswith("refused").mean(),
            "loops": letters["times gone back"].mean(),
        }

    plain = figures([])
    assert figures(["liaison-magistrates"])["silent"] < plain["silent"]
    assert figures(["legal-reform"])["silent"] < plain["silent"]
    assert figures(["digital-platform"])["loops"] < plain["loops"]
    assert figures(["training"])["loops"] < plain["loops"]
    assert figures(["harmonisation"])["refused"] <= plain["refused"]


def test_folders_know_every_kind() -> None:
    assert set(KINDS) < set(FOLDERS)


# Glossary


def test_every_article_the_glossary_cites_is_in_the_library(library: Library) -> None:
    scenario, cited = load("meridian"), 0
    for id_ in library.ids("glossary"):
        record: Any = library.get("glossary", id_)
        for term in record.terms:
            for instrument, article in term.cited:
                assert scenario.instrument(instrument)
                assert not article or provisions(scenario, f"{instrument} {article}"), (term.term, instrument, article)
                cited += 1
    assert cited > 40


def test_the_glossary_has_the_words_of_the_field(library: Library) -> None:
    names = {
        name for id_ in library.ids("glossary") for term in library.get("glossary", id_).terms for name in term.names
    }  # type: ignore[union-attr]
    wanted = (
        "EIO, Prüm, MLAT, central authority, dual criminality, specialty, preservation order, 24/7 contact point, "
        "INTERPOL, NCB, Eurojust, SIENA, JIT, letters rogatory, liaison magistrate, safe conduct, "
        "recovery and reflection period, ne bis in idem, UNTOC, Palermo Protocol, CETS 197, Budapest Convention"
    )
    assert set(wanted.split(", ")) <= names
