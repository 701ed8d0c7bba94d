"""Rules that bite: what conduct does to trust, use, secrets, people and chances while a case is played."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from sim.case import expiry, request_chances, results
from sim.case.plan import compile_case
from sim.case.request_chances import FULL, chances
from sim.case.run import CaseRun
from sim.case.trust import NEUTRAL, Relation
from sim.model import events
from sim.model.case import Circumstances
from sim.model.durations import DAY
from sim.model.loading import Scenario, copied_data, load, with_data
from sim.model.outcomes import Outcome
from sim.training.messages import message_of
from sim.training.scoring import score
from sim.training.session import Session
from tests.training.behaviour import CONDUCT, COORDINATION, PEOPLE, SECRECY, TRUST
from tests.training.letters import do, told
from tests.training.letters import letter as a_letter

letter = partial(a_letter, confidential=True)


def changed(scenario: Scenario, change: Callable[[dict[tuple[str, str], Any]], None]) -> Scenario:
    """The scenario with its data changed."""
    data = copied_data(scenario)
    change(data)
    return with_data(scenario, data)


@pytest.fixture
def run(short: Scenario, short_plan: Any) -> CaseRun:
    return CaseRun(short, seed=7, plan=short_plan)


def weigh(scenario: Scenario, relation: Relation | None = None, **more: Any) -> dict[str, float]:
    """The named chances of a letter."""
    spec = letter(**more)
    items = FULL | dict(spec.items)
    usual = request_chances.usual_chances(scenario, scenario.find("procedure", "letter-of-request"), spec.to)
    return chances(scenario, spec, items, "lys", usual, relation or Relation(TRUST), False)[0]


# Trust


def test_trust_begins_as_the_world_says(run: CaseRun) -> None:
    assert run.relation("nor").trust == 0.65
    assert run.relation("tar").trust == 0.35
    assert run.relation("cal").trust == NEUTRAL


@pytest.mark.parametrize(
    ("more", "because"),
    [({"urgent": "stamped"}, "urgent without reasons"), ({"scope": "broad"}, "overbroad")],
)
def test_a_letter_can_cost_trust(run: CaseRun, more: dict[str, Any], because: str) -> None:
    do(run, send=letter(**more))
    assert [step.because for step in run.relation("cal").steps] == [because]
    assert run.relation("cal").trust == pytest.approx(NEUTRAL + getattr(TRUST, because.replace(" ", "_")))


def test_asking_twice_costs_trust(run: CaseRun) -> None:
    do(run, send=letter())
    do(run, send=letter(id="again"))
    assert [step.because for step in run.relation("cal").steps] == ["asked twice"]


def test_trust_moves_silence_and_questions(short: Scenario) -> None:
    neutral, good, bad = (weigh(short, Relation(TRUST, trust)) for trust in (0.5, 0.9, 0.1))
    for name in ("no-reply", "incomplete"):
        assert good[name] < neutral[name] < bad[name]


def test_feedback_and_withdrawal_of_what_is_needless_earn_trust(run: CaseRun) -> None:
    do(run, send=letter())
    run.evidence["terminal-logs"].lost_at = run.now
    do(run, withdraw={"request": "a-letter"})
    do(run, feedback={"request": "a-letter"})
    assert [step.because for step in run.relation("cal").steps] == ["withdrawn", "feedback"]
    assert run.requests["a-letter"].state == "withdrawn"


def test_a_political_event_moves_trust_and_a_broken_channel_waits(short: Scenario) -> None:
    def change(data: dict[tuple[str, str], Any]) -> None:
        data["case", short.id]["injects"]["retention-notice"] |= {
            "when": {"after": "0 days"},
            "trust": {"cal": -0.3},
            "closes": {"central-authority-email": "10 days"},
        }

    session = Session(changed(short, change), seed=7)
    session.choose("gather-first")
    run = session.run
    assert run.relation("cal").trust == pytest.approx(0.2)
    do(run, send=letter())
    assert run.requests["a-letter"].token is None and told(run, events.ChannelClosed) == [("a-letter",)]
    run.simulation.advance(run.closed["central-authority-email"] + DAY)
    assert run.requests["a-letter"].token is not None


# What a request says and how it is sent


def test_a_missing_nexus_can_ground_a_refusal(short: Scenario) -> None:
    assert weigh(short, items={"facts": "missing"})["refused"] >= CONDUCT.no_nexus
    found = weigh(short, items={"facts": "missing"})
    assert found["own-system"] == 0 and found["dual-criminality"] == 0, "the ground is the one the facts raise"


def test_an_overbroad_letter_is_narrowed(short: Scenario) -> None:
    assert weigh(short, scope="broad")["partial"] == pytest.approx(weigh(short)["partial"] + CONDUCT.overbroad_part)


def test_a_poor_translation_must_be_done_again(short: Scenario) -> None:
    good, poor, machine = (
        weigh(short, to="kow", channel="central-authority", language="en", translation=by)
        for by in ("certified", "uncertified", "machine")
    )
    assert good["returned"] < 0.5 and machine["returned"] >= CONDUCT.wrong_language, "Kowlin takes sworn ones only"
    assert poor["returned"] == machine["returned"]
    assert weigh(short, translation="machine")["incomplete"] > weigh(short)["incomplete"]


def test_a_guessed_authority_is_often_the_wrong_one(short: Scenario) -> None:
    assert weigh(short, authority="guessed")["wrong-authority"] == pytest.approx(4 * weigh(short)["wrong-authority"])
    known = weigh(short, Relation(TRUST, consulted=True), authority="guessed")
    assert known["wrong-authority"] == weigh(short)["wrong-authority"], "whoever was asked has said where to send it"


def test_dual_criminality_is_raised_where_it_is_wanting(short: Scenario) -> None:
    scenario = changed(short, lambda data: data["case", short.id].update(offence="forced-labour"))
    found = weigh(scenario, to="kow", instrument="letters-rogatory", channel="diplomatic")
    assert found["refused"] >= CONDUCT.raised
    assert weigh(short, to="kow", instrument="letters-rogatory", channel="diplomatic")["refused"] < CONDUCT.raised


def test_without_consent_no_transfer(run: CaseRun) -> None:
    person = run.people["deckhand"]
    assert not person.consents("the detained person"), "nobody has informed him"
    person.supports.add("information")
    assert person.consents("the detained person")
    person.withdrawn_at = 0
    assert not person.consents("the person heard")


def test_evidence_without_the_forms_of_home_is_worth_less(run: CaseRun) -> None:
    do(run, send=letter(id="heard", measures=["witness-statement"], formalities=False))
    request = run.requests["heard"]
    request.secured.add("terminal-logs")
    results._obtain(run, request, Outcome("executed"))
    item = run.evidence["terminal-logs"]
    assert item.lacks_form and item.worth == item.record.weight / 2


def test_a_copy_through_interpol_is_prepared_before_the_original_comes(run: CaseRun) -> None:
    do(run, send=letter(id="plain", urgent="no"))
    do(run, send=letter(id="copied", urgent="no", interpol_copy=True, evidence=[]))
    for id_, passes in (("plain", False), ("copied", True)):
        stages = _stages_on_the_way(run, id_)
        assert ("desk" in stages) is not passes


def _stages_on_the_way(run: CaseRun, id_: str) -> set[str]:
    """Stages in which time passes on a request's way."""
    found, frontier = set(), [run.requests[id_].token.node]
    seen = set()
    while frontier:
        node = frontier.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.draws is not None:
            found.add(run.simulation.log.activities[node.activity].stage)
        frontier += [node.next] if node.next is not None else []
        frontier += [route[1] for route in node.routes] + node.branches
    return found


