"""Scores by axis, from what was done and what came of it; each with its reasons and articles.

The axes follow what published exercises judge (completeness of the request, choice of actors, treatment of
victims, …). How many points a conduct is worth is a teaching choice of ours, not law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim import law
from sim.case.requests import LetterRequest, PreservationRequest, ServiceRequest, TeamProposal
from sim.i18n import LanguageName, Words, joined, marked, say
from sim.law.terms import item_in_words
from sim.model.action import Action
from sim.model.actions import Withdraw
from sim.model.durations import DAY, HOUR
from sim.model.events import (
    InformationShared,
    PreservationExpires,
    Preserved,
    UsedBeyondConditions,
)
from sim.model.roles import Role
from sim.training.contact_scoring import consultation
from sim.training.desk_scoring import JUDGES
from sim.training.effort import hours
from sim.training.judged_letters import JudgedLetter, between, letters_of
from sim.training.judgement import Judgement, Reason, mean
from sim.training.session import Session
from sim.training.telling import title_of
from sim.training.victim_scoring import victim_centred
from sim.training.what_was_put import open_to_them, put_to_them


@dataclass(frozen=True)
class AxisScore:
    """One axis. ``value`` is between 0 and 1, or None where the play gave nothing to judge."""

    axis: str
    words: Words | str
    """Its title."""
    weight: float
    value: float | None
    reasons: tuple[Reason, ...]

    @property
    def title(self) -> str:
        """Its title in the language in use."""
        return str(self.words)


def score(session: Session) -> list[AxisScore]:
    """The axes the case weighs, in its order."""
    found = []
    for axis, weight in session.case.scoring.items():
        title, judge = AXES[axis]
        if session.case.incoming:
            judge = JUDGES.get(axis, judge)
        value, reasons = judge(session) if weight else (None, [])  # what counts for nothing is not judged
        found.append(AxisScore(axis, say(title), weight, value, tuple(reasons)))
    return found


def total(scores: list[AxisScore]) -> float:
    """Weighted mean of the axes that could be judged, from 0 to 100."""
    judged = [(s.value, s.weight) for s in scores if s.value is not None]
    weights = sum(weight for _, weight in judged)
    return 100 * sum(value * weight for value, weight in judged) / weights if weights else 0.0


def points_lost(scores: list[AxisScore]) -> dict[str, float]:
    """Points of the total that each axis cost, by its name; nought for one that could not be judged."""
    weights = sum(one.weight for one in scores if one.value is not None)
    return {
        one.axis: 0.0 if one.value is None or not weights else 100 * one.weight * (1 - one.value) / weights
        for one in scores
    }


def _legal_basis(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for letter in letters_of(session):
        view, short = letter.view, session.scenario.instrument(letter.spec.instrument).short
        facts = {"request": letter.about, "instrument": short}
        if _is_first(session, letter.spec.instrument, view):
            values.append(1.0)
            words = say("{request}: rests on {instrument}, the basis to look to first", **facts)
            reasons.append(Reason(words, _why_first(session, letter), good=True))
        elif view.rests:
            values.append(0.6)
            best = session.scenario.instrument(view.bases[0]).short
            words = say(
                "{request}: rests on {instrument}, which binds both, but {best} comes first", **facts, best=best
            )
            if session.scenario.instrument(letter.spec.instrument).needs_no_treaty:
                words = say(
                    "{request}: rests on {instrument}, as if no treaty bound both, but {best} does",
                    **facts,
                    best=best,
                )
            order = law.comes_before(session.scenario, view.bases[0], letter.spec.instrument, **letter.facts)
            reasons.append(Reason(words, law.provision_of(order)))
        else:
            values.append(0.0)
            words = say("{request}: rests on {instrument}, which does not bind both States", **facts)
            reasons.append(Reason(words, letter.provision("no-treaty")))
    return mean(values), reasons


def _why_first(session: Session, letter: JudgedLetter) -> law.ProvisionAnswer | None:
    """What puts a basis before the next treaty that binds both; where none does, that it stands in for one."""
    first, *others = letter.view.bases
    for other in others:
        if other != letter.spec.instrument and not session.scenario.instrument(other).needs_no_treaty:
            return law.provision_of(law.comes_before(session.scenario, first, other, **letter.facts))
    found = letter.provision("no-treaty")
    return found if found.standing == "basis" else None


def _is_first(session: Session, instrument: str, view: law.LetterAssessment) -> bool:
    """Whether it is the basis to look to first, or the one on which that basis builds: a protocol that takes over the
    rules of its convention makes naming either mean the same."""
    if view.best is None or not view.rests:
        return False
    first, named = (session.scenario.instrument(id_) for id_ in (view.best, instrument))
    return instrument in (view.best, first.builds_on) or view.best == named.builds_on


def _completeness(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for letter in letters_of(session):
        contents = letter.view.completeness
        values.append(contents.share)
        if contents.gaps:
            gaps = [say(_GAPS[gap.state], item=item_in_words(gap.item)) for gap in contents.gaps]
            words = say("{request}: missing or thin — {gaps}", request=letter.about, gaps=joined(gaps))
            one = len(gaps) == 1 and letter.view.rests
            asked = law.provision_of(contents.gaps[0].reason) if one else letter.provision("contents")
            reasons.append(Reason(words, asked))
        else:
            words = say("{request}: all contents were there", request=letter.about)
            reasons.append(Reason(words, letter.provision("contents"), good=True))
    return mean(values), reasons


_GAPS = {"partial": marked("{item} (thin)"), "missing": marked("{item} (missing)")}


def _proportionality(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for letter in letters_of(session):
        narrow = letter.spec.scope == "narrow"
        values.append(1.0 if narrow else 0.2)
        words = say("{request}: asked for more than the facts support", request=letter.about)
        if narrow:
            words = say("{request}: asked for what the facts support", request=letter.about)
        reasons.append(Reason(words, letter.provision("proportionality"), good=narrow))
    return mean(values), reasons


def _channel_and_language(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for letter in letters_of(session):
        view = letter.view
        values.append(0.5 * view.channel_open + 0.5 * view.language_accepted)
        on_channel = law.provision_of(view.channel_reason) or letter.provision("channel")
        on_language = law.provision_of(view.language_reason) or letter.provision("language")
        if not view.channel_open:
            reasons.append(Reason(say("{request}: that channel is not open to it", request=letter.about), on_channel))
        if not view.language_accepted:
            words = say(
                "{request}: {language} is not accepted there",
                request=letter.about,
                language=LanguageName(letter.spec.language),
            )
            reasons.append(Reason(words, on_language))
        if view.channel_open and view.language_accepted:
            words = say("{request}: channel and language were right", request=letter.about)
            reasons.append(Reason(words, on_language, good=True))
    return mean(values), reasons


_LOST: dict[bool | None, str] = {
    None: marked("{evidence}: the data were deleted all the same on day {day}"),
    False: marked("{evidence}: it was not prolonged, and the data were deleted on day {day}"),
    True: marked("{evidence}: it was not prolonged once more, and the data were deleted on day {day}"),
}
"""How preserved data were lost: in spite of it (None), or because it ended, for the first time or again."""


def _preservation(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    run = session.run
    for id_, item in run.evidence.items():
        if item.retention is None or item.record.person is not None or not item.nature.preservable:
            continue
        title = item.record.title
        preserving = [request for request in run.requests.values() if isinstance(request, PreservationRequest)]
        requests = [request for request in preserving if request.preserves == id_]
        if requests:
            days = (requests[0].sent - run.start) // HOUR / 24  # what is decided at an hour is sent a second later
            value = 1.0 if days <= 2 else 0.7 if days <= 14 else 0.4
            facts = {"evidence": title, "day": f"{days + 1:.0f}"}
            words = say("{evidence}: preservation asked for on day {day} only", **facts)
            if value == 1.0:
                words = say("{evidence}: preservation asked for on day {day}", **facts)
            reasons.append(Reason(words, good=value == 1.0))
            until, again = item.preserved_until, len(requests) > 1
            about = [event for event in run.events if event.about == id_]
            told = [event for event in about if isinstance(event, Preserved | PreservationExpires)]
            ended = until is not None and until <= run.now and item.obtained_at is None
            # Who was never asked to prolong it, or asked for it at once, has not failed to.
            warned = next((event for event in reversed(about) if isinstance(event, PreservationExpires)), None)
            asked_again = warned is not None and requests[-1].sent >= warned.moment
            left_to_end = warned is not None and not asked_again and put_to_them(session, warned)
            if item.lost_at is not None:
                if left_to_end or not ended:
                    value *= 0.6 if again else 0.5
                lost = _LOST[(again if ended and left_to_end else None)]
                day = f"{(item.lost_at - run.start) / DAY + 1:.0f}"
                reasons.append(Reason(say(lost, evidence=title, day=day)))
            elif left_to_end and ended:
                value *= 0.7
                words = say("{evidence}: the preservation ended before anything came of it", evidence=title)
                reasons.append(Reason(words))
            elif left_to_end and isinstance(told[-1], PreservationExpires):
                value *= 0.9
                words = say("{evidence}: not prolonged when its end came near, and just in time", evidence=title)
                reasons.append(Reason(words))
        else:
            value = 0.4 if item.obtained_at is not None else 0.0
            never = say("{evidence}: never preserved", evidence=title)
            lucky = say("{evidence}: never preserved, and obtained in time by luck", evidence=title)
            reasons.append(Reason(lucky if value else never))
        values.append(value)
    return mean(values), reasons


def _urgency(session: Session) -> Judgement:
    values: list[float] = []
    reasons: list[Reason] = []
    for letter in letters_of(session):
        worth, said = _URGENCY[letter.spec.urgent]
        values.append(worth)
        words, reasoned = say(said, request=letter.about), letter.spec.urgent == "with reasons"
        reasons.append(Reason(words, letter.provision("content-urgency"), good=reasoned))
    return mean(values), reasons


_URGENCY = {
    "with reasons": (1.0, marked("{request}: a deadline with its reasons")),
    "no": (0.5, marked("{request}: no deadline was suggested")),
    "stamped": (0.2, marked("{request}: the word urgent without reasons")),
}
"""What a way of asking for speed is worth (a teaching choice), and how it is said."""


def _use_and_confidentiality(session: Session) -> Judgement:
    letters = letters_of(session)
    if not letters:
        return None, []
    value, reasons = 1.0, []
    for letter in letters:
        if not letter.spec.confidential:
            value -= 0.3 / len(letters)
            words = say("{request}: confidentiality was not asked for", request=letter.about)
            reasons.append(Reason(words, letter.provision("confidentiality")))
    for letter in letters:
        state = session.scenario.jurisdictions[letter.request.to]
        if letter.spec.names_victim and state.data_protection == "no guarantees":
            value -= 0.3
            words = say("{request}: an identity went where nothing protects it", request=letter.about)
            reasons.append(Reason(words, between(session, "victim-identity")))
    for event in session.run.events:
        if isinstance(event, UsedBeyondConditions):
            value -= 0.5
            provision = _on_use(session, letters, event.about)
            words = say("{evidence}: used beyond what had been agreed", evidence=title_of(session.run, event))
            reasons.append(Reason(words, provision))
        if isinstance(event, InformationShared) and not event.with_conditions:
            value -= 0.3
            provision = between(session, "conditions-on-information", event.about)
            words = say("{state}: information was shared without use conditions", state=title_of(session.run, event))
            reasons.append(Reason(words, provision))
    well = say("confidentiality and use were looked after")
    return max(0.0, value), reasons or [Reason(well, letters[0].provision("confidentiality"), good=True)]


def _on_use(session: Session, letters: list[JudgedLetter], evidence: str) -> law.ProvisionAnswer | None:
    """What limits the use of evidence: the instrument it was asked for under, otherwise what binds both States."""
    asked = next((letter for letter in letters if evidence in letter.request.evidence), None)
    if asked is not None:
        return asked.provision("use-limitation")
    item = session.run.evidence.get(evidence)
    return between(session, "use-limitation", item.from_state if item is not None else None)


def _resources(session: Session) -> Judgement:
    letters, actions = letters_of(session), session.actions
    if not actions and not letters:
        return None, []
    value, reasons = 1.0, []
    asked: dict[tuple[str, str], str] = {}
    for letter in letters:
        request = letter.request
        for id_ in request.evidence:
            if (id_, request.to) in asked and session.run.requests[asked[id_, request.to]].state == "under way":
                value -= 0.3
                reasons.append(
                    Reason(say("{request}: the same was asked of the same State twice", request=letter.about))
                )
            asked[id_, request.to] = request.id
        gone = bool(request.evidence) and all(
            session.run.evidence[id_].state(session.run.now) == "lost" for id_ in request.evidence
        )
        if gone and request.state == "under way" and _could_withdraw(session, request):
            value -= 0.3
            words = say("{request}: left open although nothing could come of it", request=letter.about)
            reasons.append(Reason(words, letter.provision("withdrawal")))
    spent = sum(hours(session.run, action) for action in actions)
    value -= min(MOST_FOR_HOURS, spent / HOURS_FOR_ALL)
    words = say("about {hours} working hours asked of your own and other offices", hours=f"{spent:.0f}")
    reasons.append(Reason(words, good=not spent))
    return max(0.0, value), reasons


def _could_withdraw(session: Session, request: LetterRequest) -> bool:
    """Whether there was a way to take a letter back once nothing could come of it."""
    lost = max(session.run.evidence[id_].lost_at or 0 for id_ in request.evidence)

    def takes_back(action: Action) -> bool:
        return isinstance(what := action.content, Withdraw) and what.request == request.id

    return open_to_them(session, takes_back, lost, session.run.now)


HOURS_FOR_ALL, MOST_FOR_HOURS = 2000.0, 0.9
"""A hundred hours cost a twentieth of the axis. A teaching choice: what is needed is worth it."""


def _coordination(session: Session) -> Judgement:
    run = session.run
    shared = next((state for state, relation in run.relations.items() if relation.shared), None)
    consulted = next((state for state, relation in run.relations.items() if relation.consulted), None)
    given = [service for service in run.requests.values() if isinstance(service, ServiceRequest) and service.outcome]
    # What is asked for somebody at home is support of theirs.
    helped = any(service.to != run.home or not service.concerns for service in given)
    joined_teams = bool(run.team) or any(isinstance(request, TeamProposal) for request in run.requests.values())
    # What was not done is held against what binds the State first written to, where there is one.
    first = next((letter.request.to for letter in letters_of(session)), None)
    done = {
        "spontaneous-information": shared is not None,
        "cooperation": helped or joined_teams,
        "prior-contact": consulted is not None,
    }
    states = {"spontaneous-information": shared or first, "cooperation": None, "prior-contact": consulted or first}
    reasons = [
        Reason(say(well if done[role] else badly), between(session, role, states[role]), good=done[role])
        for role, (well, badly) in _STEPS.items()
    ]
    return WORTH_OF_STEPS[sum(done.values())], reasons


_STEPS: dict[Role, tuple[str, str]] = {
    "spontaneous-information": (
        marked("information shared without waiting for a request"),
        marked("no information was shared before it was asked for"),
    ),
    "cooperation": (
        marked("institutions asked to prepare or coordinate"),
        marked("no institution was asked to prepare or coordinate"),
    ),
    "prior-contact": (
        marked("authorities contacted before sending"),
        marked("no authority was contacted before sending"),
    ),
}
"""Steps of coordination by what the law knows them as: in words where it was done, and where not."""

WORTH_OF_STEPS = (0.0, 0.5, 0.8, 1.0)
"""What none, one, two or all three steps of coordination are worth. A teaching choice: the first counts most."""


def _outcome(session: Session) -> Judgement:
    ending = session.ending
    return (None, []) if ending is None else (ending[1].worth, [Reason(ending[1].title)])


AXES: dict[str, tuple[str, Callable[[Session], Judgement]]] = {
    "legal-basis": (marked("Legal basis"), _legal_basis),
    "completeness": (marked("Completeness"), _completeness),
    "proportionality": (marked("Proportionality"), _proportionality),
    "channel-and-language": (marked("Channel and language"), _channel_and_language),
    "preservation": (marked("Preservation"), _preservation),
    "urgency": (marked("Urgency"), _urgency),
    "consultation": (marked("Consultation"), consultation),
    "use-and-confidentiality": (marked("Use and confidentiality"), _use_and_confidentiality),
    "victim-centred": (marked("Victim-centred"), victim_centred),
    "resources": (marked("Use of resources"), _resources),
    "coordination": (marked("Coordination"), _coordination),
    "outcome": (marked("Outcome"), _outcome),
}
"""Every axis: its title and how it is judged."""
