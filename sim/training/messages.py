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


_REQUEST = {
    "sent": "Your request on {subject} has left for {state}.",
    "acknowledged": "We acknowledge receipt of your request on {subject}. It has been registered.",
    "question": "Before we can execute your request on {subject} we need supplementary information.",
    "postponed": "Execution of your request on {subject} is postponed: it would interfere with proceedings of ours "
    "(UNTOC art. 18(25)).",
    "returned": "Your request on {subject} comes back unregistered: {detail}.",
    "refused": "After consultation we cannot assist with your request on {subject}. Ground: {detail} "
    "(reasons as UNTOC art. 18(23) requires).",
    "executed": "Your request on {subject} has been executed; the product has reached you.",
    "finished": "Your request on {subject} is closed: {detail}.",
}
_EVIDENCE = {
    "evidence-lost": "{title}: no longer to be had — {detail}.",
    "evidence-obtained": "{title}: now in your file.",
    "preserved": "{title}: preserved for {detail}. Preservation discloses nothing; a request must follow.",
    "preservation-expires": "{title}: the preservation ends soon ({detail}).",
}
_NOTES = {
    "consulted": "{title} has seen your draft and told you what it needs.",
    "shared": "{title} thanks you for the information and will respect its conditions (UNTOC art. 18(5)).",
    "shared without conditions": "{title} thanks you for the information.",
    "asked interpol": "INTERPOL has passed your message to the National Central Bureau in {title}.",
    "sent already": "Your request on {title} has gone out before; it is not sent twice.",
    "supplemented": "Your answer to the question on {title} is on its way.",
    "identity known": "The identity of {title} has become known outside the file.",
    "no longer available": "{title} could not be reached for the interview.",
    "nothing left to preserve": "{title}: the holder has nothing left to preserve.",
}


def message_of(run: CaseRun, happening: Happening) -> Message | None:
    """The message that tells a happening to the trainee; None for what they are not told."""
    event, of, detail = happening.event, happening.of, happening.detail
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
    if traced.preserves:
        return f"preservation of {run.evidence[traced.preserves].record.title}"
    measures = traced.spec.measures if traced.spec else ()
    return " and ".join(run.scenario.find("measure", name).title.lower() for name in measures) or request