# Oral requests


def test_an_oral_request_begins_at_once_and_lapses_unless_confirmed(run: CaseRun) -> None:
    do(run, send=letter(id="said", oral=True))
    do(run, send=letter(id="kept", oral=True, evidence=[]))
    assert run.requests["said"].stage in ("receipt", "desk"), "no drafting, no road"
    do(run, confirm={"request": "kept"})
    run.simulation.advance(run.now + COORDINATION.confirm_within + DAY)
    assert run.requests["said"].state == "lapsed"
    assert run.requests["kept"].state != "lapsed"
    assert "oral and never confirmed" in [step.because for step in run.relation("cal").steps]


def test_word_of_mouth_without_urgency_is_an_ordinary_letter(run: CaseRun) -> None:
    do(run, send=letter(id="said", oral=True, urgent="no"))
    assert run.requests["said"].stage == "drafting"


# Use


def received(run: CaseRun, **more: Any) -> Any:
    do(run, send=letter(**more))
    request = run.requests["a-letter"]
    request.secured.add("terminal-logs")
    results._obtain(run, request, Outcome("executed"))
    return run.evidence["terminal-logs"]


def test_use_beyond_the_purpose_costs_the_evidence_and_trust(run: CaseRun) -> None:
    item = received(run)
    do(run, use={"evidence": "terminal-logs"})
    assert item.state(run.now) == "obtained"
    do(run, use={"evidence": "terminal-logs", "purpose": "another proceeding"})
    assert item.state(run.now) == "excluded" and run.weight_obtained() == 0
    assert run.relation("cal").trust == pytest.approx(NEUTRAL + TRUST.used_beyond_its_purpose)
    assert ("terminal-logs",) in told(run, events.UsedBeyondConditions)


