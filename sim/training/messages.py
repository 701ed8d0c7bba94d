"""What offices write to the trainee when something happens, in the words such offices use.

Every event has its sentence here or in the modules beside it, or is said not to be told: `sentence` gives a plain
one, `told_by` one that has to look at the play first.
"""

from __future__ import annotations

from sim import law
from sim.case.request_chances import grounds_on
from sim.case.requests import LetterRequest, PreservationRequest, ServiceRequest, TeamProposal, TracedRequest
from sim.case.state import CaseState
from sim.i18n import Words, joined, marked, say, say_many
from sim.law.terms import OR, assurances_in_words, ground_in_words
from sim.model import events
from sim.model.events import Event
from sim.model.outcomes import Outcome, state_in_words
from sim.model.roles import Role
from sim.training import desk_messages, execution_messages, institution_messages  # noqa: F401 (their sentences)
from sim.training.request_names import request_name, stage_in_words
from sim.training.telling import (
    TELLERS,
    Message,
    Sender,
    authority_asked,
    case_file,
    holder,
    never_told,
    police,
    registry,
    sentence,
    state_it_came_from,
    title_of,
    told_by,
    with_article,
    written,
    your_office,
)


def message_of(run: CaseState, event: Event) -> Message | None:
    """The message that tells an event to the trainee; None for what they are not told. Raises `LookupError` for an
    event that nobody has given a sentence."""
    if type(event) not in TELLERS:
        raise LookupError(f"the event {event.name!r} has no sentence: give it one with sentence(…) or never_told(…)")
    return TELLERS[type(event)](run, event)


# One's own requests


def _of_request(kind: type[Event], sender: Sender, says: str, role: Role | None = None) -> None:
    """A sentence about a letter; what befalls a preservation or a team is told as what happens to the evidence, or as
    the agreement that has been signed."""
    sentence(kind, sender, says, role=role)
    plain = TELLERS[kind]

    def tell(run: CaseState, event: Event) -> Message | None:
        request = run.requests[event.about]
        if isinstance(request, PreservationRequest) and kind is not events.Acknowledged:
            return None
        if isinstance(request, TeamProposal) and kind is events.Sent:
            state = run.scenario.jurisdictions[request.to].title
            words = say("Your proposal of a joint investigation team has left for {state}.", state=state)
            return written(run, event, sender, words)
        return plain(run, event)

    TELLERS[kind] = tell


_of_request(events.Sent, your_office, marked("Your request “{title}” has left for {state}."))
_of_request(
    events.Acknowledged,
    authority_asked,
    marked("We acknowledge receipt of your request “{title}”. It has been registered."),
)
_of_request(
    events.Postponed,
    authority_asked,
    marked("Execution of your request “{title}” is postponed: it would interfere with proceedings of ours."),
    "postponement",
)
_of_request(
    events.Appealed,
    authority_asked,
    marked(
        "What you asked for in “{title}” has been taken and is not handed over yet: somebody it concerns has appealed, "
        "and the court decides first."
    ),
    "remedy",
)
_of_request(
    events.ConditionsSet,
    authority_asked,
    marked(
        "We can help with your request “{title}” under conditions: use for this case only, and confidentiality. "
        "We take it that you accept them."
    ),
    "conditions",
)


@told_by(events.Returned)
def _returned(run: CaseState, event: events.Returned) -> Message | None:
    request = run.requests[event.about]
    if isinstance(request, PreservationRequest):
        return None
    places = {"title": request_name(run, event.about), "reasons": _why_returned(request)}
    if event.for_good:
        words = say("Your request “{title}” comes back unregistered: {reasons}.", **places)
    else:
        words = say(
            "Your request “{title}” comes back unregistered: {reasons}. Your office corrects what it can and "
            "sends it again.",
            **places,
        )
    return written(run, event, authority_asked, words)


def _why_returned(request: TracedRequest) -> Words:
    """What made a letter come back, as far as its text and its way show."""
    why = request.why if isinstance(request, LetterRequest) else []
    reasons = [one.because for one in why if one.chance == "returned" and one.value > _TELLING]
    return joined(dict.fromkeys(reasons), "; ") if reasons else say("a paper was missing")


_TELLING = 0.5
"""A chance of coming back above this has a reason that the registry names."""


