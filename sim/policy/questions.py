"""What a policymaker asks beyond a comparison, each as one call: from ids and words to the answer.

`sim.compare` compares changes that are named. Here are the questions behind it: the answer to a question that is
written down, what several changes do together, what a conclusion hangs on, what to buy within a budget, and whether
the simulation is to be believed. The command ``mlasim`` and notebooks call nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sim.errors import UsageError
from sim.i18n import Words, say
from sim.model.loading import Question, Scenario
from sim.model.measures import Key
from sim.model.world import Lever
from sim.policy.answers.conclusions import Method, Sensitivity, examine
from sim.policy.answers.study import SENSITIVITY, Study, Told, run_study
from sim.policy.economics.optimisation import Optimum
from sim.policy.economics.optimisation import optimise as search
from sim.policy.economics.portfolios import Space
from sim.policy.experiments import designs
from sim.policy.experiments.alternatives import BASELINE
from sim.policy.experiments.designs import Design, Effect, Factor
from sim.policy.experiments.experiment import Experiment, Progress, run_experiment
from sim.policy.experiments.levers import SETTINGS
from sim.policy.experiments.results import Results
from sim.policy.experiments.selection import BUDGET, Selection, select_best
from sim.policy.experiments.stopping import key_of, known
from sim.policy.experiments.store import ParquetStore
from sim.policy.experiments.warm_up import FOUND, WarmUp, find_warm_up
from sim.policy.sensitivity.assumptions import assumptions_of
from sim.policy.sensitivity.parameter_sites import Grouping
from sim.policy.sensitivity.simulated_answer import SimulatedAnswer
from sim.policy.verification import verification
from sim.policy.verification.verification import TheoryResult
from sim.record.claims import ClaimResult


def study(
    question: Question | str | Path,
    *,
    replications: int | None = None,
    years: float | None = None,
    warm_up: float | None = None,
    sensitivity: int = SENSITIVITY,
    executor: Executor | None = None,
    out: str | Path | None = None,
    told: Told | None = None,
) -> Study:
    """The answer to a policy question that is written down, by its id or file: each headline figure's change with an
    interval that holds together with the others, causes, costs, and what the conclusion hangs on.

    ``replications``, ``years`` and ``warm_up`` (in years) replace those of the file. ``sensitivity`` is how many
    replications each setting of the assumptions gets; 0 leaves that out. ``executor`` is any `concurrent.futures`
    executor; serial without one. ``out`` is a folder that keeps observations as they finish, and goes on with those
    that are in it. ``told`` hears which step it is, and how much of it is done. Raises `ScenarioError` for a file with
    problems and `UsageError` for what cannot be asked.

    >>> import sim
    >>> answer = sim.study("triage-for-trafficking", replications=2, years=0.1, warm_up=0.2, sensitivity=0)
    >>> {finding.change.alternative for finding in answer.findings} == set(answer.results.experiment.names[1:])
    True
    """
    return run_study(
        question,
        replications=replications,
        years=years,
        warm_up=warm_up,
        sensitivity=sensitivity,
        executor=executor,
        open_store=None if out is None else lambda experiment: ParquetStore(out, experiment),
        told=told,
    )


@dataclass(frozen=True)
class Designed:
    """A design that has been tried."""

    design: Design
    results: Results
    """Every observation."""
    figures: tuple[Key, ...]
    """Those whose effects were asked for."""
    selection: Selection | None
    """The race for the best, where it was asked for."""
    warm_up: WarmUp | None
    """How the warm-up was found, where it was to be found."""

    @property
    def sha256(self) -> str:
        """Hash of all observations."""
        return self.results.sha256

    def effects(self, figure: Key | str | None = None, level: float = 0.95) -> tuple[Effect, ...]:
        """What each change does by itself and with another, on a figure (the first asked for, unless named)."""
        key = self.figures[0] if figure is None else key_of(figure) if isinstance(figure, str) else figure
        return self.design.effects(self.results, key, level)


def design(
    world: str | Scenario | Design,
    factors: Sequence[Factor | str | Lever] = (),
    *,
    kind: designs.Kind = "full",
    resolution: Literal[3, 4] = 4,
    of: Sequence[Key | str] = ("mean days",),
    replications: int = 20,
    years: float = 2.0,
    seed: int = 1,
    warm_up: float | Literal["found"] | None = None,
    best: Key | str | None = None,
    indifference: float = 1.0,
    probability: float = 0.95,
    budget: int = BUDGET,
    executor: Executor | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Designed:
    """Combinations of levers and settings, tried with the same luck: what each does by itself and with another.

    A factor is a lever, or a setting with values (``world/ID/offices/ID/staff=3|4``); ``world`` may also be a design
    made before (`sim.policy.experiments.designs.design`), which says what would be tried without trying it. ``of``
    names figures. With ``best`` the best combination by a figure is looked for, with a promised ``probability`` where
    the others are at least ``indifference`` worse, in ``budget`` runs of each on average, instead of ``replications``
    of each. The other options are those of `sim.compare`. Raises `UsageError` for what cannot be tried.

    >>> import sim
    >>> tried = sim.design("meridian", ["triage", "accept-english"], replications=2, years=0.1, warm_up=0.2)
    >>> [effect.name for effect in tried.effects("mean days")]
    ['triage', 'accept-english', 'triage × accept-english']
    """
    made = world if isinstance(world, Design) else designs.design(world, factors, kind, resolution=resolution)
    figures = tuple(key_of(figure) if isinstance(figure, str) else figure for figure in of)
    found = None
    experiment = made.experiment(years=years, seed=seed, warm_up=None if isinstance(warm_up, str) else warm_up)
    if warm_up == FOUND:
        found = find_warm_up(experiment, executor=executor, progress=progress)
        experiment = made.experiment(years=years, seed=seed, warm_up=found.years)
    store = ParquetStore(out, experiment) if out is not None else None
    selection = None
    if best is None:
        results = run_experiment(experiment, replications, executor=executor, store=store, progress=progress)
    else:
        together = budget * len(experiment.names)
        results, selection = select_best(
            experiment, best, indifference, probability=probability, budget=together,
            executor=executor, store=store, progress=progress,
        )  # fmt: skip
    for key in figures:
        known(results, key)
    return Designed(made, results, figures, selection, found)


def sensitivity(
    world: str | Scenario,
    lever: str | Lever | None = None,
    *,
    figure: Key | str = "mean days",
    methods: Sequence[Method] = ("tornado",),
    by: Grouping = "world",
    replications: int = 5,
    years: float = 1.0,
    warm_up: float | None = None,
    budget: int | None = None,
    seed: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Every assumption varied within its range: what moves a lever's effect on a figure most (or, without a lever, the
    figure itself), and what would flip the conclusion.

    A tornado with the search for flips is always made; ``methods`` may add ``morris`` and ``sobol`` (extra
    ``policy``). ``by`` says what is varied together: place, stage, office or world. ``replications`` are those
    of each setting, ``budget`` is the most runs. Raises `UsageError` for what cannot be asked.

    >>> import sim
    >>> found = sim.sensitivity("queue-mm1", figure="mean days", replications=2, years=0.02, warm_up=0.0)
    >>> len(found.tornado.swings) == len(found.assumptions)
    True
    """
    unknown = sorted(set(methods) - {"tornado", "morris", "sobol"})
    if unknown:
        raise UsageError(say("there is no method {unknown!r} — morris or sobol", unknown=unknown[0]))
    key = key_of(figure) if isinstance(figure, str) else figure
    experiment = Experiment.of(world, [lever] if lever else [], years=years, seed=seed, warm_up=warm_up)
    levers = [one for one in experiment.alternatives[0].changes if one.id != SETTINGS] if lever else []
    answer = SimulatedAnswer(
        experiment,
        key,
        assumptions_of(list(experiment.scenarios.values()), levers, by=by),
        alternative=experiment.names[1] if lever else BASELINE,
        replications=replications,
        budget=budget,
        executor=executor,
        progress=progress,
    )
    return examine(answer, methods=("tornado", *(method for method in methods if method != "tornado")), seed=seed)


