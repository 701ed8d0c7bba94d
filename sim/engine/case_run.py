"""A case in motion: the trainee's actions act on a simulated world, and what follows is told as happenings.

This room knows what befalls requests, evidence and people. It knows nothing of decisions, scores or screens.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sim.engine.case_plan import compile_case
from sim.engine.conduct import (
    OVERBROAD_EFFORT,
    Preparation,
    assess,
    chances,
    usual_chances,
)
from sim.engine.evidence import EvidenceInCase
from sim.engine.log import RequestKind
from sim.engine.nodes import Plan, RequestToUnfold
from sim.engine.people import EXPOSED, MONTH, PersonInCase
from sim.engine.simulation import Simulation
from sim.engine.traced import Happening, TracedRequest
from sim.errors import SessionError
from sim.model.case import Action, Circumstances, SendRequest
from sim.model.durations import DAY
from sim.model.loading import Scenario

EXPIRY_WARNING = 14 * DAY
"""How long before its end a preservation is announced to expire."""
INTERVIEW_TAKES = 7 * DAY
"""From the decision to interview to a usable statement. Assumption: a week to find a specialist and an interpreter."""
LEAK = 0.25
"""Chance that an identity written in clear in a request becomes known. Assumption."""


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
    ):
        if scenario.case is None:
            raise SessionError(f"{scenario.id} is a {scenario.kind}, not a case")
        self.scenario, self.case = scenario, scenario.case
        self.home = self.case.role.jurisdiction
        self.plan = plan or compile_case(scenario)
        self.simulation = Simulation(self.plan, seed=seed, replication=replication, on_notice=self._on_notice)
        self.on_happening = on_happening or (lambda happening: None)
        self.happenings: list[Happening] = []
        self.start = round(self.case.warm_up.seconds())
        self.end = self.start + round(self.case.lasts.seconds())
        self.requests: dict[str, TracedRequest] = {}
        self.preparation: dict[str, Preparation] = {}
        self.people = {id_: PersonInCase.of(id_, person) for id_, person in self.case.people.items()}
        self.evidence: dict[str, EvidenceInCase] = {}
        self._attention = self.simulation.event()
        self.simulation.advance(self.start)
        self._set_clocks()

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

    def advance(self, until: int | None = None) -> None:
        """Let time pass until somebody calls `attend`, or until ``until`` (default: the end of the case)."""
        limit = self.end if until is None else min(until, self.end)
        if self.now < limit:
            self._attention = self.simulation.event()
            self.simulation.advance(limit, attention=self._attention)

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
            and all(self.deadline(id_) <= self.now for id_ in what.passed)
            and all(self.deadline(id_) > self.now for id_ in what.not_passed)
            and (what.evidence_weight is None or self.weight_obtained() >= what.evidence_weight)
        )

    def person_state(self, id_: str) -> str:
        return "available" if self.people[id_].available else "withdrawn"

    def request_state(self, id_: str) -> str:
        """``not sent``, ``under way``, or an outcome."""
        return self.requests[id_].state if id_ in self.requests else "not sent"

    def deadline(self, id_: str) -> int:
        """When a deadline of the case falls."""
        return self.start + round(self.case.deadlines[id_].due.seconds())

    def weight_obtained(self) -> int:
        """Weight of the evidence that a court can use."""
        return sum(e.record.weight for e in self.evidence.values() if e.state(self.now) == "obtained")

    # Actions

    def perform(self, action: Action) -> None:
        """Do what an action says, now."""
        getattr(self, f"_do_{action.name}")(action.content)

    def _do_send(self, spec: SendRequest) -> None:
        if spec.id in self.requests:
            self._tell("note", spec.id, "sent already")
            return
        items = {name: "full" for name in ("authority", "nature", "facts", "assistance", "persons", "purpose")}
        items.update({name: quality for name, quality in spec.items.items()})
        # What does not bind the other State is received there as any letter would be, and sent back.
        rests = assess(self.scenario, spec, items, self.home).rests
        procedure = "" if rests else "letter-of-request"
        self._send(
            spec.id, spec, spec.instrument, spec.channel, spec.measures, spec.evidence, spec.to, items, procedure
        )
        if spec.names_victim:
            self._maybe_exposed(spec.id)

    def _send(
        self,
        id_: str,
        spec: SendRequest | None,
        instrument: str,
        channel: str,
        measures: tuple[str, ...],
        evidence: tuple[str, ...],
        to: str,
        items: dict[str, str],
        procedure: str = "",
        preserves: str = "",
    ) -> None:
        record = self.scenario.find("instrument", instrument) if instrument else None
        procedure = procedure or (record.procedure if record and record.procedure else "letter-of-request")
        graph = self.scenario.find("procedure", procedure)
        usual = usual_chances(self.scenario, graph, to)
        request = TracedRequest(id_, spec, to, evidence, usual, self.now, items, dict(usual), preserves=preserves)
        self.requests[id_] = request
        self._weigh(request)
        kind = RequestKind(f"case/{self.case.id}", self.home, to, procedure, measures, channel, instrument, -1, True)
        urgent = spec is None or spec.urgent == "with reasons"
        home_languages = self.scenario.jurisdictions[self.home].languages
        unfold = RequestToUnfold(
            graph,
            kind,
            self.scenario.find("channel", channel),
            usual,
            translation_needed=spec is not None and spec.language != home_languages[0],
            urgent=urgent,
            effort=OVERBROAD_EFFORT if spec is not None and spec.scope == "broad" else 1.0,
        )
        self.simulation.send(request, unfold, 0 if urgent else len(self.simulation.log.priorities) - 1)

    def _weigh(self, request: TracedRequest) -> None:
        """Work out the request's chances anew, from what it says and what was done beside it."""
        if request.spec is None:
            return
        preparation = self.preparation.setdefault(request.to, Preparation())
        request.chances, request.why = chances(
            self.scenario, request.spec, request.items, self.home, request.usual, preparation, request.chased
        )

    def _do_preserve(self, what: Any) -> None:
        item = self.evidence[what.evidence]
        count = 1 + sum(1 for request in self.requests.values() if request.preserves == what.evidence)
        id_ = f"preserve-{what.evidence}" + (f"-{count}" if count > 1 else "")
        self._send(
            id_, None, "", what.channel, ("preservation",), (), item.record.at, {}, "preservation", what.evidence
        )

    _do_renew = _do_preserve

    def _do_consult(self, what: Any) -> None:
        self._prepare(what.to).consulted = True
        self._tell("note", what.to, "consulted")

    def _do_share(self, what: Any) -> None:
        self._prepare(what.to).shared = True
        self._tell("note", what.to, "shared" if what.conditions else "shared without conditions")

    def _do_ask_interpol(self, what: Any) -> None:
        self._prepare(what.to).asked_interpol = True
        self._tell("note", what.to, "asked interpol")

    def _prepare(self, to: str) -> Preparation:
        preparation = self.preparation.setdefault(to, Preparation())
        for request in self.requests.values():
            if request.to == to and not request.outcome:
                self.at(self.now, lambda request=request: self._weigh(request))  # type: ignore[misc]
        return preparation

    def _do_chase(self, what: Any) -> None:
        request = self._sent(what.request)
        request.chased = True
        self._weigh(request)
        if not request.outcome:
            self._tell("note", request.id, f"progress: {request.stage}")

    def _do_supplement(self, what: Any) -> None:
        request = self._sent(what.request)
        better = dict(what.items) or {name: "full" for name in request.items}
        request.items |= better
        self._weigh(request)
        if not request.outcome:
            self._tell("note", request.id, "supplemented")

    def _do_withdraw(self, what: Any) -> None:
        request = self._sent(what.request)
        if request.outcome:
            return
        self.simulation.withdraw(request.token)
        request.outcome = "withdrawn"
        self._release(request)
        self._tell("finished", request.id, "withdrawn")

    def _do_protect(self, what: Any) -> None:
        self.people[what.person].supports |= set(what.by)
        self._tell("note", what.person, "supported: " + ", ".join(what.by))

    def _do_interview(self, what: Any) -> None:
        person, item = self.people[what.person], self.evidence[what.evidence]

        def interview() -> None:
            if not person.available:
                self._tell("note", person.id, "no longer available")
                return
            person.interview(self.now, self.start, what.manner)
            if item.obtained_at is None:
                item.obtained_at = self.now
                self._tell("evidence-obtained", item.id, "interview")

        self.at(self.now + INTERVIEW_TAKES, interview)

    def _sent(self, id_: str) -> TracedRequest:
        if id_ not in self.requests:
            # The option was written for a request that this play never sent: nothing to act on.
            return TracedRequest(id_, None, "", (), {}, self.now, outcome="not sent")
        return self.requests[id_]

    # What follows

    def _tell(self, event: str, of: str, detail: str = "") -> None:
        happening = Happening(self.now, event, of, detail)
        self.happenings.append(happening)
        self.simulation.log.notes.append((self.now, event, of, detail))
        self.on_happening(happening)

    def _set_clocks(self) -> None:
        for id_, record in self.case.evidence.items():
            erased = None
            if record.retention is not None:
                kept = self.simulation.sample(record.retention, "retention", id_)
                # What is still there when the story begins: the holder has not deleted it before tomorrow.
                erased = max(self.start + DAY, self.start - round(record.age.seconds()) + kept)
                self.at(erased, lambda id_=id_: self._erase(id_))  # type: ignore[misc]
            self.evidence[id_] = EvidenceInCase(id_, record, erased)
        for id_ in self.people:
            self.at(self.start + MONTH, lambda id_=id_: self._month(id_))  # type: ignore[misc]
        for id_ in self.case.deadlines:
            self.at(self.deadline(id_), lambda id_=id_: self._tell("deadline", id_))  # type: ignore[misc]

    def _month(self, id_: str) -> None:
        person = self.people[id_]
        if person.month_passes(lambda month: self.simulation.draw("withdrawal", id_, month)):
            person.withdrawn_at = self.now
            self._tell("person-withdrew", id_)
            for item in self.evidence.values():
                if item.record.person == id_:
                    self._lose_with_person(item)
        self.at(self.now + MONTH, lambda: self._month(id_))

    def _lose_with_person(self, item: EvidenceInCase) -> None:
        """What was not taken down while the person took part cannot be had any more."""
        if item.obtained_at is None and item.lost_at is None and item.secured_by is None:
            item.lost_at = self.now
            self._tell("evidence-lost", item.id, "the person no longer takes part")

    def _erase(self, id_: str) -> None:
        item = self.evidence[id_]
        if (
            item.obtained_at is None
            and item.lost_at is None
            and item.secured_by is None
            and not item.preserved(self.now)
        ):
            item.lost_at = self.now
            self._tell("evidence-lost", id_, "deleted when the holder's retention period ended")

    def _preserve(self, id_: str) -> None:
        item = self.evidence[id_]
        if not item.exists(self.now):
            self._tell("note", id_, "nothing left to preserve")
            return
        item.preserved_until = self.now + item.preservation
        self._tell("preserved", id_, f"{item.preservation // DAY} days")
        until = item.preserved_until
        self.at(until - EXPIRY_WARNING, lambda: self._warn(id_, until))
        self.at(until, lambda: self._expire(id_, until))

    def _warn(self, id_: str, until: int) -> None:
        item = self.evidence[id_]
        if item.preserved_until == until and item.obtained_at is None and item.secured_by is None:
            self._tell("preservation-expires", id_, f"{(until - self.now) // DAY} days left")

    def _expire(self, id_: str, until: int) -> None:
        item = self.evidence[id_]
        if item.preserved_until == until and item.erased_at is not None and item.erased_at <= self.now:
            self._erase(id_)

    def _maybe_exposed(self, request: str) -> None:
        if self.simulation.draw("leak", request) < LEAK:
            self.at(self.now + MONTH, self._expose)

    def _expose(self) -> None:
        for person in self.people.values():
            if person.record.role == "victim-witness" and not person.exposed:
                person.exposed = True
                person.change(EXPOSED)
                self._tell("note", person.id, "identity known")

    def _on_notice(self, request: TracedRequest, what: str, stage: str, now: int) -> None:
        if what == "began":
            # Registered is what is neither sent back without a number nor left lying.
            if request.stage == "receipt" and stage not in ("receipt", "sent-back", "no-answer"):
                self._tell_once(request, "acknowledged")
            request.stage = stage
            if stage == "transmission" and "sent" not in request.told:
                self._tell_once(request, "sent")
            elif stage == "supplement":
                self._tell("question", request.id)
            elif stage == "postponed":
                self._tell("postponed", request.id)
            elif stage == "drafting" and "sent" in request.told:
                self._tell("returned", request.id)
        elif what == "ended":
            if stage == "execution":
                self._executed(request, now)
        elif what == "left":
            self._left(request, stage, now)

    def _tell_once(self, request: TracedRequest, event: str) -> None:
        if event not in request.told:
            request.told.add(event)
            self._tell(event, request.id)

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
        if request.evidence:
            usual = request.usual.get("nothing-found", 0.0)
            request.chances = {**request.chances, "nothing-found": usual if request.secured else 1.0}

    def _left(self, request: TracedRequest, outcome: str, now: int) -> None:
        request.outcome = outcome
        if request.preserves:
            if outcome.startswith("executed") or outcome == "completed":
                self._preserve(request.preserves)
            else:
                self._tell("note", request.preserves, f"preservation not carried out: {outcome}")
        elif outcome.startswith("executed"):
            channel = self.scenario.find("channel", request.spec.channel) if request.spec else None
            obtained = sorted(request.secured)
            if outcome == "executed in part" and len(obtained) > 1:
                obtained = obtained[:-1]
            for id_ in obtained:
                item = self.evidence[id_]
                lead = channel is not None and channel.evidence != "evidence"
                if item.obtained_at is None or (item.lead_only and not lead):
                    item.obtained_at = now
                    item.lead_only = lead
                    self._tell("evidence-obtained", id_, request.id)
        self._release(request)
        kind = outcome.split(":")[0]
        if kind == "refused":
            self._tell("refused", request.id, outcome)
        elif kind.startswith("executed"):
            self._tell("executed", request.id, outcome)
        elif kind == "returned unregistered":
            self._tell("returned", request.id, outcome)
        self._tell("finished", request.id, outcome)

    def _release(self, request: TracedRequest) -> None:
        """A request is over: copies taken under it that did not come are gone, unless another request holds one."""
        for id_ in request.evidence:
            item = self.evidence[id_]
            if item.obtained_at is None and item.secured_by == request.id:
                others = [r.id for r in self.requests.values() if not r.outcome and id_ in r.secured]
                item.secured_by = others[0] if others else None
                if not item.exists(self.now):
                    self._erase(id_)
                elif item.record.person is not None and not self.people[item.record.person].available:
                    self._lose_with_person(item)
