"""Scores by axis, from what was done and what came of it; each with its reasons and articles.

The axes follow what published exercises judge (completeness of the request, choice of actors, treatment of
victims, …). How many points a conduct is worth is a teaching choice of ours, not law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim import law
from sim.engine.conduct import FULL, assess, reference
from sim.engine.traced import LetterRequest, PreservationRequest, TeamProposal
from sim.model.actions import Protect
from sim.model.durations import DAY
from sim.model.events import (
    InformationShared,
    PreservationExpires,
    Preserved,
    QuestionAsked,
    Supplemented,
    UsedBeyondConditions,
)
from sim.training.desk_scoring import JUDGES
from sim.training.effort import hours
from sim.training.reasons import Judgement, Reason, mean
from sim.training.session import Session
from sim.training.telling import subject
from sim.words import language_name


@dataclass(frozen=True)
class AxisScore:
    """One axis. ``value`` is between 0 and 1, or None where the play gave nothing to judge."""

    axis: str
    title: str
    weight: float
    value: float | None
    reasons: tuple[Reason, ...]


def score(session: Session) -> list[AxisScore]:
    """The axes the case weighs, in its order."""
    found = []
    for axis, weight in session.case.scoring.items():
        title, judge = AXES[axis]
        if session.case.incoming:
            judge = JUDGES.get(axis, judge)
        value, reasons = judge(session)
        found.append(AxisScore(axis, title, weight, value, tuple(reasons)))
    return found


def total(scores: list[AxisScore]) -> float:
    """Weighted mean of the axes that could be judged, from 0 to 100."""
    judged = [(s.value, s.weight) for s in scores if s.value is not None]
    weights = sum(weight for _, weight in judged)
    return 100 * sum(value * weight for value, weight in judged) / weights if weights else 0.0


def _letters(session: Session) -> list[LetterRequest]:
    return [letter for letter in session.run.letters if not letter.in_team]


def _assessments(session: Session) -> list[tuple[LetterRequest, law.LetterAssessment]]:
    """Every letter as it was first sent, with the law's view of it."""
    found = []
    for request in _letters(session):
        items = FULL | dict(request.spec.items)
        found.append((request, assess(session.scenario, request.spec, items, session.run.home)))
    return found


def _legal_basis(session: Session) -> Judgement:
    values, reasons = [], []
    for request, view in _assessments(session):
        short = session.scenario.find("instrument", request.spec.instrument).short
        if _is_first(session, request.spec.instrument, view):
            values.append(1.0)
            reasons.append(
                Reason(f"{subject(session.run, request.id)}: {short} is the basis to look to first", good=True)
            )
        elif view.rests:
            values.append(0.6)
            best = session.scenario.find("instrument", view.bases[0]).short
            reasons.append(
                Reason(f"{subject(session.run, request.id)}: {short} binds both, but {best} comes first", "untoc 18(6)")
            )
        else:
            values.append(0.0)
            reasons.append(
                Reason(f"{subject(session.run, request.id)}: {short} does not bind both States", "untoc 18(7)")
            )
    return mean(values), reasons


def _is_first(session: Session, instrument: str, view: law.LetterAssessment) -> bool:
    """Whether it is the basis to look to first, or the one on which that basis builds: the Trafficking Protocol takes
    UNTOC art. 18 over by its art. 1(2), so that naming either means the same rules."""
    if view.best is None or not view.rests:
        return False
    first, named = (session.scenario.find("instrument", id_) for id_ in (view.best, instrument))
    return instrument in (view.best, first.builds_on) or view.best == named.builds_on


def _completeness(session: Session) -> Judgement:
    values, reasons = [], []
    for request, view in _assessments(session):
        values.append(view.completeness.share)
        gaps = view.completeness.gaps
        if gaps:
            words = ", ".join(f"{gap.item} ({'thin' if gap.state == 'partial' else gap.state})" for gap in gaps)
            reasons.append(
                Reason(f"{subject(session.run, request.id)}: missing or thin — {words}", gaps[0].reason.reference)
            )
        else:
            reasons.append(
                Reason(f"{subject(session.run, request.id)}: all contents were there", "untoc 18(15)", good=True)
            )
    return mean(values), reasons


