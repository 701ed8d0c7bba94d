"""How sure a conclusion is, in sentences: what moves the answer most, and "the conclusion flips if …"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.i18n import Words, joined, say, say_many
from sim.model.measures import Key, measure_of
from sim.policy.answers.sentences import between, number, signed
from sim.policy.experiments.alternatives import BASELINE
from sim.policy.sensitivity.assumptions import Assumption
from sim.policy.sensitivity.sensitivity import (
    SAMPLES,
    TRAJECTORIES,
    ElementaryEffect,
    Flip,
    SobolIndex,
    Tornado,
    decomposed,
    differs,
    flip_at,
    flips_of,
    screened,
    settings_needed,
    tornado,
)
from sim.policy.sensitivity.simulated_answer import SimulatedAnswer
from sim.record.statistics import Way

Method = Literal["tornado", "morris", "sobol"]

LOOKED_AT = 6
"""Assumptions along which a flip is looked for: those that move the answer most."""
_NAMED = 3
_ROUGH = 0.1
"""Half-width from which on a share of variance is called rough."""


@dataclass(frozen=True)
class Sensitivity:
    """What an answer hangs on, and what was done to find out."""

    key: Key
    alternative: str
    """Whose difference to the world as it is; the world as it is itself, where the figure was asked for."""
    assumptions: tuple[Assumption, ...]
    """Everything that was varied."""
    tornado: Tornado
    flips: tuple[Flip, ...]
    looked_at: tuple[str, ...]
    """Assumptions along which a flip was looked for, by id; none where there is no difference."""
    screening: tuple[ElementaryEffect, ...]
    indices: tuple[SobolIndex, ...]
    replications: int
    """Of each setting."""
    runs: int
    """Made in all."""
    seed: int
    conclusion: Way
    """What would flip: what the answer as written says, or what more replications have said."""
    failed: tuple[Words, ...] = ()
    """Settings at which some replications failed, in words."""

    @property
    def holds_here(self) -> bool:
        """Whether these replications, as written, do not contradict the conclusion."""
        return not differs(self.tornado.base, self.conclusion)

    @property
    def sentences(self) -> list[Words]:
        """The most important first."""
        found = [*self._conclusion(), self._strongest()]
        if self.screening:
            found += self._screened()
        if self.indices:
            found += self._shares()
        return [*found, self._done(), *self.failed]

    def _conclusion(self) -> list[Words]:
        if self.alternative == BASELINE:
            return []
        conclusion, change = _conclusion(self.key, self.conclusion), between(self.tornado.base)
        if not self.holds_here:
            return [
                say(
                    "What would flip the conclusion ({conclusion}) was not looked for: with {replications} of each "
                    "setting the answer as written is another ({change}), so that they are too few.",
                    conclusion=conclusion,
                    replications=say_many("{n} replication", "{n} replications", self.replications),
                    change=change,
                )
            ]
        if not self.looked_at:
            return [
                say(
                    "Nothing that was varied moves the answer; the conclusion does not hang on it: {conclusion}.",
                    conclusion=conclusion,
                )
            ]
        if not self.flips:
            return [
                say_many(
                    "Within the ranges tried nothing flips the conclusion: {conclusion}, whether the one assumption "
                    "that moves the answer is at its lowest or highest.",
                    "Within the ranges tried nothing flips the conclusion: {conclusion}, whichever of the {n} "
                    "assumptions that move the answer most is at its lowest or highest.",
                    len(self.looked_at),
                    conclusion=conclusion,
                )
            ]
        kinds = {assumption.id: assumption for assumption in self.assumptions}
        return [
            say(
                "The conclusion ({conclusion}, {change}) flips if {place} — then {after} ({there}).",
                conclusion=_conclusion(self.key, flip.before),
                change=change,
                place=_place(flip, kinds[flip.assumption]),
                after=_conclusion(self.key, flip.after),
                there=between(flip.answer),
            )
            for flip in self.flips
        ]

    def _strongest(self) -> Words:
        swings = [
            say(
                "{title} (from {low} to {high})",
                title=swing.title,
                low=signed(swing.ends[0]),
                high=signed(swing.ends[1]),
            )
            for swing in self.tornado.swings[:_NAMED]
        ]
        return say(
            "In these runs the answer as written is {base} {unit}; one at a time, it is moved most by {swings}.",
            base=signed(self.tornado.base.mean),
            unit=measure_of(self.key).change_words,
            swings=joined(swings, "; "),
        )

    def _screened(self) -> list[Words]:
        strongest = self.screening[:_NAMED]
        named = joined(say("{title} ({size})", title=e.title, size=number(e.strength)) for e in strongest)
        found = [say("In Morris' screening the strongest effects are {named}.", named=named)]
        uneven = [e.title for e in strongest if e.spread > e.strength]
        if uneven:
            found.append(say("Unevenly, or together with others, acts: {titles}.", titles=joined(uneven)))
        return found

    def _shares(self) -> list[Words]:
        named = joined(
            say(
                "{title} {first} alone, {total} with others",
                title=i.title,
                first=_share(i.first, i.first_half_width),
                total=_share(i.total, i.total_half_width),
            )
            for i in self.indices[:_NAMED]
        )
        found = [say("Of the answer's variance over all ranges there is due to: {named} (Sobol).", named=named)]
        if any(max(i.first_half_width, i.total_half_width) > _ROUGH for i in self.indices):
            found.append(say("These shares are rough, and their order is not sure: take more samples."))
        return found

    def _done(self) -> Words:
        return say(
            "{varied} varied in {runs}, {replications} for each setting, with the same luck everywhere.",
            varied=say_many("{n} assumption or group", "{n} assumptions or groups", len(self.assumptions)),
            runs=say_many("{n} run", "{n} runs", self.runs),
            replications=say_many("{n} replication", "{n} replications", self.replications),
        )


def examine(
    answer: SimulatedAnswer,
    *,
    methods: Sequence[Method] = ("tornado",),
    trajectories: int = TRAJECTORIES,
    samples: int = SAMPLES,
    looked_at: int = LOOKED_AT,
    seed: int = 1,
    conclusion: Way | None = None,
) -> Sensitivity:
    """A tornado with the search for flips, which are always made, and what else is wanted.

    ``conclusion`` is what more replications than these have said; the answer as written says it unless given. The most
    runs this can take is told to ``answer`` first, which knows its budget. ``seed`` places the settings of
    Morris and Sobol; the luck is the experiment's.
    """
    varied = answer.assumptions
    answer.expect(runs_needed(len(varied), methods, trajectories=trajectories, samples=samples, looked_at=looked_at))
    found = tornado(varied, answer)
    compared = answer.alternative != BASELINE
    said = found.base.way if conclusion is None else conclusion
    moving = [swing for swing in found.swings if swing.width > 0] if compared and not differs(found.base, said) else []
    # First those that are known to flip it at an end; where there are more than are looked along, the end is told.
    moving.sort(key=lambda swing: not (differs(swing.low, said) or differs(swing.high, said)))
    among = tuple(swing.assumption for swing in moving[:looked_at])
    kinds = {assumption.id: assumption for assumption in varied}
    at_an_end = [
        flip_at(kinds[swing.assumption], level, said, end)
        for swing in moving[looked_at:]
        for level, end in ((-1.0, swing.low), (1.0, swing.high))
        if differs(end, said)
    ]
    return Sensitivity(
        answer.key,
        answer.alternative,
        varied,
        found,
        (*(flips_of(varied, answer, among=among, conclusion=said) if among else ()), *at_an_end),
        among,
        screened(varied, answer, trajectories=trajectories, seed=seed) if "morris" in methods else (),
        decomposed(varied, answer, samples=samples, seed=seed) if "sobol" in methods else (),
        answer.replications,
        answer.runs,
        seed,
        said,
        tuple(answer.failed),
    )


def runs_needed(
    count: int,
    methods: Sequence[Method] = ("tornado",),
    *,
    trajectories: int = TRAJECTORIES,
    samples: int = SAMPLES,
    looked_at: int = LOOKED_AT,
) -> int:
    """The most settings that `examine` can ask for; each takes the answer's ``runs_for_one``."""
    needed: Callable[..., int] = settings_needed
    found = needed("tornado", count) + needed("flips", min(count, looked_at))
    return found + sum(
        needed(method, count, trajectories=trajectories, samples=samples) for method in methods if method != "tornado"
    )


