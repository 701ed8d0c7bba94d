"""What offices write to the trainee when something happens, in the words such offices use."""

from __future__ import annotations

from dataclasses import dataclass

from sim.engine.case_run import CaseRun
from sim.engine.traced import Happening


@dataclass(frozen=True)
class Message:
    """A line in the inbox."""

    moment: int
    """Seconds since the world's epoch."""
    sender: str
    text: str
    kind: str
    """``inject`` for what comes from outside the requests, otherwise the event."""
    about: str = ""
    """Id of the request, evidence, person or deadline."""

    @property
    def needs_you(self) -> bool:
        """Whether it calls for a look: time stops for it when it passes until something needs the trainee."""
        return self.kind in _NEED_YOU


_NEED_YOU = {
    "inject",
    "question",
    "postponed",
    "returned",
    "refused",
    "carried-out",
    "executed",
    "conditions",
    "leak",
    "evidence-lost",
    "preservation-expires",
    "consented",
    "person-withdrew",
    "deadline",
    "team-agreed",
    "hit",
    "arrived",
    "examined",
    "answered",
    "reminder",
}

_REQUEST = {
    "sent": "Your request on {subject} has left for {state}.",
    "acknowledged": "We acknowledge receipt of your request on {subject}. It has been registered.",
    "question": "Before we can execute your request on {subject} we need supplementary information.",
    "postponed": "Execution of your request on {subject} is postponed: it would interfere with proceedings of ours "
    "(UNTOC art. 18(25)).",
    "returned": "Your request on {subject} comes back unregistered: {detail}.",
    "refused": "After consultation we cannot assist with your request on {subject}. Ground: {detail} "
    "(reasons as UNTOC art. 18(23) requires).",
    "carried-out": "What you asked for on {subject} has been done; the papers follow.",
    "executed": "Your request on {subject} has been executed; the product has reached you.",
    "finished": "Your request on {subject} is closed: {detail}.",
    "conditions": "We can help with your request on {subject} under conditions: use for this case only, and "
    "confidentiality. We take it that you accept them (UNTOC art. 18(26)).",
    "leak": "There are signs that the persons concerned know of your request on {subject}.",
}
_EVIDENCE = {
    "evidence-lost": "{title}: no longer to be had — {detail}.",
    "evidence-obtained": "{title}: now in your file.",
    "preserved": "{title}: preserved for {detail}. Preservation discloses nothing; a request must follow.",
    "preservation-expires": "{title}: the preservation ends soon ({detail}).",
    "consented": "{title}: the State it came from consents to its further use.",
}
_NOTES = {
    "consulted": "{title} has seen your draft and told you what it needs.",
    "shared": "{title} thanks you for the information and will respect its conditions (UNTOC art. 18(5)).",
    "shared without conditions": "{title} thanks you for the information.",
    "confirmed in writing": "Your oral request on {title} is confirmed in writing.",
    "feedback given": "Thank you for telling us what became of your request on {title}.",
    "the channel is closed": "Your request on {title} waits: the channel cannot be used at present.",
    "used": "{title} has been put before the court.",
    "used beyond its conditions": "{title}: the court leaves it out, because it was used beyond what had been agreed; "
    "the State it came from has protested (UNTOC art. 18(19)).",
    "no consent to further use": "{title}: the State it came from does not consent to a further use.",
    "no basis for a team": "{title} and your State have no basis for a joint investigation team.",
    "no team agreed": "{title} does not join the team.",
    "does not wish to travel": "{title} does not wish to travel. Nobody is compelled (UNTOC art. 18(3)(h)).",
    "safe conduct ends": "Safe conduct of {title} has ended: fifteen days have passed (UNTOC art. 18(27)).",
    "returned home": "{title} has returned home.",
    "treated as a victim": "{title} is dealt with as a victim.",
    "treated as a suspect": "{title} is dealt with as a suspect.",
    "sent already": "Your request on {title} has gone out before; it is not sent twice.",
    "supplemented": "Your answer to the question on {title} is on its way.",
    "identity known": "The identity of {title} has become known outside the file.",
    "no longer available": "{title} could not be reached for the interview.",
    "nothing left to preserve": "{title}: the holder has nothing left to preserve.",
}