def test_with_consent_the_same_use_is_lawful(run: CaseRun) -> None:
    item = received(run)
    run.relation("cal").trust = 1.0
    do(run, ask_consent={"evidence": "terminal-logs"})
    run.simulation.advance(run.now + COORDINATION.consent_takes + 1)
    assert item.consented and told(run, events.ConsentGiven) == [("terminal-logs",)]
    do(run, use={"evidence": "terminal-logs", "purpose": "another proceeding"})
    assert item.state(run.now) == "obtained"


def test_police_information_is_a_lead_until_the_sender_consents(run: CaseRun) -> None:
    item = received(run, channel="europol-siena")
    assert item.state(run.now) == "lead only" and item.may_be_consented
    run.relation("cal").trust = 1.0
    do(run, ask_consent={"evidence": "terminal-logs"})
    run.simulation.advance(run.now + COORDINATION.consent_takes + 1)
    assert item.state(run.now) == "obtained"


def test_a_lead_used_as_evidence_is_left_out(run: CaseRun) -> None:
    item = received(run, channel="interpol", urgent="stamped")
    do(run, use={"evidence": "terminal-logs"})
    assert item.state(run.now) == "excluded"
    assert not item.may_be_consented


def test_help_under_conditions_is_told_and_stays_with_the_evidence(run: CaseRun) -> None:
    do(run, send=letter())
    request = run.requests["a-letter"]
    run._on_notice(request, "began", "conditions", run.now)
    request.secured.add("terminal-logs")
    results._obtain(run, request, Outcome("executed"))
    assert told(run, events.ConditionsSet) == [("a-letter",)] and run.evidence["terminal-logs"].conditions


# Secrets


def leaks(run: CaseRun, count: int, **more: Any) -> int:
    for number in range(count):
        do(run, send=letter(id=f"letter-{number}", evidence=[], **more))
    run.simulation.advance(run.now + SECRECY.to_react + 120 * DAY)
    left = {event.about: event.moment for event in run.events if isinstance(event, events.Sent)}
    known = [event for event in run.events if isinstance(event, events.Leaked)]
    assert all(left[event.about] + SECRECY.to_react <= event.moment for event in known), "known only once it has left"
    return len(known)


def test_how_a_letter_travels_and_what_it_asks_decides_what_leaks(short: Scenario, short_plan: Any) -> None:
    found = {}
    for name, more in {
        "closed": {},
        "open mail": {"channel": "ordinary-email"},
        "not confidential": {"confidential": False, "measures": ["bank-records"]},
    }.items():
        found[name] = leaks(CaseRun(short, seed=3, plan=short_plan), 60, **more)
    assert found["closed"] < found["open mail"]
    assert found["closed"] < found["not confidential"], "Calden tells the person concerned unless asked not to"


def test_suspects_who_are_warned_move_what_they_can(short: Scenario, short_plan: Any) -> None:
    def change(data: dict[tuple[str, str], Any]) -> None:
        for item in data["case", short.id]["evidence"].values():
            item["movable"] = True

    scenario = changed(short, change)
    lost = 0
    for seed in range(6):
        run = CaseRun(scenario, seed=seed, plan=compile_case(scenario) if not seed else None)
        expiry.leak(run, "a-letter", "cal")
        lost += sum(cause == "moved or destroyed" for _, cause in told(run, events.EvidenceLost))
    assert 0 < lost < 6
    run = CaseRun(short, seed=1, plan=short_plan)
    expiry.leak(run, "a-letter", "cal")
    assert told(run, events.EvidenceLost) == [], "what cannot be moved stays"


