"""A case in motion: its people, evidence, requests and relations, and what befalls them.

Everything that acts on a case (`carrying_out`, `perishing`, `services`, `desk`, `partner`, `results`) is handed this
state and sees nothing above it; `sim.case.run` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sim.case.evidence import EvidenceInCase
from sim.case.incoming_request import OnDesk
from sim.case.people import PersonInCase
from sim.case.plan import compile_case
from sim.case.request_chances import chances, offence, proposal_chances, usual_chances
from sim.case.requests import Begun, LetterRequest, TeamProposal, TracedRequest
from sim.case.trust import Relation, initial
from sim.engine.executor import Engine, in_motion
from sim.engine.expand import lacking
from sim.engine.log import Activity, RequestKind
from sim.engine.plan import Plan, RequestToUnfold
from sim.engine.runtime import Traced
from sim.errors import SessionError, SimulationError
from sim.i18n import say
from sim.model.case import Deadline
from sim.model.conditions import Circumstances
from sim.model.durations import DAY
from sim.model.events import EVENTS, CarriedOut, ChannelClosed, ConditionsSet, Event, ExecutionStep, QuestionAsked
from sim.model.loading import Scenario
from sim.model.outcomes import Outcome
from sim.model.procedure import Procedure


class CaseState:
    """The state of one play. ``on_event`` is told everything, as it happens."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int,
        replication: int = 0,
        plan: Plan | None = None,
        on_event: Callable[[Event], None] | None = None,
        partner: str = "",
        engine: Engine = "simpy",
    ):
        if scenario.case is None:
            raise SessionError(say("{id} is a {kind}, not a case", id=scenario.id, kind=scenario.kind))
        self.partner = partner
        """The State that another team plays; none: all are simulated."""
        self.scenario, self.case = scenario, scenario.case
        self.behaviour = scenario.behaviour
        self.home = self.case.role.jurisdiction
        self.plan = plan or compile_case(scenario)
        self.start: int = round(self.case.warm_up.seconds())
        self.end: int = self.start + round(self.case.lasts.seconds())
        self.simulation = in_motion(
            self.plan,
            until=self.end,
            seed=seed,
            replication=replication,
            on_notice=self._on_notice,
            engine=engine,
        )
        self.on_event = on_event
        self.events: list[Event] = self.simulation.events
        self.requests: dict[str, TracedRequest] = {}
        self.relations: dict[str, Relation] = {}
        by_law = scenario.jurisdictions[self.home].reflection_period
        figures = self.behaviour.people
        self.people = {id_: PersonInCase.of(id_, person, figures, by_law) for id_, person in self.case.people.items()}
        self.evidence: dict[str, EvidenceInCase] = {}
        self.found: dict[str, str] = {}
        """What services found: ``hit``, ``no hit`` or ``not available``."""
        self.team: set[str] = set()
        """States with which a joint investigation team has been agreed."""
        self.closed: dict[str, int] = {}
        """Channels that cannot be used, and until when."""
        self.incoming: dict[str, OnDesk] = {}
        """Requests on the trainee's own desk."""
        self._attention = self.simulation.event()

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
        """Have something done at a moment. It is a partial of a function or a method, so that in a copy of the play it
        is about the copy; raises `TypeError` for a function that closes over this play."""
        if getattr(what, "__closure__", None):
            raise TypeError(f"{what!r} closes over the play — put off a partial, which can be copied")
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
        deadline: Deadline = self.case.deadlines[id_]
        profile = self.scenario.jurisdictions[self.home]
        if deadline.due == "detention limit":
            assert profile.detention_limit is not None
            length = profile.detention_limit.seconds()
        elif deadline.due == "limitation period":
            assert profile.limitation_period is not None
            length = profile.limitation_period.seconds() + self._suspended()
        else:
            length = deadline.due.seconds()
        due: int = round(length - (deadline.elapsed.seconds() if deadline.elapsed else 0))
        return self.start + due

    def _suspended(self) -> float:
        """Seconds for which a pending request has suspended the limitation period, within what the law allows."""
        most = self.scenario.jurisdictions[self.home].limitation_suspended
        if most is None:
            return 0.0
        spells = sorted((letter.sent, self.now if letter.left is None else letter.left) for letter in self.letters)
        total, reached = 0, 0
        for first, last in spells:
            total += max(0, last - max(first, reached))
            reached = max(reached, last)
        return min(float(total), float(most.seconds()))

    @property
    def letters(self) -> Sequence[LetterRequest]:
        """The trainee's letters and orders so far, in the order in which they were sent."""
        return [request for request in self.requests.values() if isinstance(request, LetterRequest)]

    def weight_obtained(self) -> float:
        """Weight of the evidence that a court can use."""
        return sum(e.worth for e in self.evidence.values() if e.state(self.now) == "obtained")

    def weight_helped(self) -> int:
        """Weight of the requests from abroad that were carried out in time."""
        return sum(paper.record.weight for paper in self.incoming.values() if paper.state == "executed")

    # Requests

    def begun(self, graph: Procedure, to: str) -> Begun:
        """What a request that begins now takes from its procedure, as keyword arguments of its record."""
        return {
            "to": to,
            "sent": self.now,
            "usual": usual_chances(self.scenario, graph, to),
            "procedure": graph.id,
            "announcements": graph.announcements,
            "executing": graph.executing,
        }

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
        if start:
            request.visited.add(graph.start)  # what was said by word of mouth has not to be written, but again
        self.weigh(request)
        put_on_its_way = partial(
            self._put_on_its_way, request, graph, measures, channel, instrument, urgent=urgent, start=start
        )
        opens = self.closed.get(channel, self.now)
        if opens > self.now:
            self.tell(ChannelClosed(self.now, request.id))
            self.at(opens, put_on_its_way)
        else:
            put_on_its_way()

    def _put_on_its_way(
        self,
        request: TracedRequest,
        graph: Procedure,
        measures: tuple[str, ...],
        channel: str,
        instrument: str,
        *,
        urgent: bool,
        start: str,
    ) -> None:
        if request.outcome is None:
            way = self._way(request, graph, measures, channel, instrument, urgent, start)
            self.simulation.send(request, way, 0 if urgent else len(self.scenario.world.priorities) - 1)

    def lacking_for(
        self, request: TracedRequest, graph: Procedure, *, measures: tuple[str, ...], channel: str, instrument: str = ""
    ) -> SimulationError | None:
        """What the world lacks for a request to be dispatched; None if it can be."""
        return lacking(self.simulation.plan, self._way(request, graph, measures, channel, instrument, True, ""))

    def _way(
        self,
        request: TracedRequest,
        graph: Procedure,
        measures: tuple[str, ...],
        channel: str,
        instrument: str,
        urgent: bool,
        start: str,
    ) -> RequestToUnfold:
        """The procedure of a request, as the engine unfolds it."""
        spec, profiles = request.spec if isinstance(request, LetterRequest) else None, self.scenario.jurisdictions
        kind = RequestKind(
            f"case/{self.case.id}", self.home, request.to, graph.id, measures, channel, instrument, -1, True
        )
        return RequestToUnfold(
            graph,
            kind,
            self.scenario.find("channel", channel) if channel else None,
            request.usual,
            translation_needed=spec is not None and spec.language != profiles[self.home].languages[0],
            urgent=urgent or (spec is not None and spec.interpol_copy),
            offence=offence(self.scenario),
            language=spec.language if spec is not None else profiles[request.to].languages[0],
            effort=self.behaviour.conduct.overbroad_effort if spec is not None and spec.scope == "broad" else 1.0,
            start=start,
        )

    def weigh(self, request: TracedRequest) -> None:
        """Work out the chances of a letter or a proposal anew, from what it says and what was done beside it."""
        if isinstance(request, TeamProposal):
            relation = self.relation(request.to)
            request.chances = proposal_chances(self.scenario, request.to, request.usual, relation, self.now)
        if not isinstance(request, LetterRequest) or request.in_team:
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
            left_open=request.left_open,
        )
        self._fix(request)

    def _lacks_consent(self, request: LetterRequest) -> bool:
        """Whether the person whose consent the measure needs has not given it."""
        measures = [self.scenario.measure(name) for name in request.spec.measures]
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
            if request.to == state and request.outcome is None:
                self.at(self.now, partial(self.weigh, request))

    def befall(self, trust: Mapping[str, float], closes: Mapping[str, float], because: str) -> None:
        """Something from outside: a political event, a channel broken into. ``closes`` gives seconds by channel."""
        for state, change in trust.items():
            self.relation(state).change(self.now, change, because)
            self.weigh_again(state)
        for channel, seconds in closes.items():
            self.closed[channel] = max(self.closed.get(channel, 0), self.now + round(seconds))

    # What follows

    def tell(self, event: Event) -> None:
        """Have it known that something happened."""
        self.events.append(event)
        if self.on_event is not None:
            self.on_event(event)

    def _on_notice(self, request: Traced, what: str, stage: str, now: int, step: Activity | None = None) -> None:
        assert isinstance(request, TracedRequest)  # nothing else is sent
        if what == "began":
            self._reached(request, stage)
        elif what == "took":
            if isinstance(request, LetterRequest):
                self.execute(request, step)
        elif what == "ended":
            if stage in request.executing and isinstance(request, LetterRequest) and step is not None:
                self._step_over(request, step)
        elif what == "left":
            request.outcome = Outcome.of(stage)
            if request.then is not None:
                request.then()

    def _reached(self, request: TracedRequest, stage: str) -> None:
        """A request has come to a stage: what the procedure announces there is told."""
        if stage == request.stage:
            return  # the next step of the same stage
        announcement = request.announcements.get(stage)
        again = stage in request.visited
        request.stage = stage
        request.visited.add(stage)
        name = (announcement.again if again else announcement.first) if announcement is not None else ""
        if not name:
            return
        kind = EVENTS[name]
        if kind is ConditionsSet:
            request.conditions = True
        if kind is QuestionAsked and kind.name in request.told and isinstance(request, LetterRequest):
            assert request.asked_again is not None
            self.at(self.now, request.asked_again)
        self.announce(request, kind)

    def announce(self, request: TracedRequest, kind: type[Event]) -> None:
        """Tell an event about a request; one that is told once, only at the first time."""
        if kind.once and kind.name in request.told:
            return
        request.told.add(kind.name)
        self.tell(kind(self.now, request.id))

    def _step_over(self, request: LetterRequest, step: Activity) -> None:
        """A step of execution has ended that takes nothing: what it was is told, unless there is nothing to follow."""
        taken = step.branch in request.taken
        if request.outcome is None and (request.secured or not taken or not request.evidence):
            self.tell(ExecutionStep(self.now, request.id, step.title, taken, waited=step.office < 0))

    def execute(self, request: LetterRequest, step: Activity | None = None) -> None:
        """What was asked for is taken, as far as it is there; of several measures each takes what it yields."""
        request.taken.add(step.branch if step is not None else "")
        found = step is None or self._found(request, step)
        for id_ in self._sought(request, step):
            item = self.evidence[id_]
            person = self.people.get(item.record.person or "")
            if found and item.exists(self.now) and (person is None or person.available):
                request.secured.add(id_)
                item.secured_by = request.id
            elif item.secured_by in (None, request.id):
                request.secured.discard(id_)
                item.secured_by = None
        if request.secured and request.outcome is None:
            self.announce(request, CarriedOut)
        self._fix(request)

    def _found(self, request: LetterRequest, step: Activity) -> bool:
        """Whether whoever was asked has anything of the kind. Said once and for all when it is looked for, by the draw
        that decides the way on: nobody writes that it has been taken, and then that there was nothing."""
        if request.found is None:
            usual = request.usual.get("nothing-found", 0.0)
            request.found = self.simulation.way_drawn(step, request.id) >= usual
        return request.found

    def _sought(self, request: LetterRequest, step: Activity | None) -> list[str]:
        """The evidence that a step takes: where several measures are carried out, what its own measure yields, and what
        none of them does."""
        if step is None or len(request.spec.measures) < 2 or not step.branch:
            return list(request.evidence)
        own = self.scenario.measure(step.branch).yields
        others = {self.scenario.measure(name).yields for name in request.spec.measures} - {own}
        return [id_ for id_ in request.evidence if self.evidence[id_].record.type not in others]

    def _fix(self, request: LetterRequest) -> None:
        """Whether anything comes of a letter is no chance any more once it has been carried out."""
        if request.taken and request.evidence:
            request.chances = {**request.chances, "nothing-found": 0.0 if request.secured else 1.0}
        elif request.taken and request.found is not None:
            request.chances = {**request.chances, "nothing-found": 0.0 if request.found else 1.0}
