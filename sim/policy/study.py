"""A policy question answered: an experiment, what it found for every headline figure, why, at what cost, and how sure.

The question is a file (`sim.model.policy`). Its headline figures are judged together: each interval is widened for
their number and that of the alternatives, so that all of them hold at once.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sim.errors import UsageError
from sim.model.loading import Question, load_policy
from sim.model.measures import ALL, Key, measure_of
from sim.model.policy import Headline, Policy
from sim.policy.alternatives import SETTINGS, Alternative
from sim.policy.assumptions import Assumption, assumptions_of
from sim.policy.causes import Why, title_of, why
from sim.policy.comparison import Comparison, compared
from sim.policy.conclusions import Sensitivity, examine, runs_needed
from sim.policy.experiment import Experiment, Store, run_experiment
from sim.policy.money import Worth, worth_of
from sim.policy.results import Results
from sim.policy.sensitivity import verdict
from sim.policy.sentences import apart, between, in_words, signed
from sim.policy.varied import SimulatedAnswer
from sim.record.statistics import Interval, mean_interval, simultaneous
from sim.words import _, marked

SENSITIVITY = 5
"""Replications of each setting of the assumptions, unless told otherwise."""
LOOKED_AT = 3
"""Assumptions along which a flip is looked for, for each alternative."""

Told = Callable[[str, int, int], None]
"""Told what is being done, and how many of how many runs of it (at most) are."""
Enough = Literal["yes", "no", "perhaps"]

_STEPS = {"replications": marked("replications"), "sensitivity": marked("sensitivity")}


@dataclass(frozen=True)
class Finding:
    """One headline figure of one alternative."""

    alternative: str
    headline: Headline
    key: Key
    before: Interval
    after: Interval
    change: Interval
    """Holds together with those of all other findings."""

    @property
    def verdict(self) -> Literal["better", "worse", "unclear"]:
        """What the interval of the change says."""
        if not self.change.clear:
            return "unclear"
        return "better" if (self.change.mean < 0) == (self.headline.better == "less") else "worse"

    def figure(self, results: Results) -> str:
        """Its name, with the names of States."""
        words, of = in_words(Key(self.key.measure)), self.key.of
        return words if of == ALL else f"{words} ({title_of(results, of)})"

    @property
    def enough(self) -> Enough | None:
        """Whether it improves by as much as would be worth the effort; None where the question does not say how much
        that is."""
        if self.headline.enough is None:
            return None
        sign = -1 if self.headline.better == "less" else 1
        least, most = sorted((sign * self.change.low, sign * self.change.high))
        return "yes" if least >= self.headline.enough else "no" if most < self.headline.enough else "perhaps"


@dataclass(frozen=True)
class Study:
    """A question and its answer."""

    policy: Policy
    comparison: Comparison
    """All figures, with the experiment behind them."""
    findings: tuple[Finding, ...]
    """Alternatives in the order of the file, figures the most important first."""
    whys: tuple[Why, ...]
    """Causes, by alternative."""
    worths: tuple[Worth, ...]
    """Costs, by alternative; none where the world names no prices."""
    sensitivity: tuple[Sensitivity, ...]
    """What the first figure hangs on, by alternative; none if it was not examined."""
    command: str
    """The command that repeats it."""

    @property
    def results(self) -> Results:
        """Every observation."""
        return self.comparison.results

    @property
    def sha256(self) -> str:
        """Hash of all observations of the experiment."""
        return self.results.sha256

    def of(self, alternative: str) -> list[Finding]:
        """The findings of an alternative."""
        return [finding for finding in self.findings if finding.alternative == alternative]

    @property
    def headlines(self) -> list[str]:
        """The answer to the question: what each alternative does to the first figure that was asked for."""
        return [self._words(self.of(name)[0]) for name in self.results.experiment.names[1:]]

    @property
    def sentences(self) -> list[str]:
        """One for every finding, an alternative after the other."""
        return [self._words(finding) for name in self.results.experiment.names[1:] for finding in self.of(name)]

    def _words(self, finding: Finding) -> str:
        return f"{finding.alternative} — {_sentence(finding, self.results)}"


def run_study(
    question: Question | str | Path,
    *,
    replications: int | None = None,
    years: float | None = None,
    warm_up: float | None = None,
    sensitivity: int = SENSITIVITY,
    looked_at: int = LOOKED_AT,
    executor: Executor | None = None,
    open_store: Callable[[Experiment], Store] | None = None,
    told: Told | None = None,
) -> Study:
    """Answer a policy question, given by id or file.

    ``replications`` and ``years`` replace those of the file. ``sensitivity`` is how many replications each setting of
    the assumptions gets; 0 leaves that out. ``open_store`` opens what keeps the observations of the experiment.
    """
    asked = question if isinstance(question, Question) else load_policy(question)
    policy, world = asked.policy, asked.world
    count = policy.replications if replications is None else replications
    if count < 2 or sensitivity == 1:
        raise UsageError("an interval needs at least 2 replications")
    experiment = experiment_of(asked, years=years, warm_up=warm_up)
    store = open_store(experiment) if open_store is not None else None

    def step(name: str, before: int = 0, of: int = 0) -> Callable[[int, int], None]:
        return lambda done, total: told(_(_STEPS[name]), before + done, of or total) if told is not None else None

    results = run_experiment(experiment, count, executor=executor, store=store, progress=step("replications"))
    names = experiment.names[1:]
    findings = tuple(_findings(policy, results))
    conclusions = {one.alternative: verdict(one.change) for one in reversed(findings)}
    found: list[Sensitivity] = []
    most = settings_of(policy, experiment, looked_at=looked_at) * 2 * sensitivity if sensitivity else 0
    for name in names if sensitivity else ():
        answer = SimulatedAnswer(
            experiment,
            _key(policy.kpis[0]),
            varied(policy, experiment, name),
            alternative=name,
            replications=sensitivity,
            executor=executor,
            # Of all alternatives together; flips are rarely looked for as often as they could be.
            progress=step("sensitivity", sum(one.runs for one in found), most),
        )
        found.append(examine(answer, looked_at=looked_at, seed=policy.seed, conclusion=conclusions[name]))
    return Study(
        policy,
        compared(results),
        findings,
        tuple(why(results, name) for name in names if len(results.pairs(name, Key("mean days"))) > 1),
        tuple(worth_of(results, name) for name in names) if world.world.prices is not None else (),
        tuple(found),
        _command(question, policy, replications, years, warm_up, sensitivity),
    )


def experiment_of(question: Question, *, years: float | None = None, warm_up: float | None = None) -> Experiment:
    """The experiment that a question asks for."""
    policy = question.policy
    alternatives = [
        Alternative(option.title, tuple(question.levers[name] for name in option.levers), option.settings)
        for option in policy.alternatives.values()
    ]
    return Experiment.of(
        question.world,
        alternatives,
        years=policy.years if years is None else years,
        seed=policy.seed,
        warm_up=warm_up,
        roll_out=policy.roll_out,
    )


def varied(policy: Policy, experiment: Experiment, alternative: str) -> tuple[Assumption, ...]:
    """The assumptions to vary for one alternative: those the question names, or all; of levers, only its own."""
    vary = policy.assumptions_to_vary
    levers = {one.name: {lever.id: lever for lever in one.changes} for one in experiment.alternatives}
    every = {id_: lever for found in levers.values() for id_, lever in found.items()}
    every.pop(SETTINGS, None)
    found = assumptions_of(
        list(experiment.scenarios.values()), every.values(), by=vary.by, only=vary.only, ranges=vary.ranges
    )
    others = {f"lever/{id_}" for id_ in every.keys() - levers[alternative].keys()}
    return tuple(assumption for assumption in found if assumption.places[0].at not in others)


def settings_of(policy: Policy, experiment: Experiment, *, looked_at: int = LOOKED_AT) -> int:
    """The most settings of assumptions that a study of a question can simulate, for all its alternatives."""
    counts = [len(varied(policy, experiment, name)) for name in experiment.names[1:]]
    return sum(runs_needed(count, looked_at=looked_at) for count in counts)


def _key(headline: Headline) -> Key:
    return Key(headline.measure, headline.of)


def _findings(policy: Policy, results: Results) -> Iterator[Finding]:
    names = results.experiment.names[1:]
    level = simultaneous(0.95, len(names) * len(policy.kpis))
    for name in names:
        for headline in policy.kpis:
            key = _key(headline)
            if len(results.pairs(name, key)) < 2:
                raise UsageError(f"{str(key)!r} was counted in too few replications — make more, or longer ones")
            pairs = results.pairs(name, key)
            before, after = (mean_interval([pair[side] for pair in pairs]) for side in (0, 1))
            yield Finding(name, headline, key, before, after, results.difference(name, key, level))


def _sentence(finding: Finding, results: Results) -> str:
    """In the order in which people ask: which figure, of whom, which way, by how much, how sure, and is it enough."""
    unit = _(measure_of(finding.key).unit_of_change)
    figure = finding.figure(results)
    before, after = apart(finding.before.mean, finding.after.mean)
    change = f"{signed(finding.change.mean)} {unit} ({between(finding.change)})"
    words = {
        "better": _("{figure}: better, {after} instead of {before}; {change}."),
        "worse": _("{figure}: worse, {after} instead of {before}; {change}."),
        "unclear": _("{figure}: no clear change, {after} and {before} as it is; {change}."),
    }[finding.verdict].format(figure=figure, before=before, after=after, change=change)
    if finding.enough is None:
        return words
    said = {
        "yes": _("It would be worth it from {least} on, and is."),
        "no": _("It would be worth it from {least} on, and is not."),
        "perhaps": _("It would be worth it from {least} on; these runs cannot tell whether it is."),
    }[finding.enough]
    return f"{words} {said.format(least=f'{finding.headline.enough:g} {unit}')}"


def _command(
    asked: Question | str | Path,
    policy: Policy,
    replications: int | None,
    years: float | None,
    warm_up: float | None,
    sensitivity: int,
) -> str:
    words = ["mlasim", "study", policy.id if isinstance(asked, Question) else str(asked)]
    words += ["--replications", str(replications)] if replications is not None else []
    words += ["--years", f"{years:g}"] if years is not None else []
    words += ["--warm-up", f"{warm_up:g}"] if warm_up is not None else []
    # Always said: the command leaves it out unless told, and this function does not.
    return shlex.join([*words, "--sensitivity", str(sensitivity)])