# Teams and services


def test_a_team_shares_without_requests(short: Scenario, short_plan: Any) -> None:
    run = CaseRun(short, seed=5, plan=short_plan)
    do(run, propose_team={"members": ["nor", "hel"]})
    run.simulation.advance(run.now + 200 * DAY)
    agreed = {state for _, state in told(run, events.TeamAgreed)}
    assert run.team == agreed and agreed, "with a third State by UNTOC art. 19"
    state = min(agreed)
    do(run, send=letter(id="shared", to=state, channel="joint-investigation-team", instrument="untoc", evidence=[]))
    request = run.requests["shared"]
    assert request.in_team and "legal-check" not in _stages_on_the_way(run, "shared")
    assert run.holds(Circumstances(team=(state,)))


def test_without_a_team_its_channel_is_closed(short: Scenario) -> None:
    assert weigh(short, channel="joint-investigation-team")["returned"] >= CONDUCT.wrong_channel


def test_a_service_takes_time_and_then_helps(run: CaseRun) -> None:
    do(run, ask={"service": "unodc-request-writer", "to": "cal"})
    do(run, send=letter(items={"purpose": "missing"}))
    before = run.requests["a-letter"].chances["incomplete"]
    run.simulation.advance(run.now + 30 * DAY)
    assert run.requests["a-letter"].chances["incomplete"] == pytest.approx(before * 0.5)
    assert any("UNODC" in why.because for why in run.requests["a-letter"].why)
    assert run.holds(Circumstances(found={"unodc-request-writer": "hit"}))


def test_what_was_learnt_fades(short: Scenario) -> None:
    effect = short.find("service", "unodc-training").effect
    relation = Relation(TRUST, services={"unodc-training": (0, effect)})
    months = [relation.factors(round(month * 30.4 * DAY)).get("incomplete", (1.0, ""))[0] for month in (0, 12, 24, 36)]
    assert months[0] == effect.chances["incomplete"]
    assert months == sorted(months) and months[2] == pytest.approx(1.0, abs=0.01) and months[3] == 1.0


@pytest.mark.parametrize(
    ("service", "to", "reason"),
    [
        ("europol-analysis", "cal", "not available: not taking part in Europol: Calden."),
        ("europol-counter-terrorism-centre", "nor", "nothing in the case points to it: terrorism"),
        ("eurojust-urgent-action", "nor", "nothing in the case points to it: danger to life"),
        ("liaison-magistrate-advice", "cal", "that channel is not used by Calden"),
    ],
)
def test_an_institution_acts_only_where_it_may(run: CaseRun, service: str, to: str, reason: str) -> None:
    do(run, ask={"service": service, "to": to})
    assert told(run, events.ServiceUnavailable)[-1][0] == service
    message = message_of(run, run.events[-1])
    assert message is not None and reason in message.text
    assert run.found[service] == "not available" and f"ask-{service}" not in run.requests


def test_urgent_action_puts_requests_first(short: Scenario) -> None:
    scenario = changed(short, lambda data: data["case", short.id].update(links=["danger to life"]))
    run = CaseRun(scenario, seed=2)
    do(run, ask={"service": "eurojust-urgent-action", "to": "nor"})
    run.simulation.advance(run.now + 10 * DAY)
    assert run.relation("nor").urgent
    do(run, send=letter(to="nor", instrument="eio", channel="direct-judicial", urgent="no", evidence=[]))
    assert run.requests["a-letter"].token.priority == 0


def test_databases_hit_or_not_and_a_hit_is_no_evidence(short: Scenario, short_plan: Any) -> None:
    results = set()
    for seed in range(12):
        run = CaseRun(short, seed=seed, plan=short_plan)
        do(run, ask={"service": "interpol-databases", "to": "cal"})
        run.simulation.advance(run.now + 20 * DAY)
        results.add(run.found["interpol-databases"])
        assert run.weight_obtained() == 0
    assert results == {"hit", "no hit"}


def test_every_service_can_be_asked_for(short: Scenario, short_plan: Any) -> None:
    scenario = changed(
        short,
        lambda data: data["case", short.id].update(
            links=["terrorism", "danger to life", "several States investigate", "child victim", "proceeds"]
        ),
    )
    run = CaseRun(scenario, seed=4)
    for service in scenario.library.ids("service"):
        do(run, ask={"service": service, "to": "nor", "person": "deckhand"})
    run.simulation.advance(run.now + 200 * DAY)
    unavailable = {service for service, found in run.found.items() if found == "not available"}
    assert set(run.found) == set(scenario.library.ids("service"))
    assert unavailable == {"wacap-contact", "seajust-contact", "liaison-magistrate-advice"}


