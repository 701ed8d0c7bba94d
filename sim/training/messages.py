"""What offices write to the trainee when something happens, in the words such offices use."""

from __future__ import annotations

from dataclasses import dataclass

from sim.engine.case_run import CaseRun
from sim.engine.traced import Happening, TracedRequest
from sim.words import _, language_name, marked


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
    "sent": marked("Your request for {subject} has left for {state}."),
    "acknowledged": marked("We acknowledge receipt of your request for {subject}. It has been registered."),
    "question": marked("Before we can execute your request for {subject} we need supplementary information."),
    "postponed": marked(
        "Execution of your request for {subject} is postponed: it would interfere with proceedings of ours "
        "(UNTOC art. 18(25))."
    ),
    "returned": marked("Your request for {subject} comes back unregistered: {detail}."),
    "returned for correction": marked(
        "Your request for {subject} comes back unregistered: {detail}. Your office corrects what it can and "
        "sends it again."
    ),
    "refused": marked(
        "After consultation we cannot assist with your request for {subject}. Ground: {detail} (reasons as "
        "UNTOC art. 18(23) requires)."
    ),
    "carried-out": marked("What you asked for has been done: {subject}. The papers follow."),
    "executed": marked("Your request for {subject} has been executed; what it brought has reached you."),
    "finished": marked("Your request for {subject} is closed: {detail}."),
    "conditions": marked(
        "We can help with your request for {subject} under conditions: use for this case only, and "
        "confidentiality. We take it that you accept them (UNTOC art. 18(26))."
    ),
    "leak": marked("There are signs that the persons concerned know of your request for {subject}."),
}
_EVIDENCE = {
    "evidence-lost": marked("{title}: no longer to be had — {detail}."),
    "evidence-obtained": marked("{title}: now in your file."),
    "preserved": marked("{title}: preserved for {detail}. Preservation discloses nothing; a request must follow."),
    "preservation-expires": marked("{title}: the preservation ends soon ({detail})."),
    "consented": marked("{title}: the State it came from consents to its further use."),
}
_NOTES = {
    "shared": marked("{title} thanks you for the information and will respect its conditions (UNTOC art. 18(5))."),
    "shared without conditions": marked("{title} thanks you for the information."),
    "confirmed in writing": marked("Your oral request for {title} is confirmed in writing."),
    "feedback given": marked("Thank you for telling us what became of your request for {title}."),
    "the channel is closed": marked("Your request for {title} waits: the channel cannot be used at present."),
    "used": marked("{title} has been put before the court."),
    "used beyond its conditions": marked(
        "{title}: the court leaves it out, because it was used beyond what had been agreed; the State it came "
        "from has protested (UNTOC art. 18(19))."
    ),
    "no consent to further use": marked("{title}: the State it came from does not consent to a further use."),
    "no basis for a team": marked("{title} and your State have no basis for a joint investigation team."),
    "no team agreed": marked("{title} does not join the team."),
    "does not wish to travel": marked("{title} does not wish to travel. Nobody is compelled (UNTOC art. 18(3)(h))."),
    "safe conduct ends": marked("Safe conduct of {title} has ended: fifteen days have passed (UNTOC art. 18(27))."),
    "returned home": marked("{title} has returned home."),
    "treated as a victim": marked("{title} is dealt with as a victim."),
    "treated as a suspect": marked("{title} is dealt with as a suspect."),
    "sent already": marked("Your request for {title} has gone out before; it is not sent twice."),
    "supplemented": marked("Your answer to their question on {title} is on its way."),
    "identity known": marked("The identity of {title} has become known outside the file."),
    "no longer available": marked("{title} could not be reached for the interview."),
    "nothing left to preserve": marked("{title}: the holder has nothing left to preserve."),
}