def _proportionality(session: Session) -> Judgement:
    values, reasons = [], []
    for request in _letters(session):
        narrow = request.spec.scope == "narrow"
        values.append(1.0 if narrow else 0.2)
        words = "asked for what the facts support" if narrow else "asked for more than the facts support"
        reasons.append(Reason(f"{subject(session.run, request.id)}: {words}", "untoc 18(15)", good=narrow))
    return mean(values), reasons


def _channel_and_language(session: Session) -> Judgement:
    values, reasons = [], []
    for request, view in _assessments(session):
        values.append(0.5 * view.channel_open + 0.5 * view.language_accepted)
        instrument = request.spec.instrument
        if not view.channel_open:
            cites = reference(view.channel_reason, instrument)
            reasons.append(Reason(f"{subject(session.run, request.id)}: that channel is not open to it", cites))
        if not view.language_accepted:
            cites = reference(view.language_reason, instrument)
            reasons.append(
                Reason(
                    f"{subject(session.run, request.id)}: {language_name(request.spec.language)} is not accepted there",
                    cites,
                )
            )
        if view.channel_open and view.language_accepted:
            cites = reference(view.language_reason, instrument)
            reasons.append(
                Reason(f"{subject(session.run, request.id)}: channel and language were right", cites, good=True)
            )
    return mean(values), reasons


def _preservation(session: Session) -> Judgement:
    values, reasons = [], []
    run = session.run
    for id_, item in run.evidence.items():
        if item.retention is None or item.record.person is not None:
            continue
        preserving = [r for r in run.requests.values() if isinstance(r, PreservationRequest)]
        requests = [r for r in preserving if r.preserves == id_]
        if requests:
            days = (requests[0].sent - run.start) / DAY
            value = 1.0 if days <= 2 else 0.7 if days <= 14 else 0.4
            words = f"{item.record.title}: preservation asked for on day {days + 1:.0f}"
            reasons.append(Reason(words, good=value == 1.0))
            until, again = item.preserved_until, len(requests) > 1
            about = [event for event in run.events if event.about == id_]
            told = [event for event in about if isinstance(event, Preserved | PreservationExpires)]
            ended = until is not None and until <= run.now and item.obtained_at is None
            if item.lost_at is not None:
                value *= 0.6 if again else 0.5
                prolonged = f"it was not prolonged{' once more' if again else ''}, and the data were deleted"
                why = prolonged if ended else "the data were deleted all the same"
                reasons.append(Reason(f"{item.record.title}: {why} on day {(item.lost_at - run.start) / DAY + 1:.0f}"))
            elif ended:
                value *= 0.7
                reasons.append(Reason(f"{item.record.title}: the preservation ended before anything came of it"))
            elif told and isinstance(told[-1], PreservationExpires):
                value *= 0.9
                reasons.append(Reason(f"{item.record.title}: not prolonged when its end came near, and just in time"))
        else:
            value = 0.4 if item.obtained_at is not None else 0.0
            reasons.append(
                Reason(f"{item.record.title}: never preserved" + (", and obtained in time by luck" if value else ""))
            )
        values.append(value)
    return mean(values), reasons


def _urgency(session: Session) -> Judgement:
    worth = {"with reasons": 1.0, "no": 0.5, "stamped": 0.2}
    words = {
        "with reasons": "a deadline with its reasons",
        "no": "no deadline was suggested",
        "stamped": "the word urgent without reasons",
    }
    letters = _letters(session)
    values = [worth[r.spec.urgent] for r in letters]
    reasons = [
        Reason(
            f"{subject(session.run, r.id)}: {words[r.spec.urgent]}",
            "untoc 18(24)",
            good=r.spec.urgent == "with reasons",
        )
        for r in letters
    ]
    return mean(values), reasons