# People


def test_to_prosecute_somebody_who_was_made_to_offend_ends_their_part(short: Scenario, short_plan: Any) -> None:
    def change(data: dict[tuple[str, str], Any]) -> None:
        data["case", short.id]["people"]["deckhand"]["made to offend"] = True

    run = CaseRun(changed(short, change), seed=1)
    before = run.people["deckhand"].wellbeing
    do(run, treat={"person": "deckhand", "as": "suspect"})
    assert run.people["deckhand"].wellbeing == pytest.approx(before - 0.2)
    assert run.person_state("deckhand") == "withdrawn"
    run = CaseRun(short, seed=1, plan=short_plan)
    do(run, treat={"person": "deckhand", "as": "victim"})
    assert run.person_state("deckhand") == "available"


def test_a_return_is_prepared_or_harms(run: CaseRun, short: Scenario, short_plan: Any) -> None:
    person = run.people["deckhand"]
    before = person.wellbeing
    do(run, repatriate={"person": "deckhand", "voluntary": False})
    assert person.wellbeing == pytest.approx(before + PEOPLE.forced_return + PEOPLE.unassessed_return)
    assert run.person_state("deckhand") == "gone home"
    assert run.holds(Circumstances(people={"deckhand": "gone home"}))
    careful = CaseRun(short, seed=7, plan=short_plan)
    do(careful, protect={"person": "deckhand", "by": ["risk assessment"]})
    do(careful, repatriate={"person": "deckhand"})
    assert careful.people["deckhand"].wellbeing == before


def test_who_has_gone_home_is_lost_more_easily(short: Scenario, short_plan: Any) -> None:
    here = CaseRun(short, seed=1, plan=short_plan).people["deckhand"]
    gone = CaseRun(short, seed=1, plan=short_plan).people["deckhand"]
    gone.returned = True
    chance = here.record.withdrawal_per_month * 2 * (1 - here.wellbeing + 0.02) * 1.5
    assert not here.month_passes(lambda _: chance) and gone.month_passes(lambda _: chance)


def test_who_is_invited_may_come_and_safe_conduct_ends_after_fifteen_days(run: CaseRun) -> None:
    run.people["deckhand"].wellbeing = 1.0
    do(run, invite={"person": "deckhand", "evidence": "statement"})
    run.simulation.advance(run.now + PEOPLE.travel_takes + DAY)
    assert run.evidence["statement"].state(run.now) == "obtained"
    run.simulation.advance(run.now + PEOPLE.safe_conduct)
    assert told(run, events.SafeConductEnded) == [("deckhand", 15)]


def test_nobody_is_compelled_to_travel(short: Scenario, short_plan: Any) -> None:
    declined = 0
    for seed in range(20):
        run = CaseRun(short, seed=seed, plan=short_plan)
        run.people["deckhand"].wellbeing = 0.1
        do(run, invite={"person": "deckhand", "evidence": "statement", "safe conduct": False})
        run.simulation.advance(run.now + PEOPLE.travel_takes + DAY)
        declined += ("deckhand",) in told(run, events.TravelDeclined)
    assert declined > 10


# National law


def test_retention_and_limits_come_from_national_law(short: Scenario) -> None:
    def change(data: dict[tuple[str, str], Any]) -> None:
        case = data["case", short.id]
        case["evidence"]["terminal-logs"]["retention"] = "by national law"
        case["evidence"]["terminal-logs"]["origins"] = {"all": "assumption: made for this test"}
        case["deadlines"]["detention-hearing"] |= {"due": "detention limit", "elapsed": "30 days"}

    run = CaseRun(changed(short, change), seed=1)
    item = run.evidence["terminal-logs"]
    assert item.retention is not None and item.retention.seconds()[0] == 90 * DAY
    months = run.scenario.jurisdictions["lys"].detention_limit
    assert months is not None
    assert run.deadline("detention-hearing") - run.start == round(months.seconds() - 30 * DAY)


