"""Scores from the requested State's side: what was done with requests from abroad, held against the law.

How many points a conduct is worth is a teaching choice of ours, not law.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim import law
from sim.case.incoming import grounds, grounds_on, language_accepted, transfer_grounds
from sim.case.incoming_request import OnDesk
from sim.i18n import Words, marked, say, say_many
from sim.law.terms import ground_in_words
from sim.model.roles import Role
from sim.training.judgement import Judgement, Reason, mean
from sim.training.session import Session


def _arrived(session: Session) -> list[OnDesk]:
    return [paper for paper in session.run.incoming.values() if paper.state != "not arrived"]


def _provision(session: Session, paper: OnDesk, role: Role) -> law.ProvisionAnswer:
    """The provision that a conduct is held against, under the instrument that the request rests on."""
    record = paper.record
    asked = {"requesting": record.from_, "requested": session.run.home, "measure": record.measures[0]}
    bases = law.bases_of(session.scenario, record.instrument, **asked, offence=record.offence)
    instrument = record.instrument if record.instrument in bases else None
    return law.provision_for(session.scenario, role, **asked, instrument=instrument, offence=record.offence)


def _ground(session: Session, paper: OnDesk, name: str) -> law.ProvisionAnswer:
    """The provision that has a ground which the facts raise; otherwise the article that lists the grounds."""
    for ground in grounds_on(session.run, paper):
        found = law.provision_of(ground.reason)
        if ground.ground == name and ground.availability == "available" and found is not None:
            return found
    return _provision(session, paper, "grounds-for-refusal")


def legal_basis(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for paper in _arrived(session):
        raised, title = grounds(session.run, paper), paper.record.title
        if paper.state == "refused":
            lawful = paper.ground in raised
            values.append(1.0 if lawful else 0.0)
            said = marked("{request}: refused on a ground that the law raises: {ground}")
            if not lawful:
                said = marked("{request}: refused on a ground that the law does not raise: {ground}")
            words = say(said, request=title, ground=ground_in_words(paper.ground))
            reasons.append(Reason(words, _ground(session, paper, paper.ground), good=lawful))
        elif paper.state in ("granted", "executed", "executed too late"):
            value, why = _granted_on(session, paper, raised)
            values.append(value)
            reasons += why
    return mean(values), reasons


def _granted_on(session: Session, paper: OnDesk, raised: Mapping[str, bool]) -> tuple[float, list[Reason]]:
    """What help rested on: a duty to refuse leaves no room, coercion needs the facts that carry it, and a ground that
    may be raised is weighed before it is passed over."""
    title = paper.record.title
    binding = [name for name, must in raised.items() if must]
    if binding:
        words = say("{request}: granted although it must be refused", request=title)
        return 0.0, [Reason(words, _ground(session, paper, binding[0]))]
    if "facts" in paper.gaps and any(session.scenario.measure(name).coercive for name in paper.record.measures):
        words = say("{request}: a coercive measure granted on facts that do not carry it", request=title)
        return 0.0, [Reason(words, _provision(session, paper, "content-facts"))]
    if raised and not paper.examined:
        words = say(
            "{request}: granted, and nobody had examined a ground for refusal: {ground}",
            request=title,
            ground=ground_in_words(next(iter(raised))),
        )
        return WITHOUT_A_LOOK, [Reason(words, _ground(session, paper, next(iter(raised))))]
    return 1.0, []


WITHOUT_A_LOOK = 0.5
"""What help is worth that may be refused, where nobody asked whether it should be. A teaching choice."""


def completeness(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for paper in _arrived(session):
        incomplete = any(quality != "full" for quality in dict(paper.record.items).values())
        title = paper.record.title
        if paper.asked:
            values.append(0.3 if paper.asked_for_nothing else 1.0)
            said = marked("{request}: asked for what was missing")
            if paper.asked_for_nothing:
                said = marked("{request}: asked for what was there")
            provision = _provision(session, paper, "additional-information")
            reasons.append(Reason(say(said, request=title), provision, good=not paper.asked_for_nothing))
        elif incomplete and paper.state in ("granted", "executed", "executed too late"):
            values.append(0.4)
            words = say("{request}: carried out although something was missing", request=title)
            reasons.append(Reason(words, _provision(session, paper, "contents")))
        elif incomplete and paper.state == "refused":
            values.append(0.2)
            words = say("{request}: refused instead of asked", request=title)
            reasons.append(Reason(words, _provision(session, paper, "additional-information")))
    return mean(values), reasons


def consultation(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for paper in _arrived(session):
        title = paper.record.title
        if paper.state == "refused":
            values.append(0.5 * paper.consulted + 0.5 * paper.reasons)
            if not paper.consulted:
                words = say("{request}: refused without consultation", request=title)
                reasons.append(Reason(words, _provision(session, paper, "consultation")))
            if not paper.reasons:
                words = say("{request}: refused without reasons", request=title)
                reasons.append(Reason(words, _provision(session, paper, "reasons")))
        elif paper.state == "sent back":
            values.append(1.0 if paper.reasons else 0.3)
        handled = paper.state not in ("waiting", "examined")
        values.append(1.0 if paper.acknowledged else NEVER_ACKNOWLEDGED if handled else 0.0)
    silent = [p for p in _arrived(session) if not p.acknowledged and p.state in ("waiting", "examined")]
    if silent:
        words = say_many("{n} request heard nothing from you", "{n} requests heard nothing from you", len(silent))
        reasons.append(Reason(words, _provision(session, silent[0], "acknowledgement")))
    return mean(values), reasons or _all_well(session, say("everybody heard from you"), "acknowledgement")


def _all_well(session: Session, words: Words, role: Role) -> list[Reason]:
    """What went well with everything that arrived, under the instrument of the first."""
    first = next(iter(_arrived(session)), None)
    return [Reason(words, _provision(session, first, role) if first is not None else None, good=True)]


NEVER_ACKNOWLEDGED = 0.8
"""What it is worth that a request was dealt with whose sender never heard that it had arrived. A teaching choice."""


def urgency(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for paper in _arrived(session):
        if paper.record.urgent == "with reasons":
            in_time = paper.state == "executed"
            values.append(1.0 if in_time else 0.0)
            said = marked("{request}: a reasoned deadline, not answered in time")
            if in_time:
                said = marked("{request}: a reasoned deadline, answered in time")
            words = say(said, request=paper.record.title)
            reasons.append(Reason(words, _provision(session, paper, "content-urgency"), good=in_time))
    return mean(values), reasons


def channel_and_language(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for paper in _arrived(session):
        if not language_accepted(session.run, paper):
            heard = paper.state == "sent back" or paper.asked
            values.append(1.0 if heard else 0.2)
            said = marked("{request}: not in a language accepted here, nobody told them")
            if heard:
                said = marked("{request}: not in a language accepted here, told so")
            words = say(said, request=paper.record.title)
            reasons.append(Reason(words, _provision(session, paper, "language"), heard))
    return mean(values), reasons


def victim_centred(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for paper in _arrived(session):
        if paper.record.concerns_victim:
            done = paper.state == "executed"
            under_way = 0.6 if paper.state == "granted" else 0.4 if paper.state in ("asked", "answered") else 0.0
            values.append(1.0 if done else under_way)
            words = say("{request}: helped in time", request=paper.record.title)
            if not done:
                state = say(_STATES[paper.state])
                words = say("{request}: not helped in time ({state})", request=paper.record.title, state=state)
            reasons.append(Reason(words, _provision(session, paper, "promptness"), good=done))
    return mean(values), reasons


def use_and_confidentiality(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for paper in _arrived(session):
        if paper.record.concerns_victim and paper.state in ("granted", "executed", "executed too late"):
            bound = paper.conditions or bool(paper.assured & {"confidentiality", "data-protection"})
            values.append(1.0 if bound else 0.5)
            if not bound:
                words = say("{request}: granted without conditions on use", request=paper.record.title)
                reasons.append(Reason(words, _provision(session, paper, "conditions")))
        if paper.state in ("granted", "executed", "executed too late"):
            grounds_of_transfer = transfer_grounds(session.run, paper)
            if grounds_of_transfer:
                lawful = grounds_of_transfer.get(paper.personal_data, False)
                values.append(1.0 if lawful else 0.0)
                said = marked("{request}: personal data went on a ground that is open")
                if not lawful:
                    said = marked("{request}: personal data went without a ground that is open")
                words = say(said, request=paper.record.title)
                reasons.append(Reason(words, _of_the_sender(session, "data-transfer"), good=lawful))
    return mean(values), reasons or _all_well(session, say("conditions were thought of"), "conditions")


def _of_the_sender(session: Session, role: Role) -> law.ProvisionAnswer:
    """What binds the trainee's State alone."""
    return law.provision_for(session.scenario, role, requesting=session.run.home)


_STATES = {
    "waiting": marked("waiting"),
    "examined": marked("examined"),
    "asked": marked("asked"),
    "answered": marked("answered"),
    "granted": marked("granted"),
    "postponed": marked("postponed"),
    "refused": marked("refused"),
    "sent back": marked("sent back"),
    "executed too late": marked("executed too late"),
}
"""How it stands with a request that somebody waits for."""


JUDGES = {
    "legal-basis": legal_basis,
    "completeness": completeness,
    "consultation": consultation,
    "urgency": urgency,
    "channel-and-language": channel_and_language,
    "victim-centred": victim_centred,
    "use-and-confidentiality": use_and_confidentiality,
}
"""How an axis is judged from this side; the other axes have nothing to judge or are judged as ever."""
