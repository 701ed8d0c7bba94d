"""Process changes against the world as it is: paired differences with intervals that survive an expert's questions.

Every alternative meets the same requests with the same luck (common random numbers by name), so the difference of
two runs of the same replication is the effect of the change and of nothing else. Who looks at many intervals at once
finds some that leave zero out by chance: the intervals of a family (the headline figures of all alternatives; all
corridors) are therefore widened until all of them hold at once (Bonferroni 1936), and only these decide what is clear.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from sim.errors import UsageError
from sim.i18n import Words, say
from sim.model.loading import Scenario
from sim.model.measures import OTHER, TRAFFICKING, Key, further, headline
from sim.model.world import Lever
from sim.policy.answers.causes import Fairness, fairness, level_of_family, level_of_one
from sim.policy.experiments.alternatives import BASELINE, Alternative
from sim.policy.experiments.experiment import Experiment, Progress, Results, run_experiment
from sim.policy.experiments.selection import Selection, select_best
from sim.policy.experiments.stopping import BUDGET, Stopping, Target, run_until
from sim.policy.experiments.store import ParquetStore
from sim.policy.experiments.warm_up import FOUND, WarmUp, find_warm_up
from sim.record.changes import Change

if TYPE_CHECKING:
    import pandas

Family = Literal["headline", "further", "year", "matter", "corridor", "office"]
"""Changes whose intervals hold together: the figures that a comparison answers for, the other figures of all requests,
the mean duration by year, by what requests are about and by corridor, and how busy the busiest offices are."""
_OFFICES_SHOWN = 3


class HowMade(TypedDict, total=False):
    """What is known of how results were made: the fields of the same names of a `Comparison`."""

    stopping: Stopping | None
    selection: Selection | None
    warm_up: WarmUp | None
    budget: int
    torn: tuple[Path, ...]


@dataclass(frozen=True)
class Failure:
    """A replication that failed, with the reason and the command that repeats it."""

    alternative: str
    replication: int
    reason: str
    command: str

    @property
    def words(self) -> Words:
        """In a sentence; the reason is as Python gave it."""
        return say(
            "failed: {alternative}, replication {replication}: {reason}",
            alternative=self.alternative,
            replication=self.replication,
            reason=self.reason,
        )


@dataclass(frozen=True)
class Comparison:
    """The answer of `compare`."""

    results: Results = field(repr=False, compare=False)
    """Every figure of every replication; `sim.policy.answers.causes.why` and others ask it further."""
    level: float
    figures: tuple[Change, ...]
    failures: tuple[Failure, ...]
    replications: int
    """Of each alternative; the most of any, where a race dropped some of them early."""
    stopping: Stopping | None = None
    """Why replicating stopped, where it was to go on until an interval was narrow enough."""
    selection: Selection | None = None
    """The best, where it was asked for."""
    warm_up: WarmUp | None = None
    """How the warm-up was found, where it was not given."""
    budget: int = BUDGET
    """Runs of each alternative that were allowed, where it was raced or made precise."""
    torn: tuple[Path, ...] = ()
    """Parts of an earlier run that could not be read; what they held was made again."""

    @property
    def experiment(self) -> Experiment:
        """What was tried."""
        return self.results.experiment

    @property
    def world(self) -> str:
        """The world's id."""
        return self.experiment.world.id

    @property
    def title(self) -> str:
        """The world's title."""
        return self.experiment.world.title

    @property
    def years(self) -> float:
        """Simulated years after the warm-up."""
        return self.experiment.years

    @property
    def seed(self) -> int:
        return self.experiment.seed

    @property
    def sha256(self) -> str:
        """Hash of all observations."""
        return self.results.sha256

    @property
    def adjustment(self) -> Words:
        """How intervals are adjusted, in words."""
        count = sum(figure.family == "headline" for figure in self.figures)
        level = f"{self.level:.0%}"
        if self.selection is not None:
            return say(
                "adjusted (Bonferroni) so that all {count} headline intervals hold at once with {level}, as if nothing "
                "had been selected",
                count=count,
                level=level,
            )
        return say(
            "adjusted (Bonferroni) so that all {count} headline intervals hold at once with {level}",
            count=count,
            level=level,
        )

    @property
    def command(self) -> str:
        """The command that repeats it, quoted for a shell."""
        if self.selection is not None:
            one = self.selection
            asked = ["--best", shlex.quote(str(one.key))]
            asked += ["--indifference", f"{one.indifference:g}", "--probability", f"{one.probability:g}"]
        elif self.stopping is not None:
            targets = dict.fromkeys(str(reached.target).replace(" ± ", "±") for reached in self.stopping.reached)
            asked = [word for target in targets for word in ("--precise", shlex.quote(target))]
        else:
            return self.experiment.comparison(self.replications)
        return " ".join([self.experiment.comparison(None), *asked, "--budget", str(self.budget)])

    def fairness(self, alternative: str) -> Fairness | None:
        """What an alternative does to every corridor, the worst first: who gets worse. None without corridors."""
        return fairness(self.results, alternative, level=level_of_one(self.experiment, self.level))

    def table(self) -> pandas.DataFrame:
        """One row for each alternative and figure, as a DataFrame: value, difference, half-width, intervals."""
        import pandas

        return pandas.DataFrame(
            [
                {
                    "alternative": f.alternative,
                    "figure": str(f.key),
                    "unit": f.measure.unit,
                    "family": f.family,
                    "as it is": f.before.mean,
                    "value": f.after.mean,
                    "difference": f.difference.mean,
                    "half-width": f.difference.half_width,
                    "low": f.difference.low,
                    "high": f.difference.high,
                    "adjusted low": f.adjusted.low,
                    "adjusted high": f.adjusted.high,
                    "clear": f.clear,
                    "pairs": f.difference.count,
                }
                for f in self.figures
            ]
        )

    def __str__(self) -> str:
        head = say(
            "{title}: {replications} replications of {years} years, seed {seed}, {level} intervals of the paired "
            "difference, {adjustment}",
            title=self.title,
            replications=self.replications,
            years=f"{self.years:g}",
            seed=self.seed,
            level=f"{self.level:.0%}",
            adjustment=self.adjustment,
        )
        lines = [str(head)]
        for f in self.figures:
            adjusted = say("(adjusted ± {half_width})", half_width=f"{f.adjusted.half_width:.2f}")
            lines.append(
                f"  {f.alternative:<28} {f.key.words:<40} {f.before.mean:9.1f} → {f.after.mean:9.1f}"
                f" {f.measure.unit_words:<6} {f.difference.mean:+8.2f} ± {f.difference.half_width:.2f} {adjusted}"
            )
        lines += [f"  {words}" for words in (self.warm_up, self.stopping, self.selection) if words is not None]
        lines += [f"  {failure.words}" for failure in self.failures]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        page: str = self.table().to_html(index=False, float_format=lambda value: f"{value:.2f}")
        return page


