"""How sure a conclusion is, in sentences: what moves the answer most, and "the conclusion flips if …"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.model.measures import Key, measure_of
from sim.policy.alternatives import BASELINE
from sim.policy.assumptions import Assumption
from sim.policy.sensitivity import (
    SAMPLES,
    TRAJECTORIES,
    ElementaryEffect,
    Flip,
    SobolIndex,
    Tornado,
    Verdict,
    decomposed,
    differs,
    flip_at,
    flips_of,
    screened,
    settings_needed,
    tornado,
    verdict,
)
from sim.policy.sentences import between, number, signed
from sim.policy.varied import SimulatedAnswer
from sim.words import _, many

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
    conclusion: Verdict
    """What would flip: what the answer as written says, or what more replications have said."""
    failed: tuple[str, ...] = ()
    """Settings at which some replications failed, in words."""

    @property
    def holds_here(self) -> bool:
        """Whether these replications, as written, do not contradict the conclusion."""
        return not differs(self.tornado.base, self.conclusion)

    @property
    def sentences(self) -> list[str]:
        """The most important first."""
        found = [*self._conclusion(), self._strongest()]
        if self.screening:
            found.append(self._screened())
        if self.indices:
            found.append(self._shares())
        return [*found, self._done(), *self.failed]

    def _conclusion(self) -> list[str]:
        if self.alternative == BASELINE:
            return []
        if not self.holds_here:
            words = _(
                "What would flip the conclusion ({conclusion}) was not looked for: with {replications} of each setting "
                "the answer as written is another ({change}), so that they are too few."
            )
            return [
                words.format(
                    conclusion=_conclusion(self.key, self.conclusion),
                    replications=many("{n} replication", "{n} replications", self.replications),
                    change=between(self.tornado.base),
                )
            ]
        if not self.looked_at:
            words = _("Nothing that was varied moves the answer; the conclusion does not hang on it: {conclusion}.")
            return [words.format(conclusion=_conclusion(self.key, self.conclusion))]
        if not self.flips:
            looked = many("the one assumption", "the {n} assumptions", len(self.looked_at))
            words = _(
                "Within the ranges tried nothing flips the conclusion: {conclusion}, whichever of {looked} that move "
                "the answer most is at its lowest or highest."
            )
            return [words.format(conclusion=_conclusion(self.key, self.conclusion), looked=looked)]
        kinds = {assumption.id: assumption for assumption in self.assumptions}
        head = _("The conclusion ({conclusion}, {change}) flips if").format(
            conclusion=_conclusion(self.key, self.flips[0].before), change=between(self.tornado.base)
        )
        return [f"{head} {_place(flip, kinds[flip.assumption])} — {_after(self.key, flip)}." for flip in self.flips]

    def _strongest(self) -> str:
        swings = [
            _("{title} (from {low} to {high})").format(
                title=swing.title, low=signed(swing.ends[0]), high=signed(swing.ends[1])
            )
            for swing in self.tornado.swings[:_NAMED]
        ]
        words = _("In these runs the answer as written is {base} {unit}; one at a time, it is moved most by {swings}.")
        base, unit = signed(self.tornado.base.mean), _(measure_of(self.key).unit_of_change)
        return words.format(base=base, unit=unit, swings="; ".join(swings))

    def _screened(self) -> str:
        named = ", ".join(f"{e.title} ({number(e.strength)})" for e in self.screening[:_NAMED])
        uneven = [e.title for e in self.screening[:_NAMED] if e.spread > e.strength]
        words = _("In Morris' screening the strongest effects are {named}.").format(named=named)
        if uneven:
            words += " " + _("Unevenly, or together with others, acts: {titles}.").format(titles=", ".join(uneven))
        return words

    def _shares(self) -> str:
        named = ", ".join(
            _("{title} {first} alone, {total} with others").format(
                title=i.title, first=_share(i.first, i.first_half_width), total=_share(i.total, i.total_half_width)
            )
            for i in self.indices[:_NAMED]
        )
        words = _("Of the answer's variance over all ranges there is due to: {named} (Sobol).").format(named=named)
        if any(max(i.first_half_width, i.total_half_width) > _ROUGH for i in self.indices):
            words += " " + _("These shares are rough, and their order is not sure: take more samples.")
        return words

    def _done(self) -> str:
        words = _("{varied} varied in {runs}, {replications} for each setting, with the same luck everywhere.")
        return words.format(
            varied=many("{n} assumption or group", "{n} assumptions or groups", len(self.assumptions)),
            runs=many("{n} run", "{n} runs", self.runs),
            replications=many("{n} replication", "{n} replications", self.replications),
        )


def examine(
    answer: SimulatedAnswer,
    *,
    methods: Sequence[Method] = ("tornado",),
    trajectories: int = TRAJECTORIES,
    samples: int = SAMPLES,
    looked_at: int = LOOKED_AT,
    seed: int = 1,
    conclusion: Verdict | None = None,
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
    said = verdict(found.base) if conclusion is None else conclusion
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


def _conclusion(key: Key, found: str) -> str:
    words = {
        "less": _("{figure} clearly falls"),
        "more": _("{figure} clearly rises"),
        "unclear": _("no clear change of {figure}"),
    }
    return words[found].format(figure=key)


def _place(flip: Flip, assumption: Assumption) -> str:
    only = assumption.places[0]
    if flip.odds and len(assumption.places) == 1 and flip.factor is not None:
        odds = only.value / (1 - only.value) * flip.factor
        words = _("{title}: {there} % instead of {here} %")
        return words.format(title=flip.title, there=f"{100 * odds / (1 + odds):.3g}", here=f"{100 * only.value:.3g}")
    if flip.factor is not None:
        words = _("{title}: {factor} times as assumed")
        if flip.odds:
            words = _("{title}: {factor} times the odds assumed")
        return words.format(title=flip.title, factor=f"{flip.factor:.2f}")
    end = _("lowest") if flip.level < 0 else _("highest")
    words = _("{title}: {share} % of the way to the {end}")
    return words.format(title=flip.title, share=f"{100 * abs(flip.level):.0f}", end=end)


def _after(key: Key, flip: Flip) -> str:
    return _("then {conclusion} ({change})").format(
        conclusion=_conclusion(key, flip.after), change=between(flip.answer)
    )