def _consultation(session: Session) -> Judgement:
    values, reasons = [], []
    for request in _letters(session):
        relation = session.run.relation(request.to)
        asked = relation.consulted or relation.shared
        told = [event for event in session.run.events if event.about == request.id]
        asked_last = max((place for place, event in enumerate(told) if isinstance(event, QuestionAsked)), default=-1)
        answered_last = max((place for place, event in enumerate(told) if isinstance(event, Supplemented)), default=-1)
        answered, unanswered = answered_last > asked_last, asked_last > answered_last
        in_touch = answered or (request.chased and not unanswered)
        values.append(min(1.0, 0.7 * asked + 0.3 * in_touch))
        title = session.scenario.jurisdictions[request.to].title
        words = "was contacted before or during the request" if asked else "was not contacted beforehand"
        reasons.append(Reason(f"{subject(session.run, request.id)}: {title} {words}", "untoc 18(16)", good=asked))
        if unanswered:
            reasons.append(
                Reason(f"{subject(session.run, request.id)}: their question stayed without an answer", "untoc 18(16)")
            )
        elif not in_touch:
            reasons.append(
                Reason(
                    f"{subject(session.run, request.id)}: nothing was answered or enquired while it was there",
                    "untoc 18(24)",
                )
            )
    return mean(values), reasons


def _use_and_confidentiality(session: Session) -> Judgement:
    letters = _letters(session)
    if not letters:
        return None, []
    value, reasons = 1.0, []
    for request in letters:
        if not request.spec.confidential:
            value -= 0.3 / len(letters)
            reasons.append(
                Reason(f"{subject(session.run, request.id)}: confidentiality was not asked for", "untoc 18(20)")
            )
    for request in letters:
        state = session.scenario.jurisdictions[request.to]
        if request.spec.names_victim and state.data_protection == "no guarantees":
            value -= 0.3
            reasons.append(
                Reason(
                    f"{subject(session.run, request.id)}: an identity went where nothing protects it",
                    "warsaw-2005 11(1)",
                )
            )
    for event in session.run.events:
        if isinstance(event, UsedBeyondConditions):
            value -= 0.5
            reasons.append(Reason("evidence was used beyond what had been agreed", "untoc 18(19)"))
        if isinstance(event, InformationShared) and not event.with_conditions:
            value -= 0.3
            reasons.append(Reason("information was shared without use conditions", "untoc 18(5)"))
    return max(0.0, value), reasons or [Reason("confidentiality and use were looked after", "untoc 18(20)", good=True)]


def _victim_centred(session: Session) -> Judgement:
    victims = [p for p in session.run.people.values() if p.record.role == "victim-witness"]
    if not victims:
        return None, []
    value, reasons = 1.0, []
    for person in victims:
        title = person.record.title
        if any(early for _, _, early in person.interviews):
            value -= 0.4
            reasons.append(
                Reason(f"{title}: interviewed within the recovery and reflection period", "tip-protocol 6(3)")
            )
        if len(person.interviews) > 1:
            value -= 0.2
            reasons.append(Reason(f"{title}: interviewed {len(person.interviews)} times", "tip-protocol 6(4)"))
        if any(manner == "ordinary" for _, manner, _ in person.interviews):
            value -= 0.1
            reasons.append(Reason(f"{title}: interviewed by somebody not trained for it", "tip-protocol 6(4)"))
        if not person.supports:
            value -= 0.3
            reasons.append(Reason(f"{title}: no support was arranged", "tip-protocol 6(3)"))
        elif "information" not in person.supports:
            value -= 0.1
            reasons.append(Reason(f"{title}: never told how the case stands", "tip-protocol 6(2)(a)"))
        elif (decided := _not_told_of(session, person.id)) is not None:
            value -= 0.05
            reasons.append(Reason(f"{title}: not told afterwards how it stands ({decided})", "tip-protocol 6(2)(a)"))
        if person.returned and "risk assessment" not in person.supports:
            value -= 0.3
            reasons.append(Reason(f"{title}: went home without anybody assessing the risk", "tip-protocol 8(2)"))
        if any(r.spec.names_victim for r in _letters(session)):
            value -= 0.3
            reasons.append(Reason(f"{title}: identity written in clear in a request", "tip-protocol 6(1)"))
        change = person.wellbeing - person.record.wellbeing
        reasons.append(Reason(f"{title}: seems {_compared(change)} than when the case began", good=change >= 0))
        value += max(-0.2, min(0.0, change))
    return max(0.0, value), reasons