def test_a_pending_request_suspends_the_limitation_period_where_the_law_says_so(short: Scenario) -> None:
    def change(data: dict[tuple[str, str], Any]) -> None:
        data["case", short.id]["deadlines"]["detention-hearing"] |= {"due": "limitation period", "elapsed": "3590 days"}
        data["jurisdiction", "lys"]["limitation suspended"] = "20 days"
        data["jurisdiction", "lys"]["origins"]["limitation suspended"] = "assumption: made for this test"

    run = CaseRun(changed(short, change), seed=1)
    plain = run.deadline("detention-hearing")
    do(run, send=letter())
    run.simulation.advance(run.now + 12 * DAY)
    assert run.deadline("detention-hearing") == plain + 12 * DAY
    run.simulation.advance(run.now + 30 * DAY)
    assert run.deadline("detention-hearing") == plain + 20 * DAY, "and no longer than the law allows"


def test_a_hearing_that_must_suit_two_courts_takes_longer_across_time_zones() -> None:
    from sim.engine.compile import compile_world

    world = load("meridian")
    plan = compile_world(world)
    factors = {
        node.activity.flow: node.factor for node in plan.nodes if node.activity.title.startswith("Until both courts")
    }
    pace = world.world.jurisdictions["nor"].pace
    assert pace is not None and factors["lys-nor"] >= pace
    assert plan.sittings and all(0 < share <= 1 for share in plan.sittings.values())


def test_scores_say_nothing_against_what_stays_in_the_team(short: Scenario) -> None:
    session = Session(short, seed=1)
    session.run.team.add("nor")
    do(session.run, send=letter(to="nor", channel="joint-investigation-team", evidence=[]))
    judged = {axis.axis: axis for axis in score(session)}
    assert judged["legal-basis"].value is None


def test_an_identity_in_clear_is_least_safe_where_nothing_protects_data(short: Scenario, short_plan: Any) -> None:
    exposed = {}
    for state, channel in (("cal", "central-authority-email"), ("tar", "diplomatic")):
        exposed[state] = 0
        for seed in range(30):
            run = CaseRun(short, seed=seed, plan=short_plan)
            before = run.simulation.now
            do(run, send=letter(to=state, channel=channel, names_victim=True, evidence=[]))
            run.simulation.advance(before + 40 * DAY)
            exposed[state] += ("deckhand",) in told(run, events.IdentityKnown)
    assert 0 < exposed["cal"] < exposed["tar"]


def test_what_was_used_beyond_its_conditions_and_sent_without_guarantees_costs_points(short: Scenario) -> None:
    session = Session(short, seed=1)
    do(session.run, send=letter(to="tar", channel="diplomatic", names_victim=True, evidence=[]))
    received(session.run)
    do(session.run, use={"evidence": "terminal-logs", "purpose": "another proceeding"})
    axes = [axis for axis in score(session) if axis.axis == "use-and-confidentiality"]
    words = " ".join(reason.text for axis in axes for reason in axis.reasons)
    assert not axes or ("nothing protects it" in words and "beyond what had been agreed" in words)


def test_the_reflection_period_comes_from_national_law(short: Scenario) -> None:
    def change(data: dict[tuple[str, str], Any]) -> None:
        data["case", short.id]["people"]["deckhand"]["reflection"] = "by national law"
        data["jurisdiction", "lys"]["reflection period"] = "45 days"

    run = CaseRun(changed(short, change), seed=1)
    person = run.people["deckhand"]
    person.interview(run.start + 40 * DAY, run.start, "specialist")
    person.interview(run.start + 50 * DAY, run.start, "specialist")
    assert [early for _, _, early in person.interviews] == [True, False]


# Orders that go their own way: to a provider, between police forces


@pytest.fixture(scope="module")
def where_orders_apply() -> Scenario:
    """The case in 2027, when the Regulation on production orders applies, with the logs at a provider in the Union."""

    def change(data: dict[tuple[str, str], Any]) -> None:
        data["case", "silent-harbour"]["evidence"]["terminal-logs"]["at"] = "nor"
        data["world", "meridian"]["starts"] = "2027-01-04"

    return changed(load("silent-harbour"), change)


ORDER = {
    "to": "nor",
    "measures": ["subscriber-data"],
    "instrument": "e-evidence",
    "channel": "provider-order",
    "language": "fr",
}
POLICE = {"to": "nor", "measures": ["identity-check"], "instrument": "eu-2023-977", "channel": "europol-siena"}