def _share(value: float, half_width: float) -> str:
    return f"{100 * value:.0f} ± {100 * half_width:.0f} %".replace("-", "−")


def _conclusion(key: Key, found: Way) -> Words:
    if found == "less":
        return say("{figure} clearly falls", figure=key.subject)
    if found == "more":
        return say("{figure} clearly rises", figure=key.subject)
    return say("no clear change of {figure}", figure=key.subject)


def _place(flip: Flip, assumption: Assumption) -> Words:
    only = assumption.places[0]
    if flip.odds and len(assumption.places) == 1 and flip.factor is not None and isinstance(only.value, float | int):
        odds = only.value / (1 - only.value) * flip.factor
        there, here = f"{100 * odds / (1 + odds):.3g}", f"{100 * only.value:.3g}"
        return say("{title}: {there} % instead of {here} %", title=flip.title, there=there, here=here)
    if flip.factor is not None:
        factor = f"{flip.factor:.2f}"
        if flip.odds:
            return say("{title}: {factor} times the odds assumed", title=flip.title, factor=factor)
        return say("{title}: {factor} times as assumed", title=flip.title, factor=factor)
    share = f"{100 * abs(flip.level):.0f}"
    if flip.level < 0:
        return say("{title}: {share} % of the way to the lowest", title=flip.title, share=share)
    return say("{title}: {share} % of the way to the highest", title=flip.title, share=share)
