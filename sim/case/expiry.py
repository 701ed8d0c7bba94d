"""What does not wait: evidence that is deleted, preservations that end, people who give up, secrets that leak."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Literal

from sim.case.evidence import EvidenceInCase
from sim.case.people import MONTH
from sim.case.requests import LetterRequest, TracedRequest
from sim.case.state import CaseState
from sim.model.case import EvidenceItem
from sim.model.durations import DAY, Duration
from sim.model.events import (
    Acknowledged,
    DeadlinePassed,
    EvidenceLost,
    EvidenceUntested,
    IdentityKnown,
    Leaked,
    NothingToPreserve,
    PersonWithdrew,
    PreservationExpires,
    Preserved,
    Sent,
)


def set_clocks(run: CaseState) -> None:
    """Set everything going that does not wait."""
    for id_, record in run.case.evidence.items():
        retention = retention_of(run, record)
        erased = None
        if retention is not None:
            kept = run.simulation.sample(retention, "retention", id_)
            # What is still there when the story begins: the holder has not deleted it before tomorrow.
            soonest = run.start + run.behaviour.expiry.there_at_the_start
            erased = max(soonest, run.start - round(record.age.seconds()) + kept)
            run.at(erased, partial(erase, run, id_))
        run.evidence[id_] = EvidenceInCase(
            id_, record, run.behaviour.expiry, erased, run.scenario.nature_of(record.type), retention
        )
    for id_ in run.people:
        run.at(run.start + MONTH, partial(_month, run, id_))
    for id_ in run.case.deadlines:
        _await_deadline(run, id_)


def retention_of(run: CaseState, record: EvidenceItem) -> Duration | None:
    """How long the holder keeps an item, by the case or by the law of the place."""
    if record.retention == "by national law":
        return run.scenario.jurisdictions[record.at].retention[record.type]
    return record.retention  # the one text it may be is dealt with above


def _await_deadline(run: CaseState, id_: str) -> None:
    # A suspended period runs on by the hour at least, so that it never waits for itself.
    moment = run.deadline(id_)
    run.at(moment if moment > run.now else run.now + DAY, partial(_strike, run, id_))


def _strike(run: CaseState, id_: str) -> None:
    if run.deadline(id_) > run.now:
        _await_deadline(run, id_)
    else:
        run.tell(DeadlinePassed(run.now, id_))


def _month(run: CaseState, id_: str) -> None:
    person, free = run.people[id_], within_reach(run, id_)
    if person.month_passes(lambda month: run.simulation.draw("withdrawal", id_, month) if free else NEVER):
        withdraw(run, id_)
    run.at(run.now + MONTH, partial(_month, run, id_))


def within_reach(run: CaseState, id_: str) -> bool:
    """Whether a person can be spoken to: not while they are still to be brought to safety."""
    return all(item.obtained_at is not None for item in run.evidence.values() if item.record.reaches == id_)


NEVER = math.inf
"""A draw that meets no chance."""


def withdraw(run: CaseState, id_: str) -> None:
    """A person gives up taking part."""
    run.people[id_].withdrawn_at = run.now
    run.tell(PersonWithdrew(run.now, id_))
    for item in run.evidence.values():
        if item.record.person == id_:
            # A court that can neither ask somebody nor see them saying it gives a page of it less weight.
            item.lacks_form = item.lacks_form or item.on_paper
            _lose_with_person(run, item)
            _leave_out_untested(run, item)


def _lose_with_person(run: CaseState, item: EvidenceInCase) -> None:
    """What was not taken down while the person took part cannot be had any more."""
    if item.obtained_at is None and item.lost_at is None and item.secured_by is None:
        item.lost_at = run.now
        run.tell(EvidenceLost(run.now, item.id, "person withdrew"))


def _leave_out_untested(run: CaseState, item: EvidenceInCase) -> None:
    """What was said is in the file, and nobody can ask about it any more: only a recording stands in for the person."""
    if item.record.confrontation and item.record.person is not None and item.obtained_at is not None:
        heard = run.people[item.record.person].interviews
        if not item.excluded and not any(manner == "video-recorded" for _, manner, _ in heard):
            item.excluded = True
            run.tell(EvidenceUntested(run.now, item.id))


def erase(
    run: CaseState, id_: str, cause: Literal["retention ended", "moved or destroyed"] = "retention ended"
) -> None:
    """An item is gone, unless somebody has it or keeps it."""
    item = run.evidence[id_]
    if item.obtained_at is None and item.lost_at is None and item.secured_by is None and not item.preserved(run.now):
        item.lost_at = run.now
        run.tell(EvidenceLost(run.now, id_, cause))


def preserve(run: CaseState, id_: str) -> None:
    """A preservation takes hold."""
    item = run.evidence[id_]
    if not item.exists(run.now):
        run.tell(NothingToPreserve(run.now, id_))
        return
    item.preserved_until = run.now + item.preservation
    run.tell(Preserved(run.now, id_, item.preservation // DAY))
    until = item.preserved_until
    run.at(_warned_from(run, until), partial(_warn, run, id_, until))
    run.at(until, partial(_expire, run, id_, until))


def _warned_from(run: CaseState, until: int) -> int:
    """From when on it is said that a preservation ends."""
    return until - run.behaviour.expiry.warning


def _warn(run: CaseState, id_: str, until: int) -> None:
    item = run.evidence[id_]
    if item.preserved_until == until and item.obtained_at is None and item.secured_by is None:
        run.tell(PreservationExpires(run.now, id_, (until - run.now) // DAY))


def _expire(run: CaseState, id_: str, until: int) -> None:
    item = run.evidence[id_]
    if item.preserved_until == until and item.erased_at is not None and item.erased_at <= run.now:
        erase(run, id_)


def release(run: CaseState, request: TracedRequest) -> None:
    """A request is over: copies taken under it that did not come are gone, unless another request holds one."""
    request.left = run.now
    for id_ in request.evidence:
        item = run.evidence[id_]
        if item.obtained_at is None and item.secured_by == request.id:
            others = [letter.id for letter in run.letters if letter.outcome is None and id_ in letter.secured]
            item.secured_by = others[0] if others else None
            if not item.exists(run.now):
                erase(run, id_)
            elif item.record.person is not None and not run.people[item.record.person].available:
                _lose_with_person(run, item)
            elif item.preserved_until is not None and _warned_from(run, item.preserved_until) <= run.now:
                # Nobody was warned while a copy was held under the request.
                _warn(run, id_, item.preserved_until)


# Secrets


def may_leak(run: CaseState, request: LetterRequest) -> None:
    """Whether a request becomes known, once it has left, to those it concerns: by channel, conduct and law."""
    spec, figures = request.spec, run.behaviour.secrecy
    channel = run.scenario.find("channel", spec.channel)
    chance = channel.security.leak if channel is not None and channel.security is not None else 0.0
    if not spec.confidential:
        chance *= figures.not_confidential
        coercive = any(run.scenario.measure(name).coercive for name in spec.measures)
        if coercive and run.scenario.jurisdictions[request.to].informs_persons:
            chance += figures.person_informed
    if run.simulation.draw("known", request.id) < chance:
        _once_left(run, request, figures.to_react, partial(leak, run, request.id, request.to))
    guarded = run.scenario.jurisdictions[request.to].data_protection != "no guarantees"
    in_clear = figures.named_in_clear if guarded else figures.named_in_clear * figures.unguarded
    if spec.names_victim and run.simulation.draw("leak", request.id) < in_clear:
        _once_left(run, request, figures.known_after, partial(_expose, run))


def _once_left(run: CaseState, request: LetterRequest, after: int, what: Callable[[], None]) -> None:
    """Have something befall a time after a request has left the house, looked after day by day; never, if it does not
    leave. Where its procedure announces no leaving, it has left when it is made."""
    announced = any(announcement.first == Sent.name for announcement in request.announcements.values())
    if not announced or request.told & {Sent.name, Acknowledged.name}:
        run.at(run.now + after, what)
    elif request.outcome is None:
        run.at(run.now + DAY, partial(_once_left, run, request, after, what))


def leak(run: CaseState, request: str, state: str) -> None:
    """Suspects have been warned: what they can move or destroy in that State may be gone."""
    run.tell(Leaked(run.now, request))
    for id_, item in run.evidence.items():
        if not item.record.movable or item.record.at != state:
            continue
        if run.simulation.draw("warned", f"{request}/{id_}") < run.behaviour.secrecy.warned:
            erase(run, id_, "moved or destroyed")


def _expose(run: CaseState) -> None:
    for person in run.people.values():
        if person.record.role == "victim-witness" and not person.exposed:
            person.exposed = True
            person.change(run.behaviour.people.exposed)
            run.tell(IdentityKnown(run.now, person.id))