@pytest.fixture(scope="module")
def sent(where_orders_apply: Scenario) -> Callable[..., list[CaseRun]]:
    """Twelve plays in which the same request was sent and 60 days passed, made once. Nobody may act on them."""
    plan = compile_case(where_orders_apply)
    known: dict[str, list[CaseRun]] = {}

    def send(**more: Any) -> list[CaseRun]:
        spec = a_letter(**more)
        if repr(spec) not in known:
            known[repr(spec)] = [CaseRun(where_orders_apply, seed=seed, plan=plan) for seed in range(12)]
            for run in known[repr(spec)]:
                do(run, send=spec)
                run.simulation.advance(run.now + 60 * DAY)
        return known[repr(spec)]

    return send


def test_an_instrument_may_send_what_goes_by_one_channel_another_way(where_orders_apply: Scenario) -> None:
    """Under the Second Protocol, which this world supposes to be in force, an order to a provider is no letter."""

    def change(data: dict[tuple[str, str], Any]) -> None:
        for state in ("lys", "nor"):
            data["jurisdiction", state]["instruments"] += ["budapest-p2"]
        data["world", "meridian"]["supposed in force"] = {"budapest-p2": "2026-01-01"}
        data["world", "meridian"]["origins"]["supposed in force"] = "assumption: a test"

    run = CaseRun(changed(where_orders_apply, change), seed=1)
    for channel, procedure in (("provider-order", "direct-order"), ("central-authority-email", "letter-of-request")):
        do(run, send=a_letter(**ORDER | {"id": channel, "instrument": "budapest-p2", "channel": channel}))
        assert run.requests[channel].procedure == procedure


@pytest.mark.slow
@pytest.mark.parametrize("way", [ORDER, POLICE], ids=["production order", "police information"])
@pytest.mark.parametrize("urgent", ["no", "with reasons"])
def test_an_order_that_is_executed_brings_the_evidence(
    sent: Callable[..., list[CaseRun]], way: dict[str, Any], urgent: str
) -> None:
    runs = sent(**way, urgent=urgent)
    executed = [run for run in runs if run.requests["a-letter"].state == "executed"]
    assert len(executed) >= 6
    assert all(run.evidence["terminal-logs"].obtained_at is not None for run in executed)
    others = [run for run in runs if run not in executed]
    assert all(run.evidence["terminal-logs"].obtained_at is None for run in others)


@pytest.mark.slow
def test_an_urgent_order_comes_within_days_and_a_usual_one_does_not(sent: Callable[..., list[CaseRun]]) -> None:
    def days(urgent: str) -> list[float]:
        items = [(run.evidence["terminal-logs"], run.requests["a-letter"]) for run in sent(**ORDER, urgent=urgent)]
        return sorted((item.obtained_at - request.sent) / DAY for item, request in items if item.obtained_at)

    quick, usual = days("with reasons"), days("no")
    assert quick[len(quick) // 2] < 0.7 * usual[len(usual) // 2]


@pytest.mark.slow
def test_an_order_in_a_language_the_provider_does_not_read_is_not_taken(sent: Callable[..., list[CaseRun]]) -> None:
    outcomes = [str(run.requests["a-letter"].outcome) for run in sent(**{**ORDER, "language": "el"})]
    assert outcomes.count("returned unregistered") >= 8


def test_in_every_procedure_a_deficient_request_can_be_questioned_and_turned_down(short: Scenario) -> None:
    """What conduct raises must have a way to happen. A team needs no letter, so nothing in it is deficient."""
    shipped = short.library
    for procedure in map(partial(short.find, "procedure"), sorted(shipped.ids("procedure"))):
        branches = [branch for stage in procedure.stages.values() for branch in stage.then]
        whatever = [branch for branch in branches if not {"coercive", "urgent"} & set(branch.if_)]
        ways = {branch.chance for branch in whatever}
        by_urgency = [{b.chance for b in branches if b.if_.get("urgent") is urgent} for urgent in (True, False)]
        ways |= by_urgency[0] & by_urgency[1]
        if not procedure.executing or procedure.id == "team-sharing":
            continue
        assert "incomplete" in ways, procedure.id
        assert {"returned", "refused"} & ways, procedure.id
        assert set(procedure.chances) == {branch.chance for branch in branches if isinstance(branch.chance, str)}
