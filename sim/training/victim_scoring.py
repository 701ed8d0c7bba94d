"""The axis that asks how victims were treated: with regard to their safety, their recovery and their say.

How many points a conduct is worth is a teaching choice of ours, not law.
"""

from __future__ import annotations

from sim import law
from sim.i18n import Words, marked, say, say_many
from sim.model.action import Action
from sim.model.actions import Protect
from sim.model.durations import DAY
from sim.model.roles import Role
from sim.training.judged_letters import between, letters_of
from sim.training.judgement import Judgement, Reason
from sim.training.session import Session
from sim.training.what_was_put import open_to_them


def victim_centred(session: Session) -> Judgement:
    """What the trainee's State owes victims, whatever any request says."""
    victims = [p for p in session.run.people.values() if p.record.role == "victim-witness"]
    if not victims:
        return None, []
    value, reasons = 1.0, []
    for person in victims:

        def blame(cost: float, words: Words, role: Role) -> None:
            nonlocal value
            value -= cost
            reasons.append(Reason(words, _owed(session, role)))

        who = {"person": person.record.title}
        if any(early for _, _, early in person.interviews):
            words = say("{person}: interviewed within the recovery and reflection period", **who)
            blame(0.4, words, "reflection-period")
        if len(person.interviews) > 1:
            times = len(person.interviews)
            words = say_many("{person}: interviewed {n} time", "{person}: interviewed {n} times", times, **who)
            blame(0.2, words, "victim-needs")
        if person.unprotected:
            words = say("{person}: heard as a child without what protects children", **who)
            blame(0.3, words, "child-interview")
        if person.counts_as_child and "guardian" not in person.supports:
            blame(0.2, say("{person}: nobody was appointed to represent the child", **who), "guardian")
        if any(manner == "ordinary" for _, manner, _ in person.interviews):
            blame(0.1, say("{person}: interviewed by somebody not trained for it", **who), "trained-staff")
        if not person.supports:
            blame(0.3, say("{person}: no support was arranged", **who), "victim-assistance")
        elif "information" not in person.supports:
            blame(0.1, say("{person}: never told how the case stands", **who), "victim-information")
        elif (decided := _not_told_of(session, person.id)) is not None:
            words = say("{person}: not told afterwards how it stands ({decided})", **who, decided=decided)
            blame(0.05, words, "victim-information")
        if person.returned and "risk assessment" not in person.supports:
            blame(0.3, say("{person}: went home without anybody assessing the risk", **who), "safe-return")
        if any(letter.spec.names_victim for letter in letters_of(session)):
            blame(0.3, say("{person}: identity written in clear in a request", **who), "victim-identity")
        change = person.wellbeing - person.record.wellbeing
        reasons.append(Reason(say(_compared(change), **who), good=change >= -SEEN))
        if person.hurt:
            reasons.append(Reason(say("{person}: was hurt by what came of your decisions", **who)))
        value -= min(MOST_FOR_HARM, max(person.hurt, -change, 0.0))
    return max(0.0, value), reasons


def _not_told_of(session: Session, person: str) -> str | None:
    """A date of the proceedings, passed some time ago, of which a person was not told in time what came of it, though
    there was a way."""
    run = session.run

    def tells(action: Action) -> bool:
        what = action.content
        return isinstance(what, Protect) and what.person == person and "information" in what.by

    told = [entry.moment for entry in session.steps if any(map(tells, session.actions_of(entry)))]
    for id_, deadline in session.case.deadlines.items():
        if not deadline.of_the_proceedings:
            continue
        passed = run.deadline(id_)
        untold = not any(passed <= moment <= passed + TO_TELL for moment in told)
        over = not deadline.ends_case and passed + TO_TELL <= run.now
        if over and untold and open_to_them(session, tells, passed, passed + TO_TELL):
            return deadline.title
    return None


MOST_FOR_HARM = 0.2
"""What it costs at most how a person fared. Harm that came of a decision counts even where they got over it. A teaching
choice."""
TO_TELL = 30 * DAY
"""How long one may take to tell somebody what was decided. A teaching choice."""


def _owed(session: Session, role: Role) -> law.ProvisionAnswer:
    """What the trainee's State owes a victim: by an instrument that binds it, otherwise by its own law."""
    found, home = between(session, role), session.scenario.jurisdictions[session.run.home]
    own = role == "reflection-period" and home.reflection_period is not None
    return law.by_law_of(home, role) if found.standing == "good practice" and own else found


SEEN = 0.02
"""A change of wellbeing that others notice. A teaching choice."""


def _compared(change: float) -> str:
    if change > SEEN:
        return marked("{person}: by all appearances better than when the case began")
    if change < -SEEN:
        return marked("{person}: by all appearances worse than when the case began")
    return marked("{person}: by all appearances neither better nor worse than when the case began")