def message_of(run: CaseRun, happening: Happening) -> Message | None:
    """The message that tells a happening to the trainee; None for what they are not told."""
    event, of, detail = happening.event, happening.of, happening.detail
    if of in run.incoming:
        return _from_desk(run, happening)
    if event in ("hit", "no-hit") or (event == "note" and of in run.found):
        return _from_institution(run, happening)
    if event == "team-agreed":
        words = _("{state} has signed the agreement on a joint investigation team.")
        words = words.format(state=run.scenario.jurisdictions[detail].title)
        return Message(happening.moment, _("Your office"), words, event, of)
    if event == "leak" and run.requests[of].service:
        words = _("There are signs that suspects have been warned.")
        return Message(happening.moment, _("Police"), words, event, of)
    if of in run.requests and event in _REQUEST:
        request = run.requests[of]
        if (request.preserves and event != "acknowledged") or (request.joins and event == "executed"):
            return None  # told as what happens to the evidence, or as the agreement that has been signed
        if event == "finished" and detail.split(":")[0] in (
            "executed",
            "executed in part",
            "refused",
            "returned unregistered",
        ):
            return None  # told already
        state = run.scenario.jurisdictions[request.to].title
        sender = _("Your office") if event == "sent" else _("Central authority, {state}").format(state=state)
        words = detail.replace("refused: ", "").replace("-", " ")
        if event == "returned":
            words, event_words = _why_returned(request), "returned" if detail else "returned for correction"
        else:
            event_words = event
        text = _(_REQUEST[event_words]).format(subject=subject(run, of), state=state, detail=words)
        if event == "carried-out":
            text += _only_in_writing(run, request)
        return Message(happening.moment, sender, text, event, of)
    if of in run.evidence and event in _EVIDENCE:
        item = run.evidence[of].record
        return Message(
            happening.moment,
            item.holder if event != "evidence-obtained" else _("Case file"),
            _(_EVIDENCE[event]).format(title=item.title, detail=detail),
            event,
            of,
        )
    if event == "person-withdrew":
        return Message(
            happening.moment,
            _("Victim support"),
            _("{title} no longer wishes to take part in the proceedings. Support continues all the same.").format(
                title=run.people[of].record.title
            ),
            event,
            of,
        )
    if event == "deadline":
        return Message(happening.moment, _("Registry"), run.case.deadlines[of].title, event, of)
    if event == "note":
        return _note(run, happening)
    return None


_DESK = {
    "arrived": marked("A request has arrived: {title}. {says}"),
    "examined": marked("{title} has been examined: {detail}."),
    "answered": marked("Our answer to your question on {title}: everything that was missing is there."),
    "reminder": marked("May we ask whether our request has arrived, and where it stands? It is about: {title}."),
}


def _from_desk(run: CaseRun, happening: Happening) -> Message:
    record = run.incoming[happening.of].record
    state = run.scenario.jurisdictions[record.from_].title
    text = _(_DESK.get(happening.event, "{title}: {detail}."))
    words = text.format(title=record.title, says=" ".join(record.says.split()), detail=happening.detail)
    theirs = happening.event in ("answered", "reminder")
    own = _("Registry") if happening.event == "arrived" else _("Your office")
    sender = _("Central authority, {state}").format(state=state) if theirs else own
    return Message(happening.moment, sender, words, happening.event, happening.of)


_ANSWERS = {
    "lead": marked("there is a lead"),
    "identity": marked("the identity could be established"),
    "whereabouts": marked("there is a trace of the whereabouts"),
    "link to another case": marked("there is a link to another case"),
    "contact": marked("here is whom to talk to"),
}


def _from_institution(run: CaseRun, happening: Happening) -> Message:
    service = run.scenario.find("service", happening.of)
    if happening.event == "hit":
        worth = _("It is no evidence.") if service.worth != "none" else ""
        words = f"{service.title}: {_(_ANSWERS[happening.detail])}. {worth}".rstrip()
    elif happening.event == "no-hit":
        words = _("{title}: nothing was found.").format(title=service.title)
    elif happening.detail == "answered":
        words = _("{title}: done.").format(title=service.title)
    else:
        words = f"{service.title}: {happening.detail}."
    return Message(happening.moment, service.institution, words, happening.event, happening.of)