@told_by(events.Refused)
def _refused(run: CaseState, event: events.Refused) -> Message | None:
    request = run.requests[event.about]
    if isinstance(request, PreservationRequest | TeamProposal):
        return None
    words = say(
        "After consultation we cannot assist with your request “{title}”. Ground: {ground}.",
        title=request_name(run, event.about),
        ground=ground_in_words(event.ground),
    )
    provision = _on_ground(run, request, event.ground) if isinstance(request, LetterRequest) else None
    if provision is not None:
        words = joined([words, say("({article})", article=provision.citation)], " ")
    return written(run, event, authority_asked, words)


def _on_ground(run: CaseState, request: LetterRequest, name: str) -> law.ProvisionAnswer | None:
    """The provision that has the ground on which a letter is refused; None where no text in use has it."""
    grounds = grounds_on(run.scenario, request.spec, run.home)
    return next((law.provision_of(ground.reason) for ground in grounds if ground.ground == name), None)


@told_by(events.Leaked)
def _leaked(run: CaseState, event: events.Leaked) -> Message | None:
    request = run.requests[event.about]
    if isinstance(request, ServiceRequest):
        words = say("There are signs that suspects have been warned.")
        return written(run, event, police, words)
    if isinstance(request, PreservationRequest):
        return None
    title = request_name(run, event.about)
    words = say("There are signs that the persons concerned know of your request “{title}”.", title=title)
    return written(run, event, police, words)


sentence(
    events.ChannelClosed, case_file, marked("Your request “{title}” waits: the channel cannot be used at present.")
)
sentence(events.SentAlready, case_file, marked("Your request “{title}” has gone out before; it is not sent twice."))
sentence(events.ConfirmedInWriting, case_file, marked("Your oral request “{title}” is confirmed in writing."))
sentence(
    events.FeedbackGiven, authority_asked, marked("Thank you for telling us what became of your request “{title}”.")
)
sentence(
    events.GrantedByOtherTeam, case_file, marked("Your request “{title}” has been granted; it will be carried out.")
)


@told_by(events.Supplemented)
def _supplemented(run: CaseState, event: events.Supplemented) -> Message:
    title = request_name(run, event.about)
    words = say("Further information on your request “{title}” is on its way.", title=title)
    if any(isinstance(one, events.QuestionAsked) and one.about == event.about for one in run.events):
        words = say("Your answer to their question on “{title}” is on its way.", title=title)
    return written(run, event, case_file, words)


@told_by(events.AssuranceAsked)
def _assurance_asked(run: CaseState, event: events.AssuranceAsked) -> Message:
    places = {"title": request_name(run, event.about), "assurances": assurances_in_words(event.assurances, OR)}
    words = say("We can help with your request “{title}” if you assure us of this: {assurances}.", **places)
    if event.ground:
        words = say(
            "We can help with your request “{title}” if you assure us of this: {assurances}. Without it we should "
            "have to refuse. Ground: {ground}.",
            ground=ground_in_words(event.ground),
            **places,
        )
    return written(run, event, authority_asked, with_article(run, event, words, "conditions"))


@told_by(events.AssuranceGiven)
def _assurance_given(run: CaseState, event: events.AssuranceGiven) -> Message:
    words = say(
        "{title}: the assurance has been given that binds us from now on: {assurances}.",
        title=request_name(run, event.about),
        assurances=assurances_in_words(event.assurances),
    )
    return written(run, event, case_file, words)


@told_by(events.AssuranceWithheld)
def _assurance_withheld(run: CaseState, event: events.AssuranceWithheld) -> Message:
    words = say(
        "The ministry regrets that it cannot give this assurance on your request “{title}”: {assurances}.",
        title=request_name(run, event.about),
        assurances=assurances_in_words(event.assurances),
    )
    return written(run, event, lambda run, event: say("Ministry of justice"), words)


