"""Working hours that a trainee's steps ask of their own office and of others: what help costs those who give it.

Each kind of action says its hours, with their origin (`sim.model.action_kinds`); here they are added up.
"""

from __future__ import annotations

from sim.case.run import CaseRun
from sim.i18n import Words, say
from sim.model.action import Action
from sim.model.action_kinds import ActionContent, ActionKind, Hours, HoursOfMeasures
from sim.model.durations import HOUR, Duration


def hours(run: CaseRun, action: Action) -> float:
    """Working hours that a step asks of everybody together, without what comes of it by chance."""
    total = 0.0
    for part in action.kind.hours:
        if isinstance(part, HoursOfMeasures):
            total += _of_measures(run, part, action.content)
        elif _asked(run, part, action.content):
            total += part.hours * (len(getattr(action.content, part.each)) if part.each else 1)
    return total


def hours_in_words(kind: ActionKind) -> Words:
    """What a kind of action asks for, before it is filled in."""
    open_ = {field.name for field in kind.fields if not field.needed}
    sure = [p for p in kind.hours if isinstance(p, Hours) and not (p.where or p.foreign or p.each in open_)]
    least = f"{sum(part.hours for part in sure):g}"
    if len(sure) < len(kind.hours) or any(part.each for part in sure):
        return say("Working hours of everybody together: at least about {hours}, by what is picked.", hours=least)
    return say("Working hours of everybody together: about {hours}.", hours=least)


def _asked(run: CaseRun, part: Hours, content: ActionContent) -> bool:
    """Whether hours are asked for as things are filled in."""
    if part.foreign:
        return getattr(content, part.foreign) not in run.scenario.jurisdictions[run.home].languages
    if part.where is not None:
        field, value = part.where
        return bool(getattr(content, field) == value)
    return True


def _of_measures(run: CaseRun, part: HoursOfMeasures, content: ActionContent) -> float:
    field, value = part.where
    times = part.times if getattr(content, field) == value else 1.0
    return times * sum(_work(run.scenario.measure(name)) for name in getattr(content, part.measures))


def _work(measure: object) -> float:
    """Usual working hours of a measure's steps: their medians (or the least, where only a range is known)."""
    total = 0.0
    for step in getattr(measure, "steps", ()):
        duration: Duration | None = step.work
        if duration is not None:
            total += duration.seconds()[0] / HOUR
    return total