def compare(
    world: str | Scenario,
    levers: Sequence[Alternative | str | Lever | Sequence[str | Lever]],
    *,
    replications: int = 20,
    years: float = 2.0,
    seed: int = 1,
    level: float = 0.95,
    warm_up: float | Literal["found"] | None = None,
    roll_out: bool = False,
    precise: Sequence[Target | str] = (),
    best: Key | str | None = None,
    indifference: float = 1.0,
    probability: float = 0.95,
    budget: int = BUDGET,
    executor: Executor | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Each lever, setting or combination (``accept-english + world/meridian/offices/lys-central/staff+1``) against
    the world as it is.

    ``years`` are counted after the warm-up: the world's own, a number of years, or ``"found"`` (MSER-5).
    ``roll_out`` introduces levers over the time each needs instead of having them fully in place. With ``precise``
    (``["mean days±2"]``) as many replications are made as it takes, at most ``budget`` of each alternative, instead
    of ``replications``. With ``best`` (``"mean days"``) the best of all is looked for, with a promised
    ``probability`` where the others are at least ``indifference`` worse, in ``budget`` runs of each on average.
    ``executor`` is any `concurrent.futures` executor; serial without one. ``out`` is a folder that keeps observations
    as they finish, and goes on with those that are in it. A replication that fails becomes a row of ``failures`` and
    leaves the pair out.

    >>> import sim
    >>> found = sim.compare("meridian", ["triage"], replications=2, years=0.1, warm_up=0.2)
    >>> found.table()["alternative"].unique().tolist()
    ['triage']
    """
    if not levers:
        raise UsageError(say("name at least one lever — see mlasim list levers"))
    if replications < 2:
        raise UsageError(say("an interval needs at least 2 replications — write --replications 20"))
    if precise and best is not None:
        raise UsageError(say("narrow intervals and the best of many are two questions — ask one at a time"))
    given = None if isinstance(warm_up, str) else warm_up
    experiment_of = partial(Experiment.of, years=years, seed=seed, roll_out=roll_out)
    experiment = experiment_of(world, levers, warm_up=given)
    found = None
    if warm_up == FOUND:
        found = find_warm_up(experiment, executor=executor, progress=progress)
        experiment = experiment_of(experiment.world, levers, warm_up=found.years)
    store = ParquetStore(out, experiment) if out is not None else None
    stopping, selection = None, None
    if precise:
        results, stopping = run_until(
            experiment, precise, budget=budget, level=level, executor=executor, store=store, progress=progress
        )
    elif best is not None:
        together = budget * len(experiment.names)
        results, selection = select_best(
            experiment, best, indifference, probability=probability, budget=together,
            executor=executor, store=store, progress=progress,
        )  # fmt: skip
    else:
        results = run_experiment(experiment, replications, executor=executor, store=store, progress=progress)
    torn = tuple(store.torn) if store is not None else ()
    return compared(
        results, level=level, stopping=stopping, selection=selection, warm_up=found, budget=budget, torn=torn
    )


def compared(results: Results, *, level: float = 0.95, **more: Unpack[HowMade]) -> Comparison:
    """The comparison that results hold, whoever made them."""
    experiment = results.experiment
    figures = [figure for name in experiment.names[1:] for figure in _figures(results, name, level)]
    failures = [
        Failure(one.alternative, one.replication, one.error, experiment.command(one.alternative, one.replication))
        for one in results.failures
    ]
    count = max(len(results.replications(name)) for name in experiment.names)
    return Comparison(results, level, tuple(figures), tuple(failures), count, **more)


def _figures(results: Results, name: str, level: float) -> Iterator[Change]:
    shared = level_of_one(results.experiment, level)
    corridors = fairness(results, name, level=shared)
    families: dict[Family, list[Key]] = {
        "headline": headline(),
        "further": further(),
        "year": [Key("mean days", f"year {year + 1}") for year in range(int(results.experiment.years))],
        "matter": [Key("mean days", of) for of in (TRAFFICKING, OTHER)],
        "corridor": [one.key for one in corridors.corridors] if corridors else [],
        "office": _busiest(results),
    }
    for family, keys in families.items():
        each = level_of_family(results, name, keys, shared)
        for key in keys:
            change = results.change(name, key, level, each, family)
            if change is not None:
                yield change


def _busiest(results: Results) -> list[Key]:
    """The offices whose staff is busiest in the world as it is."""
    keys = results.keys()
    busy = {key: results.mean(BASELINE, key).mean for key in keys if key.measure == "busy"}
    return sorted(busy, key=lambda key: -busy[key])[:_OFFICES_SHOWN]