@told_by(events.ProgressTold)
def _progress(run: CaseState, event: events.ProgressTold) -> Message:
    """Where a request stands: whoever has it says so. Of one that waits for an answer, and of one that nobody takes up,
    its stage's title would say too much."""
    request, title = run.requests[event.about], request_name(run, event.about)
    procedure = run.scenario.find("procedure", request.procedure)
    stage = procedure.stages.get(event.stage) if procedure is not None else None
    stands = stage_in_words(run, event.about, event.stage)
    words = say("Where your request “{title}” stands: {stage}.", title=title, stage=stands)
    if _question_is_open(run, event.about):
        words = say("We wait for your answer to our question on your request “{title}”.", title=title)
    elif stage is not None and stage.on_side == "requested" and not _acknowledged(run, event.about):
        words = say("No word yet on your request “{title}”: nobody there has acknowledged it.", title=title)
        return written(run, event, your_office, words)
    elif stage is not None and (stage.on_side == "requesting" or stage.steps == "channel"):
        return written(run, event, your_office, words)
    return written(run, event, authority_asked, words)


def _acknowledged(run: CaseState, request: str) -> bool:
    return any(isinstance(one, events.Acknowledged) and one.about == request for one in run.events)


def _question_is_open(run: CaseState, request: str) -> bool:
    """Whether the other side has asked something that has not been answered."""
    told = [one for one in run.events if one.about == request]
    last = next((one for one in reversed(told) if isinstance(one, events.QuestionAsked | events.Supplemented)), None)
    return isinstance(last, events.QuestionAsked)


# Evidence


@told_by(events.EvidenceLost)
def _lost(run: CaseState, event: events.EvidenceLost) -> Message:
    """A holder says what it has done with what it keeps in the ordinary course; the rest is noted."""
    item = run.evidence[event.about]
    nature, kept = item.nature, event.cause == "retention ended" and item.nature.preservable
    says = {
        "retention ended": nature.ended,
        "moved or destroyed": nature.warned,
        "person withdrew": nature.withdrew,
    }[event.cause]
    if kept and item.preserved_until is not None and item.preserved_until <= event.moment:
        says = marked("{title}: no longer to be had — not kept beyond the end of the preservation.")
    return written(run, event, holder if kept else case_file, say(says, title=title_of(run, event)))


@told_by(events.EvidenceObtained)
def _obtained(run: CaseState, event: events.EvidenceObtained) -> Message:
    return written(run, event, case_file, say(run.evidence[event.about].nature.came, title=title_of(run, event)))


@told_by(events.Preserved)
def _preserved(run: CaseState, event: events.Preserved) -> Message:
    words = say_many(
        "{title}: preserved for {n} day. Preservation discloses nothing; a request must follow.",
        "{title}: preserved for {n} days. Preservation discloses nothing; a request must follow.",
        event.days,
        title=title_of(run, event),
    )
    return written(run, event, holder, words)


@told_by(events.PreservationExpires)
def _expires(run: CaseState, event: events.PreservationExpires) -> Message:
    words = say_many(
        "{title}: the preservation ends soon ({n} day left).",
        "{title}: the preservation ends soon ({n} days left).",
        event.days,
        title=title_of(run, event),
    )
    return written(run, event, holder, words)


@told_by(events.PreservationFailed)
def _not_preserved(run: CaseState, event: events.PreservationFailed) -> Message:
    outcome = Outcome.of(event.outcome)
    places = {"title": title_of(run, event), "outcome": state_in_words(outcome.kind)}
    words = say("{title}: preservation not carried out: {outcome}.", **places)
    if outcome.refused and outcome.ground:
        ground = ground_in_words(outcome.ground)
        words = say("{title}: preservation not carried out: {outcome}. Ground: {ground}.", ground=ground, **places)
    return written(run, event, case_file, words)


sentence(events.NothingToPreserve, case_file, marked("{title}: the holder has nothing left to preserve."))
sentence(events.ConsentGiven, state_it_came_from, marked("{title}: we consent to the further use."))
sentence(events.ConsentDenied, state_it_came_from, marked("{title}: we do not consent to a further use."))
sentence(events.Used, case_file, marked("{title}: put before the court."))
sentence(
    events.UsedBeyondConditions,
    case_file,
    marked(
        "{title}: left out by the court, since the use went beyond what had been agreed; the State that had given it "
        "has protested."
    ),
    role="use-limitation",
)

sentence(
    events.EvidenceUntested,
    case_file,
    marked("{title}: left out by the court, since nobody can question the person it comes from any more."),
)


# People