def optimise(
    world: str | Scenario,
    budget: float,
    *,
    levers: Sequence[str | Lever] = (),
    posts: Mapping[str, int] | None = None,
    figure: Key | str = "mean days",
    search_budget: int = 400,
    replications: int = 30,
    years: float = 1.0,
    warm_up: float | None = None,
    seed: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Optimum:
    """The best mix of levers and posts within ``budget`` euro a year by one figure, with the runner-up and how sure it
    is that the best is better.

    ``posts`` says which offices may gain how many. ``search_budget`` is the most runs that the search may make,
    ``replications`` are those of each finalist, with new luck. Raises `UsageError` for what cannot be asked.

    >>> import sim
    >>> found = sim.optimise("meridian", 3_000_000, levers=["triage"], search_budget=10, replications=2,
    ...                      years=0.1, warm_up=0.2)
    >>> sorted({mix.name for mix in found.tried})
    ['as it is', 'triage']
    """
    key = key_of(figure) if isinstance(figure, str) else figure
    experiment = Experiment.of(world, years=years, seed=seed, warm_up=warm_up)
    space = Space.of(experiment.world, budget, levers=tuple(levers), posts=posts)
    return search(
        experiment,
        space,
        key,
        search_budget=search_budget,
        replications=replications,
        executor=executor,
        progress=progress,
    )


@dataclass(frozen=True)
class Verification:
    """How far the simulation is to be believed."""

    theory: tuple[TheoryResult, ...]
    """Queues with known answers, beside what the engine gives."""
    claims: tuple[ClaimResult, ...]
    """Published figures, beside what the world gives."""

    @property
    def passed(self) -> bool:
        """Whether the engine agrees with theory everywhere. A world may miss a published figure; that is said."""
        return all(result.passed for result in self.theory)


def verify(
    world: str | Scenario = "meridian",
    *,
    replications: int = 10,
    years: float = 3.0,
    theory_replications: int = 20,
    requests: int = verification.REQUESTS,
    executor: Executor | None = None,
    told: Told | None = None,
) -> Verification:
    """The engine against queueing theory, and a world against the published figures that it claims to represent.

    ``theory_replications`` of ``requests`` each are made of every queue, ``replications`` of ``years`` of the world.
    ``told`` hears which step it is, and how much of it is done. Raises `UsageError` for fewer than two of either.

    >>> import sim
    >>> found = sim.verify(replications=2, years=0.1, theory_replications=2, requests=2_000)
    >>> sorted({result.name for result in found.theory})[:2]
    ['M/G/1, lognormal', 'M/M/1']
    """

    def step(words: Words) -> Progress:
        return lambda done, total: told(words, done, total) if told is not None else None

    theory = verification.theory_table(
        theory_replications, requests=requests, executor=executor, progress=step(say("theory"))
    )
    claims = verification.calibration_table(
        world, replications, years, executor=executor, progress=step(say("calibration"))
    )
    return Verification(tuple(theory), tuple(claims))
