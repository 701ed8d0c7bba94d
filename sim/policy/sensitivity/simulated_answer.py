"""The answer to a question about a world when its assumptions are other than written, by simulation.

Every setting of the assumptions meets the same requests with the same luck in the same replication (chance is keyed by
name), so that answers differ by the assumptions and by nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from sim.engine.rollout import RollOut
from sim.errors import SimulationError, UsageError
from sim.i18n import Words, say
from sim.model.loading import Scenario
from sim.model.measures import Key
from sim.model.problems import did_you_mean
from sim.model.world import Lever, Patch
from sim.policy.experiments.alternatives import BASELINE, Alternative
from sim.policy.experiments.experiment import Experiment, Progress, Results, run_experiment
from sim.policy.sensitivity.assumptions import Assumption, strengthened
from sim.record.statistics import Interval

Levels = tuple[float, ...]
"""One level, from −1 to 1, for each assumption; all 0 is the world as written."""
Answer = Callable[[Sequence[Levels]], list[Interval]]
"""Given settings of the assumptions: the answer at each."""
_AT_A_TIME = 8
"""Settings whose worlds are kept in memory together."""


class SimulatedAnswer:
    """A figure, or the difference an alternative makes to it, at any setting of the assumptions.

    Each setting is simulated once, however often it is asked for. ``alternative`` is one of the experiment's; the world
    as it is (or no name) asks for the figure itself. Raises `UsageError` for an alternative or a figure that is not
    there and when ``budget`` runs are used up, `SimulationError` where every replication of a setting failed.
    """

    def __init__(
        self,
        experiment: Experiment,
        key: Key,
        assumptions: Sequence[Assumption],
        *,
        alternative: str = BASELINE,
        replications: int = 10,
        level: float = 0.95,
        budget: int | None = None,
        executor: Executor | None = None,
        progress: Progress | None = None,
    ) -> None:
        if alternative not in experiment.names:
            raise UsageError(
                say("{alternative!r} is none of {names}", alternative=alternative, names=", ".join(experiment.names))
            )
        if replications < 2:
            raise UsageError(say("an interval needs at least 2 replications"))
        self.experiment, self.key, self.alternative = experiment, key, alternative
        self.assumptions, self.replications, self.level = tuple(assumptions), replications, level
        self.runs = 0
        """Runs made so far."""
        self.failed: list[Words] = []
        """Settings with failed replications, in words; there is no answer there."""
        self._budget, self._executor, self._progress = budget, executor, progress
        self._known: dict[Levels, Interval] = {}
        self._expected = 0

    @property
    def runs_for_one(self) -> int:
        """Runs that one setting takes."""
        return self.replications * (1 if self.alternative == BASELINE else 2)

    def expect(self, settings: int) -> None:
        """Say how many settings will be asked for in all, for the progress and against the budget."""
        self._expected = settings * self.runs_for_one
        if self._budget is not None and self._expected > self._budget:
            raise UsageError(
                say(
                    "this takes up to {expected} runs ({settings} settings of {runs_for_one}), more than the "
                    "budget of {budget} — vary fewer assumptions, or raise the budget",
                    expected=self._expected,
                    settings=settings,
                    runs_for_one=self.runs_for_one,
                    budget=self._budget,
                )
            )

    def __call__(self, settings: Sequence[Levels]) -> list[Interval]:
        """The answer at each setting, in order."""
        missing = list(dict.fromkeys(levels for levels in settings if levels not in self._known))
        for first in range(0, len(missing), _AT_A_TIME):
            self._simulate(missing[first : first + _AT_A_TIME])
        return [self._known[levels] for levels in settings]

    def _simulate(self, settings: Sequence[Levels]) -> None:
        own = next((a for a in self.experiment.alternatives if a.name == self.alternative), None)
        several = {levels: list(self._alternatives(place, levels, own)) for place, levels in enumerate(settings)}
        batch = Experiment(
            self.experiment.world,
            tuple(one for pair in several.values() for one in pair),
            self.experiment.years,
            self.experiment.seed,
            self.experiment.warm_up,
            self.experiment.roll_out,
        )
        wanted = {one.name: range(self.replications) for one in batch.alternatives}
        before, total = self.runs, max(self._expected, self.runs + len(wanted) * self.replications)

        def told(done: int, _of: int) -> None:
            if self._progress is not None:
                self._progress(before + done, total)

        results = run_experiment(batch, wanted, executor=self._executor, progress=told)
        self.runs += len(wanted) * self.replications
        for levels, pair in several.items():
            self._known[levels] = self._read(results, levels, [one.name for one in pair])

    def _alternatives(self, place: int, levels: Levels, own: Alternative | None) -> Iterator[Alternative]:
        patches = tuple(
            patch
            for assumption, level in zip(self.assumptions, levels, strict=True)
            for patch in assumption.patches(level)
        )
        strengths = {
            name: strength
            for assumption, level in zip(self.assumptions, levels, strict=True)
            for name, strength in assumption.strengths(level).items()
        }
        yield _Varied(f"{place}: {BASELINE}", varied=patches)
        if own is not None:
            yield _Varied(f"{place}: {own.name}", own.levers, own.settings, varied=patches, strengths=strengths)

    def _read(self, results: Results, levels: Levels, names: Sequence[str]) -> Interval:
        if len(names) == 1:
            found = results.mean(names[0], self.key, self.level)
        else:
            found = results.difference(names[1], self.key, self.level, against=names[0])
        failures = [one for one in results.failures if one.alternative in names]
        if found.count > 1 and not (failures and any(levels)):
            return found
        failed = next((one.error for one in failures), "")
        if found.count > 0 and any(levels):
            # A mean over other replications than everywhere else would differ by luck, and might look like a flip.
            self.failed.append(
                say(
                    "At {setting} there is no answer: {n} of {all} replications gave none ({why}).",
                    setting=self._in_words(levels),
                    n=self.replications - found.count,
                    all=self.replications,
                    why=failed or say("nothing was counted in some of them"),
                )
            )
            return Interval(math.nan, math.inf, self.level, 0)
        if not failed:
            hint = did_you_mean(str(self.key), [str(key) for key in results.keys(names[0])])
            raise UsageError(
                say(
                    "at {levels} nothing was counted for {key!r} — {hint}",
                    levels=self._in_words(levels),
                    key=str(self.key),
                    hint=hint,
                )
            )
        raise SimulationError(f"at {self._in_words(levels)} every replication failed: {failed}")

    def _in_words(self, levels: Levels) -> str:
        found = [f"{a.id} {level:+.2f}" for a, level in zip(self.assumptions, levels, strict=True) if level]
        return ", ".join(found) or "the world as it is"


@dataclass(frozen=True)
class _Varied(Alternative):
    """An alternative to a world whose assumptions are other than written, with levers that work more or less."""

    varied: tuple[Patch, ...] = ()
    strengths: Mapping[str, float] = field(default_factory=dict)

    def applied(self, scenario: Scenario) -> Scenario:
        return super().applied(self._before(scenario))

    @property
    def changes(self) -> list[Lever]:
        return [strengthened(lever, self.strengths.get(lever.id, 1.0)) for lever in super().changes]

    def rolled_out(self, scenario: Scenario, begin: int) -> RollOut:
        return super().rolled_out(self._before(scenario), begin)

    def _before(self, scenario: Scenario) -> Scenario:
        return Alternative(self.name, (), self.varied).applied(scenario)