def message_of(run: CaseRun, happening: Happening) -> Message | None:
    """The message that tells a happening to the trainee; None for what they are not told."""
    event, of, detail = happening.event, happening.of, happening.detail
    if of in run.incoming:
        return _from_desk(run, happening)
    if event in ("hit", "no-hit") or (event == "note" and of in run.found):
        return _from_institution(run, happening)
    if event == "team-agreed":
        words = f"{run.scenario.jurisdictions[detail].title} has signed the agreement on a joint investigation team."
        return Message(happening.moment, "Your office", words, event, of)
    if event == "leak" and run.requests[of].service:
        return Message(happening.moment, "Police", "There are signs that suspects have been warned.", event, of)
    if of in run.requests and event in _REQUEST:
        request = run.requests[of]
        if request.preserves and event != "acknowledged":
            return None  # told as what happens to the evidence
        if event == "finished" and detail.split(":")[0] in (
            "executed",
            "executed in part",
            "refused",
            "returned unregistered",
        ):
            return None  # told already
        state = run.scenario.jurisdictions[request.to].title
        sender = "Your office" if event == "sent" else f"Central authority, {state}"
        words = "deficient on its face" if event == "returned" else detail.replace("refused: ", "")
        return Message(
            happening.moment,
            sender,
            _REQUEST[event].format(subject=subject(run, of), state=state, detail=words.replace("-", " ")),
            event,
            of,
        )
    if of in run.evidence and event in _EVIDENCE:
        item = run.evidence[of].record
        return Message(
            happening.moment,
            item.holder if event != "evidence-obtained" else "Case file",
            _EVIDENCE[event].format(title=item.title, detail=detail),
            event,
            of,
        )
    if event == "person-withdrew":
        return Message(
            happening.moment,
            "Victim support",
            f"{run.people[of].record.title} no longer wishes to take "
            "part in the proceedings. Support continues all the same.",
            event,
            of,
        )
    if event == "deadline":
        return Message(happening.moment, "Registry", run.case.deadlines[of].title, event, of)
    if event == "note":
        return _note(run, happening)
    return None


_DESK = {
    "arrived": "A request has arrived: {title}. {says}",
    "examined": "{title} has been examined: {detail}.",
    "answered": "Our answer to your question on {title}: everything that was missing is there.",
    "reminder": "May we ask whether our request has arrived, and where it stands? It is about: {title}.",
}


def _from_desk(run: CaseRun, happening: Happening) -> Message:
    record = run.incoming[happening.of].record
    state = run.scenario.jurisdictions[record.from_].title
    text = _DESK.get(happening.event, "{title}: {detail}.")
    words = text.format(title=record.title, says=" ".join(record.says.split()), detail=happening.detail)
    theirs = happening.event in ("answered", "reminder")
    sender = f"Central authority, {state}" if theirs else "Registry" if happening.event == "arrived" else "Your office"
    return Message(happening.moment, sender, words, happening.event, happening.of)


_ANSWERS = {
    "lead": "there is a lead",
    "identity": "the identity could be established",
    "whereabouts": "there is a trace of the whereabouts",
    "link to another case": "there is a link to another case",
    "contact": "here is whom to talk to",
}


def _from_institution(run: CaseRun, happening: Happening) -> Message:
    service = run.scenario.find("service", happening.of)
    if happening.event == "hit":
        worth = " It is no evidence." if service.worth != "none" else ""
        words = f"{service.title}: {_ANSWERS[happening.detail]}.{worth}"
    elif happening.event == "no-hit":
        words = f"{service.title}: nothing was found."
    elif happening.detail == "answered":
        words = f"{service.title}: done."
    else:
        words = f"{service.title}: {happening.detail}."
    return Message(happening.moment, service.institution, words, happening.event, happening.of)


def _note(run: CaseRun, happening: Happening) -> Message | None:
    of, detail = happening.of, happening.detail
    title = _title(run, of)
    if detail in _NOTES:
        sender = title if of in run.scenario.jurisdictions else "Case file"
        return Message(happening.moment, sender, _NOTES[detail].format(title=title), "note", of)
    if detail.startswith("progress: "):
        stage = detail.removeprefix("progress: ").replace("-", " ")
        return Message(
            happening.moment, "Central authority", f"Your request on {title} stands at: {stage}.", "note", of
        )
    return Message(happening.moment, "Case file", f"{title}: {detail}.", "note", of)


def _title(run: CaseRun, of: str) -> str:
    if of in run.scenario.jurisdictions:
        return run.scenario.jurisdictions[of].title
    if of in run.evidence:
        return run.evidence[of].record.title
    if of in run.people:
        return run.people[of].record.title
    return subject(run, of) if of in run.requests else of


def subject(run: CaseRun, request: str) -> str:
    """What a request is about, in words."""
    traced = run.requests[request]
    if traced.desk:
        return run.incoming[traced.desk].record.title
    if traced.preserves:
        return f"preservation of {run.evidence[traced.preserves].record.title}"
    if traced.service:
        return run.scenario.find("service", traced.service).title
    if traced.joins:
        return f"a joint investigation team with {run.scenario.jurisdictions[traced.joins].title}"
    measures = traced.spec.measures if traced.spec else ()
    return " and ".join(run.scenario.find("measure", name).title.lower() for name in measures) or request
