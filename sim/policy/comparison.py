"""Process changes against the world as it is: paired differences with intervals.

Every alternative meets the same requests with the same luck (common random numbers by name), so the difference of
two runs of the same replication is the effect of the change and of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from sim.engine.nodes import Plan
from sim.engine.plan import compile_world
from sim.engine.simulation import simulate
from sim.errors import UsageError
from sim.model.durations import DAY, YEAR
from sim.model.loading import Scenario, load
from sim.policy.levers import apply
from sim.record.run import Run
from sim.record.statistics import Interval, mean_interval, paired_difference

BASELINE = "as it is"
_BUSY = "time occupied, "
_OFFICES_SHOWN = 3


@dataclass(frozen=True)
class Figure:
    """One figure of one alternative: its value over the replications and its difference to the baseline."""

    alternative: str
    figure: str
    unit: str
    value: Interval
    baseline: Interval
    difference: Interval

    @property
    def clear(self) -> bool:
        """Whether the interval of the difference leaves zero out."""
        return self.difference.low > 0 or self.difference.high < 0


@dataclass(frozen=True)
class Failure:
    """A replication that failed, with the reason and the command that repeats it."""

    alternative: str
    replication: int
    reason: str
    command: str


@dataclass(frozen=True)
class Comparison:
    """The answer of `compare`."""

    world: str
    title: str
    levers: tuple[tuple[str, ...], ...]
    replications: int
    years: float
    seed: int
    level: float
    figures: tuple[Figure, ...]
    failures: tuple[Failure, ...]
    hashes: dict[str, str]
    """Scenario hash of every alternative."""

    def table(self) -> Any:
        """One row for each alternative and figure, as a DataFrame: value, difference, half-width, interval."""
        import pandas

        return pandas.DataFrame(
            [
                {
                    "alternative": f.alternative,
                    "figure": f.figure,
                    "unit": f.unit,
                    "as it is": f.baseline.mean,
                    "value": f.value.mean,
                    "difference": f.difference.mean,
                    "half-width": f.difference.half_width,
                    "low": f.difference.low,
                    "high": f.difference.high,
                    "clear": f.clear,
                }
                for f in self.figures
            ]
        )

    def __str__(self) -> str:
        lines = [
            f"{self.title}: {self.replications} replications of {self.years:g} years, seed {self.seed}, "
            f"{self.level:.0%} intervals of the paired difference"
        ]
        for f in self.figures:
            lines.append(
                f"  {f.alternative:<28} {f.figure:<40} {f.baseline.mean:9.1f} → {f.value.mean:9.1f} {f.unit:<6}"
                f" {f.difference.mean:+8.2f} ± {f.difference.half_width:.2f}"
            )
        lines += [f"  failed: {f.alternative}, replication {f.replication}: {f.reason}" for f in self.failures]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return self.table().to_html(index=False, float_format=lambda value: f"{value:.2f}")


def compare(
    world: str | Scenario,
    levers: Sequence[str | Sequence[str]],
    *,
    replications: int = 20,
    years: float = 2.0,
    seed: int = 1,
    level: float = 0.95,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Each lever (or combination of levers) against the world as it is.

    ``years`` are counted after the world's warm-up. ``executor`` is any `concurrent.futures` executor; serial
    without one. A replication that fails becomes a row of ``failures`` and leaves the pair out.
    """
    if replications < 2:
        raise UsageError("an interval needs at least 2 replications — write --replications 20")
    if not 0 < years <= 100:
        raise UsageError("years must be above 0 and at most 100")
    baseline = world if isinstance(world, Scenario) else load(world)
    if baseline.kind != "world":
        raise UsageError(f"{baseline.id!r} is a {baseline.kind}; compare needs a world")
    combinations = [(lever,) if isinstance(lever, str) else tuple(lever) for lever in levers]
    if not combinations:
        raise UsageError("name at least one lever — see mlasim list levers")
    scenarios = {BASELINE: baseline}
    for names in combinations:
        scenarios[" + ".join(names)] = apply(baseline, names)
    jobs = [
        (name, scenario, seed, replication, years)
        for replication in range(replications)
        for name, scenario in scenarios.items()
    ]
    results: Iterable[Any] = map(_replicate, jobs) if executor is None else executor.map(_replicate, jobs)
    values: dict[str, dict[int, dict[str, tuple[float, str]]]] = {name: {} for name in scenarios}
    failures = []
    for done, ((name, _, _, replication, _), outcome) in enumerate(zip(jobs, results, strict=True), 1):
        if isinstance(outcome, str):
            command = f"mlasim run {baseline.id} --years {years:g} --seed {seed} --replication {replication}"
            command += "".join(f" --lever {lever}" for lever in name.split(" + ") if name != BASELINE)
            failures.append(Failure(name, replication, outcome, command))
        else:
            values[name][replication] = outcome
        if progress is not None:
            progress(done, len(jobs))
    figures = [
        figure
        for name in scenarios
        if name != BASELINE
        for figure in _figures(name, values[BASELINE], values[name], level)
    ]
    hashes = {name: scenario.hash for name, scenario in scenarios.items()}
    return Comparison(
        baseline.id,
        baseline.title,
        tuple(combinations),
        replications,
        years,
        seed,
        level,
        tuple(figures),
        tuple(failures),
        hashes,
    )