@told_by(events.PersonWithdrew)
def _withdrew(run: CaseState, event: events.PersonWithdrew) -> Message:
    """By what somebody is to the case: support is for victims, and a suspect has a right to be silent."""
    sender, words = _WITHDREW[run.people[event.about].record.role]
    return written(run, event, lambda run, event: say(sender), say(words, title=title_of(run, event)))


_OF_A_VICTIM = marked("{title}: no longer willing to take part in the proceedings. Support continues all the same.")
_OF_A_WITNESS = (marked("Your office"), marked("{title}: no longer willing to take part in the proceedings."))
_WITHDREW = {
    "victim-witness": (marked("Victim support"), _OF_A_VICTIM),
    "witness": _OF_A_WITNESS,
    "colleague": _OF_A_WITNESS,
    "suspect": (marked("Defence lawyer"), marked("{title}: answers no more questions, which is a suspect's right.")),
}
"""Who says that somebody no longer takes part, and how."""

SUPPORT = {
    "shelter": marked("shelter"),
    "counselling": marked("counselling"),
    "safe conduct": marked("safe conduct"),
    "relocation": marked("relocation"),
    "information": marked("information"),
    "risk assessment": marked("risk assessment"),
    "legal aid": marked("legal aid"),
    "cultural mediator": marked("cultural mediator"),
    "guardian": marked("guardian"),
    "age assessment": marked("age assessment"),
}
"""The means of support, in words."""


@told_by(events.SupportArranged)
def _support(run: CaseState, event: events.SupportArranged) -> Message:
    by = joined(say(SUPPORT[name]) for name in event.by)
    return written(run, event, case_file, say("{title}: support arranged: {by}.", title=title_of(run, event), by=by))


@told_by(events.InterviewImpossible)
def _no_interview(run: CaseState, event: events.InterviewImpossible) -> Message:
    words = say("{title}: not within reach for the interview.", title=title_of(run, event))
    if not run.people[event.about].available:
        words = say("{title}: no interview, since nobody takes part who does not wish to.", title=title_of(run, event))
    return written(run, event, case_file, words)


sentence(
    events.HeardTooSoon,
    case_file,
    marked("{title}: heard too soon; nothing was said that a court could use. Whoever is given time may yet speak."),
    role="victim-needs",
    measure="victim-interview",
)
_LACKING = {"guardian": marked("a guardian or representative"), "trained interviewer": marked("a trained interviewer")}


@told_by(events.ChildHeardUnprotected)
def _child_heard(run: CaseState, event: events.ChildHeardUnprotected) -> Message:
    words = say(
        "{title}: heard without {lacking}. Whoever speaks for children objects, and the court will ask about it.",
        title=title_of(run, event),
        lacking=joined([say(_LACKING[name]) for name in event.lacking], OR),
    )
    says = with_article(run, event, words, "child-interview", "victim-interview")
    return written(run, event, lambda run, event: say("Child protection"), says)


sentence(
    events.TravelDeclined,
    case_file,
    marked("{title}: no wish to travel. Nobody is compelled."),
    role="voluntary-appearance",
    measure="witness-hearing",
)


@told_by(events.SafeConductEnded)
def _safe_conduct(run: CaseState, event: events.SafeConductEnded) -> Message:
    words = say_many(
        "{title}: safe conduct has ended; {n} day has passed.",
        "{title}: safe conduct has ended; {n} days have passed.",
        event.days,
        title=title_of(run, event),
    )
    return written(run, event, case_file, with_article(run, event, words, "safe-conduct", "witness-hearing"))


sentence(events.ReturnedHome, case_file, marked("{title}: on the way home."))
sentence(events.IdentityKnown, case_file, marked("{title}: the identity has become known outside the file."))
_TREATED = {
    "victim": marked("{title}: dealt with as a victim."),
    "suspect": marked("{title}: dealt with as a suspect."),
}


@told_by(events.Treated)
def _treated(run: CaseState, event: events.Treated) -> Message:
    return written(run, event, case_file, say(_TREATED[event.as_], title=title_of(run, event)))


# The story


@told_by(events.DeadlinePassed)
def _deadline(run: CaseState, event: events.DeadlinePassed) -> Message:
    return written(run, event, registry, say("Today: {title}.", title=title_of(run, event)))


never_told(events.Decided)
