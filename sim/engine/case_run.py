"""A case in motion: the trainee's actions act on a simulated world, and what follows is told as happenings.

This room knows what befalls requests, evidence and people. It knows nothing of decisions, scores or screens. What
each action does stands in `sim.engine.carrying_out`; how evidence perishes and leaks in `sim.engine.perishing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sim.engine import desk, perishing
from sim.engine.carrying_out import carry_out
from sim.engine.case_plan import compile_case
from sim.engine.conduct import OVERBROAD_EFFORT, chances, offence
from sim.engine.evidence import EvidenceInCase
from sim.engine.log import RequestKind
from sim.engine.nodes import Plan, RequestToUnfold
from sim.engine.people import PersonInCase
from sim.engine.relations import Relation, initial
from sim.engine.services import answered
from sim.engine.simulation import Simulation
from sim.engine.traced import Happening, TracedRequest
from sim.errors import SessionError
from sim.model.case import Action, Circumstances
from sim.model.durations import DAY
from sim.model.loading import Scenario
from sim.model.procedure import Procedure


class CaseRun:
    """One play of a case in a simulated world. ``on_happening`` is told everything, as it happens."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int,
        replication: int = 0,
        plan: Plan | None = None,
        on_happening: Callable[[Happening], None] | None = None,
        partner: str = "",
    ):
        if scenario.case is None:
            raise SessionError(f"{scenario.id} is a {scenario.kind}, not a case")
        self.partner = partner
        """The State that another team plays; none: all are simulated."""
        self.scenario, self.case = scenario, scenario.case
        self.home = self.case.role.jurisdiction
        self.plan = plan or compile_case(scenario)
        self.simulation = Simulation(self.plan, seed=seed, replication=replication, on_notice=self._on_notice)
        self.on_happening = on_happening or (lambda happening: None)
        self.happenings: list[Happening] = []
        self.start = round(self.case.warm_up.seconds())
        self.end = self.start + round(self.case.lasts.seconds())
        self.requests: dict[str, TracedRequest] = {}
        self.relations: dict[str, Relation] = {}
        by_law = scenario.jurisdictions[self.home].reflection_period
        self.people = {id_: PersonInCase.of(id_, person, by_law) for id_, person in self.case.people.items()}
        self.evidence: dict[str, EvidenceInCase] = {}
        self.found: dict[str, str] = {}
        """What services found: ``hit``, ``no hit`` or ``not available``."""
        self.team: set[str] = set()
        """States with which a joint investigation team has been agreed."""
        self.closed: dict[str, int] = {}
        """Channels that cannot be used, and until when."""
        self.incoming: dict[str, desk.OnDesk] = {}
        """Requests on the trainee's own desk."""
        self._attention = self.simulation.event()
        self.simulation.advance(self.start)
        perishing.set_clocks(self)
        desk.lay_out(self)

    # Time

    @property
    def now(self) -> int:
        return self.simulation.now

    @property
    def day(self) -> float:
        """Days since the story began."""
        return (self.now - self.start) / DAY

    def moment(self, seconds: int) -> datetime:
        """A moment as local date and time at the trainee's seat."""
        zone = ZoneInfo(self.scenario.jurisdictions[self.home].time_zone)
        return (self.plan.epoch + timedelta(seconds=seconds)).astimezone(zone)

    @property
    def starts(self) -> datetime:
        """When the story begins, as local date and time at the trainee's seat."""
        return self.moment(self.start)

    def advance(self, until: int | None = None) -> None:
        """Let time pass until somebody calls `attend`, or until ``until`` (default: the end of the case)."""
        limit = self.end if until is None else min(until, self.end)
        if self.now < limit:
            self._attention = self.simulation.event()
            self.simulation.advance(limit, attention=self._attention)

    @property
    def attended(self) -> bool:
        """Whether somebody called `attend` since time last began to pass."""
        return self._attention.triggered

    def seconds_at(self, moment: datetime) -> int:
        """A moment in seconds since the world's epoch; without a zone it is local at the trainee's seat."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.starts.tzinfo)
        return round((moment - self.plan.epoch).total_seconds())

    def attend(self) -> None:
        """Stop the passing of time: something needs the trainee."""
        if not self._attention.triggered:
            self._attention.succeed()

    def at(self, moment: int, what: Callable[[], None]) -> None:
        """Have something done at a moment."""
        self.simulation.at(moment, what)

    # State

    def holds(self, what: Circumstances | None) -> bool:
        """Whether circumstances hold now, as far as this room can tell (not what was chosen)."""
        if what is None:
            return True

        def one_of(value: str, wanted: str | tuple[str, ...]) -> bool:
            return value == wanted if isinstance(wanted, str) else value in wanted

        return (
            all(one_of(self.evidence[id_].state(self.now), wanted) for id_, wanted in what.evidence.items())
            and all(one_of(self.person_state(id_), wanted) for id_, wanted in what.people.items())
            and all(one_of(self.request_state(id_), wanted) for id_, wanted in what.requests.items())
            and all(one_of(self.incoming[id_].state, wanted) for id_, wanted in what.incoming.items())
            and (what.helped is None or self.weight_helped() >= what.helped)
            and all(self.deadline(id_) <= self.now for id_ in what.passed)
            and all(self.deadline(id_) > self.now for id_ in what.not_passed)
            and all(self.relation(state).trust >= least for state, least in what.trust.items())
            and all(self.found.get(id_, "not asked") == wanted for id_, wanted in what.found.items())
            and all(state in self.team for state in what.team)
            and (what.evidence_weight is None or self.weight_obtained() >= what.evidence_weight)
        )

    def person_state(self, id_: str) -> str:
        """``available``, ``withdrawn`` or ``gone home``."""
        person = self.people[id_]
        return "withdrawn" if not person.available else "gone home" if person.returned else "available"

    def request_state(self, id_: str) -> str:
        """``not sent``, ``under way``, or an outcome."""
        return self.requests[id_].state if id_ in self.requests else "not sent"

    def relation(self, state: str) -> Relation:
        """How a State stands to the trainee's office."""
        if state not in self.relations:
            self.relations[state] = initial(self.scenario, self.home, state)
        return self.relations[state]

    def deadline(self, id_: str) -> int:
        """When a deadline of the case falls, as things stand: a limitation period may be suspended."""
        return perishing.due(self, self.case.deadlines[id_])

    def weight_obtained(self) -> float:
        """Weight of the evidence that a court can use."""
        return sum(e.worth for e in self.evidence.values() if e.state(self.now) == "obtained")

    def weight_helped(self) -> int:
        """Weight of the requests from abroad that were carried out in time."""
        return sum(paper.record.weight for paper in self.incoming.values() if paper.state == "executed")

    # Actions

    def perform(self, action: Action) -> None:
        """Do what an action says, now."""
        carry_out(self, action)

    def dispatch(
        self,
        request: TracedRequest,
        graph: Procedure,
        *,
        measures: tuple[str, ...] = (),
        channel: str = "",
        instrument: str = "",
        urgent: bool = True,
        start: str = "",
    ) -> None:
        """Put a request on its way through a procedure; it waits where its channel is closed."""
        self.requests[request.id] = request
        self.weigh(request)

        def put_on_its_way() -> None:
            if request.outcome:
                return
            spec, profiles = request.spec, self.scenario.jurisdictions
            kind = RequestKind(
                f"case/{self.case.id}", self.home, request.to, graph.id, measures, channel, instrument, -1, True
            )
            unfold = RequestToUnfold(
                graph,
                kind,
                self.scenario.find("channel", channel) if channel else None,
                request.usual,
                translation_needed=spec is not None and spec.language != profiles[self.home].languages[0],
                urgent=urgent or (spec is not None and spec.interpol_copy),
                offence=offence(self.scenario),
                language=spec.language if spec is not None else profiles[request.to].languages[0],
                effort=OVERBROAD_EFFORT if spec is not None and spec.scope == "broad" else 1.0,
                start=start,
            )
            self.simulation.send(request, unfold, 0 if urgent else len(self.simulation.log.priorities) - 1)

        opens = self.closed.get(channel, self.now)
        if opens > self.now:
            self.tell("note", request.id, "the channel is closed")
            self.at(opens, put_on_its_way)
        else:
            put_on_its_way()

    def weigh(self, request: TracedRequest) -> None:
        """Work out a request's chances anew, from what it says and what was done beside it."""
        if request.spec is None or request.in_team:
            return
        request.chances, request.why = chances(
            self.scenario,
            request.spec,
            request.items,
            self.home,
            request.usual,
            self.relation(request.to),
            request.chased,
            self.now,
            lacks_consent=self._lacks_consent(request),
        )

    def _lacks_consent(self, request: TracedRequest) -> bool:
        """Whether the person whose consent the measure needs has not given it."""
        assert request.spec is not None
        measures = [self.scenario.find("measure", name) for name in request.spec.measures]
        persons = [self.people[p] for e in request.evidence if (p := self.evidence[e].record.person) is not None]
        return any(
            not person.consents(measure.consent_of)
            for measure in measures
            for person in persons
            if measure.consent_of != "nobody"
        )

    def weigh_again(self, state: str) -> None:
        """Something changed between two States: what is under way there fares accordingly from now on."""
        for request in self.requests.values():
            if request.to == state and not request.outcome:
                self.at(self.now, lambda request=request: self.weigh(request))  # type: ignore[misc]

    def befall(self, trust: Mapping[str, float], closes: Mapping[str, float], because: str) -> None:
        """Something from outside: a political event, a channel broken into. ``closes`` gives seconds by channel."""
        for state, change in trust.items():
            self.relation(state).change(self.now, change, because)
            self.weigh_again(state)
        for channel, seconds in closes.items():
            self.closed[channel] = max(self.closed.get(channel, 0), self.now + round(seconds))

    # What follows

    def tell(self, event: str, of: str, detail: str = "") -> None:
        """Have it known that something happened."""
        happening = Happening(self.now, event, of, detail)
        self.happenings.append(happening)
        self.simulation.log.notes.append((self.now, event, of, detail))
        self.on_happening(happening)

    def _on_notice(self, request: TracedRequest, what: str, stage: str, now: int) -> None:
        if what == "began":
            self._reached(request, stage)
        elif what == "ended":
            if stage in request.executing:
                self._executed(request, now)
        elif what == "left":
            self._left(request, stage, now)

    def _reached(self, request: TracedRequest, stage: str) -> None:
        # Registered is what is neither sent back without a number nor left lying.
        if request.stage == "receipt" and stage not in ("receipt", "sent-back", "no-answer"):
            self._tell_once(request, "acknowledged")
        request.stage = stage
        if stage == "transmission" and "sent" not in request.told:
            self._tell_once(request, "sent")
        elif stage == "supplement":
            self.tell("question", request.id)
        elif stage == "postponed":
            self.tell("postponed", request.id)
        elif stage == "conditions":
            request.conditions = True
            self.tell("conditions", request.id)
        elif stage == "drafting" and "sent" in request.told:
            self.tell("returned", request.id)

    def _tell_once(self, request: TracedRequest, event: str) -> None:
        if event not in request.told:
            request.told.add(event)
            self.tell(event, request.id)

    def _executed(self, request: TracedRequest, now: int) -> None:
        """A step of execution has ended: is what was asked for still there?"""
        for id_ in request.evidence:
            item = self.evidence[id_]
            person = self.people.get(item.record.person or "")
            if item.exists(now) and (person is None or person.available):
                request.secured.add(id_)
                item.secured_by = request.id
            elif item.secured_by in (None, request.id):
                request.secured.discard(id_)
                item.secured_by = None
        if request.secured and not request.outcome:
            self._tell_once(request, "carried-out")
        if request.evidence:
            usual = request.usual.get("nothing-found", 0.0)
            request.chances = {**request.chances, "nothing-found": usual if request.secured else 1.0}

    def take_home(self, request: TracedRequest) -> None:
        """Another team has carried a request out: what is still there comes home."""
        self._executed(request, self.now)
        self._left(request, "executed" if request.secured or not request.evidence else "no result", self.now)

    def _left(self, request: TracedRequest, outcome: str, now: int) -> None:
        request.outcome = outcome
        if request.then is not None:
            request.then()
            return
        if request.service:
            answered(self, request)
            return
        if request.joins:
            self._joined(request)
        elif request.preserves:
            if outcome.startswith("executed") or outcome == "completed":
                perishing.preserve(self, request.preserves)
            else:
                self.tell("note", request.preserves, f"preservation not carried out: {outcome}")
        elif outcome.startswith("executed"):
            self._obtain(request, outcome, now)
        perishing.release(self, request)
        kind = outcome.split(":")[0]
        if kind == "refused":
            self.tell("refused", request.id, outcome)
        elif kind.startswith("executed"):
            self.tell("executed", request.id, outcome)
        elif kind == "returned unregistered":
            self.tell("returned", request.id, outcome)
        self.tell("finished", request.id, outcome)

    def _obtain(self, request: TracedRequest, outcome: str, now: int) -> None:
        """What comes back, what it is worth, and under which conditions."""
        spec = request.spec
        channel = self.scenario.find("channel", spec.channel) if spec else None
        obtained = sorted(request.secured)
        if outcome == "executed in part" and len(obtained) > 1:
            obtained = obtained[:-1]
        for id_ in obtained:
            item = self.evidence[id_]
            lead = channel is not None and channel.evidence != "evidence"
            if item.obtained_at is None or (item.lead_only and not lead):
                item.obtained_at, item.from_state = now, request.to
                item.lead_only = lead
                item.may_be_consented = channel is not None and channel.evidence == "evidence once consented"
                item.conditions = request.conditions
                item.lacks_form = self._lacks_form(request)
                self.tell("evidence-obtained", id_, request.id)

    def _lacks_form(self, request: TracedRequest) -> bool:
        """Whether it was taken without the forms that courts at home need (UNTOC art. 18(17))."""
        assert request.spec is not None
        home, asked = self.scenario.jurisdictions[self.home], self.scenario.jurisdictions[request.to]
        heard = {"witness-statement", "witness-hearing", "video-hearing", "victim-interview"} & set(
            request.spec.measures
        )
        only_written = asked.video_link == "written questions only" and "video-hearing" in request.spec.measures
        return only_written or bool(heard and home.formalities and not request.spec.formalities)

    def _joined(self, request: TracedRequest) -> None:
        """A State has signed the agreement on a team, or has not."""
        if request.outcome.startswith("executed"):
            self.team.add(request.joins)
            self.tell("team-agreed", "team", request.joins)
        else:
            self.tell("note", request.joins, "no team agreed")