def _note(run: CaseRun, happening: Happening) -> Message | None:
    of, detail = happening.of, happening.detail
    title = _title(run, of)
    if detail == "consulted" and of in run.scenario.jurisdictions:
        return Message(happening.moment, title, _advice(run, of), "note", of)
    if detail in _NOTES:
        sender = title if of in run.scenario.jurisdictions else _("Case file")
        return Message(happening.moment, sender, _(_NOTES[detail]).format(title=title), "note", of)
    if detail.startswith("progress: "):
        stage = _stage(run, of, detail.removeprefix("progress: "))
        words = _("Where your request for {title} stands: {stage}.").format(title=title, stage=stage)
        return Message(happening.moment, _("Central authority"), words, "note", of)
    return Message(happening.moment, _("Case file"), f"{title}: {detail}.", "note", of)


def _stage(run: CaseRun, request: str, name: str) -> str:
    """A stage's title in the procedure that the request goes through."""
    procedure = run.scenario.find("procedure", run.requests[request].procedure)
    stage = procedure.stages.get(name) if procedure is not None else None
    return stage.title if stage is not None and stage.title else name.replace("-", " ")


def _advice(run: CaseRun, state: str) -> str:
    """What an authority says when it is contacted before a letter goes out: what it takes, and what it cannot do."""
    profile = run.scenario.jurisdictions[state]
    tongues = dict.fromkeys([*profile.languages, *profile.accepts_languages])
    ways = [run.scenario.find("channel", name).title for name in profile.channels[:2]]
    parts = [
        _("{state} says what it needs.").format(state=profile.title),
        _("Languages: {names}.").format(names=", ".join(language_name(code) for code in tongues)),
    ]
    if ways:
        parts.append(_("Best sent: {ways}.").format(ways="; ".join(ways).lower()))
    if profile.translators == "sworn translators":
        parts.append(_("Translations by sworn translators only."))
    if profile.video_link != "allowed":
        parts.append(_(_VIDEO[profile.video_link]))
    if profile.legal_remedies:
        parts.append(_("The person concerned may appeal against handing evidence over; reckon with that time."))
    if profile.informs_persons:
        parts.append(_("Holders have to tell the person concerned unless you ask for confidentiality."))
    return " ".join(parts)


_VIDEO = {
    "with the accused's consent": marked("Hearings by video only with the consent of the accused."),
    "written questions only": marked("No hearings by video: we can put your questions in writing."),
    "not allowed": marked("No hearings by video."),
}


def _why_returned(request: TracedRequest) -> str:
    """What made a letter come back, as far as its text and its way show."""
    reasons = [one.because for one in request.why if one.chance == "returned" and one.value > _TELLING]
    return "; ".join(dict.fromkeys(reasons)) or _("a paper was missing from the envelope")


_TELLING = 0.5
"""A chance of coming back above this has a reason that the registry names."""


def _only_in_writing(run: CaseRun, request: TracedRequest) -> str:
    """A hearing by video that the State's law does not know was held on paper."""
    asked = run.scenario.jurisdictions[request.to]
    by_video = request.spec is not None and "video-hearing" in request.spec.measures
    if not by_video or asked.video_link != "written questions only":
        return ""
    return " " + _("A hearing by video is not possible here: your questions were put in writing.")


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
        return _("preservation of {title}").format(title=run.evidence[traced.preserves].record.title)
    if traced.service:
        return run.scenario.find("service", traced.service).title
    if traced.joins:
        state = run.scenario.jurisdictions[traced.joins].title
        return _("a joint investigation team with {state}").format(state=state)
    if traced.evidence:
        return ", ".join(run.evidence[id_].record.title for id_ in traced.evidence)
    measures = traced.spec.measures if traced.spec else ()
    return _(" and ").join(run.scenario.find("measure", name).title.lower() for name in measures) or request