def _figures(name: str, before: dict[int, Any], after: dict[int, Any], level: float) -> list[Figure]:
    common = sorted(set(before) & set(after))
    if len(common) < 2:
        return []
    found = []
    busiest = sorted(
        (name for name in before[common[0]] if name.startswith(_BUSY)), key=lambda name: -before[common[0]][name][0]
    )[:_OFFICES_SHOWN]
    for figure, (_, unit) in before[common[0]].items():
        if figure.startswith(_BUSY) and figure not in busiest:
            continue
        pairs = [
            (before[r][figure][0], after[r][figure][0]) for r in common if figure in before[r] and figure in after[r]
        ]
        if len(pairs) < 2:
            continue
        first, second = [a for a, _ in pairs], [b for _, b in pairs]
        found.append(
            Figure(
                name,
                figure,
                unit,
                mean_interval(second, level),
                mean_interval(first, level),
                paired_difference(first, second, level),
            )
        )
    return found


_plans: dict[str, Plan] = {}


def _replicate(job: tuple[str, Scenario, int, int, float]) -> dict[str, tuple[float, str]] | str:
    """One replication's figures, or the reason why it failed."""
    _, scenario, seed, replication, years = job
    try:
        if scenario.hash not in _plans:
            if len(_plans) > 8:
                _plans.clear()
            _plans[scenario.hash] = compile_world(scenario)
        warm_up = scenario.world.warm_up
        until = round((warm_up.seconds()[0] if warm_up else 0) + years * YEAR)
        log = simulate(scenario, until=until, seed=seed, replication=replication, plan=_plans[scenario.hash])
        return figures_of(Run(log, scenario, seed=seed, replication=replication))
    except Exception as error:  # a failed replication is a row, not the end of the experiment
        return f"{type(error).__name__}: {error}"


def figures_of(run: Run) -> dict[str, tuple[float, str]]:
    """The figures a comparison reports: name to (value, unit)."""
    kpis = run.kpis()
    found = {
        "days from start to end, mean": (kpis.mean_days, "days"),
        "days from start to end, 9 of 10 below": (kpis.p90_days, "days"),
        "requests open at the end": (float(kpis.open_stock), ""),
    }
    if kpis.share_within_deadline is not None:
        found["within their deadline"] = (100 * kpis.share_within_deadline, "%")
    for state in sorted({kind.to for kind in run.log.kinds if kind.to}):
        flows = sorted({kind.flow for kind in run.log.kinds if kind.to == state and kind.flow in kpis.flows})
        found[f"days to {state}, mean"] = (run.kpis(flows).mean_days, "days")
    for office in kpis.offices:
        found[f"{_BUSY}{office.id}"] = (100 * office.utilisation, "%")
    return {name: value for name, value in found.items() if value[0] == value[0]}


__all__ = ["BASELINE", "DAY", "Comparison", "Failure", "Figure", "compare", "figures_of"]