def _not_told_of(session: Session, person: str) -> str | None:
    """A date of the proceedings, passed some time ago, of which a person was not told in time what came of it."""
    run = session.run
    told = [
        entry.moment
        for entry in session.steps
        for action in session.actions_of(entry)
        if isinstance(action.content, Protect)
        and action.content.person == person
        and "information" in action.content.by
    ]
    for id_, deadline in session.case.deadlines.items():
        passed = run.deadline(id_)
        untold = not any(passed <= moment <= passed + TO_TELL for moment in told)
        if not deadline.ends_case and passed + TO_TELL <= run.now and untold:
            return deadline.title
    return None


TO_TELL = 30 * DAY
"""How long one may take to tell somebody what was decided. A teaching choice."""


def _compared(change: float) -> str:
    return "better" if change > 0.02 else "worse" if change < -0.02 else "neither better nor worse"


def _resources(session: Session) -> Judgement:
    letters = _letters(session)
    actions = session.actions
    if not actions and not letters:
        return None, []
    value, reasons = 1.0, []
    asked: dict[tuple[str, str], str] = {}
    for request in letters:
        for id_ in request.evidence:
            if (id_, request.to) in asked and session.run.requests[asked[id_, request.to]].state == "under way":
                value -= 0.3
                reasons.append(
                    Reason(f"{subject(session.run, request.id)}: the same was asked of the same State twice")
                )
            asked[id_, request.to] = request.id
        gone = bool(request.evidence) and all(
            session.run.evidence[id_].state(session.run.now) == "lost" for id_ in request.evidence
        )
        if gone and request.state == "under way":
            value -= 0.3
            reasons.append(
                Reason(
                    f"{subject(session.run, request.id)}: left open although nothing could come of it", "untoc 18(24)"
                )
            )
    spent = sum(hours(session.run, action) for action in actions)
    value -= min(MOST_FOR_HOURS, spent / HOURS_FOR_ALL)
    reasons.append(Reason(f"about {spent:.0f} working hours asked of your own and other offices", good=not spent))
    return max(0.0, value), reasons


HOURS_FOR_ALL, MOST_FOR_HOURS = 2000.0, 0.9
"""A hundred hours cost a twentieth of the axis. A teaching choice: what is needed is worth it."""


def _coordination(session: Session) -> Judgement:
    run = session.run
    relations = list(run.relations.values())
    joined = bool(run.team) or any(isinstance(request, TeamProposal) for request in run.requests.values())
    steps = [
        ("information shared without waiting for a request", "untoc 18(4)", any(r.shared for r in relations)),
        ("institutions asked to prepare or coordinate", "untoc 27(1)", bool(run.found) or joined),
        ("authorities contacted before sending", "untoc 18(16)", any(r.consulted for r in relations)),
    ]
    reasons = [Reason(text if done else f"not done: {text}", cites, good=done) for text, cites, done in steps]
    return WORTH_OF_STEPS[sum(done for *_, done in steps)], reasons


WORTH_OF_STEPS = (0.0, 0.5, 0.8, 1.0)
"""What none, one, two or all three steps of coordination are worth. A teaching choice: the first counts most."""


def _outcome(session: Session) -> Judgement:
    ending = session.ending
    return (None, []) if ending is None else (ending[1].worth, [Reason(ending[1].title)])


AXES: dict[str, tuple[str, Callable[[Session], Judgement]]] = {
    "legal-basis": ("Legal basis", _legal_basis),
    "completeness": ("Completeness", _completeness),
    "proportionality": ("Proportionality", _proportionality),
    "channel-and-language": ("Channel and language", _channel_and_language),
    "preservation": ("Preservation", _preservation),
    "urgency": ("Urgency", _urgency),
    "consultation": ("Consultation", _consultation),
    "use-and-confidentiality": ("Use and confidentiality", _use_and_confidentiality),
    "victim-centred": ("Victim-centred", _victim_centred),
    "resources": ("Use of resources", _resources),
    "coordination": ("Coordination", _coordination),
    "outcome": ("Outcome", _outcome),
}
"""Every axis: its title and how it is judged."""
