"""What whoever reads the figures of a comparison has to know first."""

from __future__ import annotations

from collections.abc import Iterator

from sim.i18n import Words, joined, say
from sim.model.durations import YEAR
from sim.policy.experiments.comparison import Comparison
from sim.policy.experiments.experiment import Experiment
from sim.policy.experiments.levers import SETTINGS
from sim.record.statistics import FEW


def cautions_of(comparison: Comparison) -> list[Words]:
    """Few replications, introductions that are not seen to their end, levers that change the same, public holidays that
    hang on the version of a package."""
    return [
        *_of_few(comparison.replications),
        *_of_roll_out(comparison.experiment),
        *_of_doubles(comparison.experiment),
        *(one.words for one in comparison.experiment.hangs_on),
    ]


def _of_few(replications: int) -> Iterator[Words]:
    if replications < FEW:
        yield say(
            "Only {n} replications: the intervals are themselves rough; make more before you rely on them.",
            n=replications,
        )


def _of_roll_out(experiment: Experiment) -> Iterator[Words]:
    stages = [stage for one in experiment.roll_outs.values() for stage, _after in one.stages]
    slowest = max((stage.lasts for stage in stages), default=0)
    if slowest > experiment.years * YEAR:
        yield say(
            "Introducing takes up to {needed} years, of which these runs show the first {shown}: neither effects nor "
            "yearly costs are those of something that is in place.",
            needed=f"{slowest / YEAR:.3g}",
            shown=f"{experiment.years:.3g}",
        )


def _of_doubles(experiment: Experiment) -> Iterator[Words]:
    for name, applied in experiment.provenance.items():
        at: dict[str, list[str]] = {}
        for one in applied:
            if one.lever != SETTINGS:  # what somebody sets beside a lever is meant to come on top of it
                at.setdefault(one.at, []).append(one.lever)
        twice = {tuple(dict.fromkeys(levers)) for levers in at.values() if len(set(levers)) > 1}
        for levers in sorted(twice):
            yield say(
                "{alternative}: {levers} change the same; their effects are multiplied or added up, though nobody has "
                "seen them together.",
                alternative=name,
                levers=joined(levers),
            )
