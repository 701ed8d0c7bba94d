"""A policy question answered: an experiment, what it found for every headline figure, why, at what cost, and how sure.

The question is a file (`sim.model.policy`). Its headline figures are judged together: each interval is widened for
their number and that of the alternatives, so that all of them hold at once.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sim.errors import UsageError
from sim.i18n import Words, say
from sim.model.loading import Question, load_policy
from sim.model.measures import ALL, Key
from sim.model.policy import Headline, Policy
from sim.policy.answers.causes import Why, why
from sim.policy.answers.conclusions import Sensitivity, examine, runs_needed
from sim.policy.answers.sentences import apart, between, signed
from sim.policy.economics.cost_effectiveness import Worth, worth_of
from sim.policy.experiments.alternatives import Alternative
from sim.policy.experiments.comparison import Comparison, compared
from sim.policy.experiments.experiment import Experiment, Store, run_experiment
from sim.policy.experiments.levers import SETTINGS
from sim.policy.experiments.results import Results
from sim.policy.sensitivity.assumptions import Assumption, assumptions_of
from sim.policy.sensitivity.simulated_answer import SimulatedAnswer
from sim.record.changes import Change
from sim.record.statistics import simultaneous

SENSITIVITY = 5
"""Replications of each setting of the assumptions, unless told otherwise."""
LOOKED_AT = 3
"""Assumptions along which a flip is looked for, for each alternative."""

Told = Callable[[Words, int, int], None]
"""Told what is being done, and how many of how many runs of it (at most) are."""
Enough = Literal["yes", "no", "perhaps"]

_STEPS = {"replications": say("replications"), "sensitivity": say("sensitivity")}


@dataclass(frozen=True)
class Finding:
    """One headline figure of one alternative."""

    headline: Headline
    change: Change
    """Its adjusted interval holds together with those of all other findings; better is what the question calls so."""

    @property
    def words(self) -> Words:
        """The figure's name, with the names of States."""
        return self._of_whom(self.change.measure.words)

    @property
    def title(self) -> Words:
        """The same with its unit."""
        return self._of_whom(self.change.measure.title)

    def _of_whom(self, figure: Words) -> Words:
        if self.change.key.of == ALL:
            return figure
        return say("{figure} ({of})", figure=figure, of=self.change.title)

    @property
    def enough(self) -> Enough | None:
        """Whether it improves by as much as would be worth the effort; None where the question does not say how much
        that is."""
        if self.headline.enough is None:
            return None
        sign = -1 if self.headline.better == "less" else 1
        least, most = sorted((sign * self.change.adjusted.low, sign * self.change.adjusted.high))
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
        return [finding for finding in self.findings if finding.change.alternative == alternative]

    @property
    def headlines(self) -> list[Words]:
        """The answer to the question: what each alternative does to the first figure that was asked for."""
        return [self._words(self.of(name)[0]) for name in self.results.experiment.names[1:]]

    @property
    def sentences(self) -> list[Words]:
        """One for every finding, an alternative after the other."""
        return [self._words(finding) for name in self.results.experiment.names[1:] for finding in self.of(name)]

    def _words(self, finding: Finding) -> Words:
        return say("{alternative} — {sentence}", alternative=finding.change.alternative, sentence=_sentence(finding))


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
        raise UsageError(say("an interval needs at least 2 replications"))
    experiment = experiment_of(asked, years=years, warm_up=warm_up)
    store = open_store(experiment) if open_store is not None else None

    def step(name: str, before: int = 0, of: int = 0) -> Callable[[int, int], None]:
        return lambda done, total: told(_STEPS[name], before + done, of or total) if told is not None else None

    results = run_experiment(experiment, count, executor=executor, store=store, progress=step("replications"))
    names = experiment.names[1:]
    findings = tuple(_findings(policy, results))
    conclusions = {one.change.alternative: one.change.way for one in reversed(findings)}
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
            change = results.change(name, key, together=level)
            if change is None:
                raise UsageError(
                    say("{key!r} was counted in too few replications — make more, or longer ones", key=str(key))
                )
            yield Finding(headline, replace(change, better=headline.better))


def _sentence(finding: Finding) -> Words:
    """In the order in which people ask: which figure, of whom, which way, by how much, how sure, and is it enough."""
    found = finding.change
    before, after = apart(found.before.mean, found.after.mean)
    values = {
        "figure": finding.words,
        "before": before,
        "after": after,
        "change": say(
            "{change} {unit} ({interval})",
            change=signed(found.adjusted.mean),
            unit=found.measure.change_words,
            interval=between(found.adjusted),
        ),
    }
    if found.verdict == "better":
        words = say("{figure}: better, {after} instead of {before}; {change}.", **values)
    elif found.verdict == "worse":
        words = say("{figure}: worse, {after} instead of {before}; {change}.", **values)
    else:
        words = say("{figure}: no clear change, {after} and {before} as it is; {change}.", **values)
    if finding.enough is None:
        return words
    least = say("{size} {unit}", size=f"{finding.headline.enough:g}", unit=found.measure.change_words)
    if finding.enough == "yes":
        return say("{finding} It would be worth it from {least} on, and is.", finding=words, least=least)
    if finding.enough == "no":
        return say("{finding} It would be worth it from {least} on, and is not.", finding=words, least=least)
    return say(
        "{finding} It would be worth it from {least} on; these runs cannot tell whether it is.",
        finding=words,
        least=least,
    )


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
