"""The assumptions that an answer can depend on, in groups that are varied together.

Where they stand, and how far each may be off, is found by `sim.policy.sensitivity.parameter_sites`. The size of a
lever's effect is an assumption like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from sim.errors import UsageError
from sim.i18n import Words, joined, say
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.model.world import Lever, Patch
from sim.policy.sensitivity.parameter_sites import RANGES, Grouping, Place, assumed_places, highest

_TITLES = {
    "effort": say("effort of every piece of work"),
    "staff": say("staff of offices"),
    "demand": say("requests that come in"),
    "other-work": say("other work of the same offices"),
    "chances": say("chances of what can happen to a request"),
    "pace": say("pace of each State"),
    "spread": say("how much requests to a State differ"),
    "working-capacity": say("share of office hours spent on files"),
    "about-trafficking": say("share of requests about trafficking"),
    "time-work": say("time on desks and in in-trays"),
    "time-transmission": say("time on the road"),
    "time-translation": say("time with translators outside"),
    "time-other-side": say("time of banks, courts and others"),
    "time-legal-remedies": say("length of appeals"),
    "time-postponement": say("length of postponements"),
}
"""Names of the groups of a whole world."""
_PREFIXES: dict[str, Callable[[str], Words]] = {
    "staff-": lambda who: say("staff: {who}", who=who),
    "effort-": lambda who: say("effort: {who}", who=who),
    "demand-": lambda who: say("requests: {who}", who=who),
    "other-work-": lambda who: say("other work: {who}", who=who),
    "chances-": lambda who: say("chances: {who}", who=who),
    "chance-": lambda who: say("chance of: {who}", who=who),
    "pace-and-spread-": lambda who: say("pace and spread: {who}", who=who),
    "pace-": lambda who: say("pace: {who}", who=who),
    "spread-": lambda who: say("spread: {who}", who=who),
    "measure-": lambda who: say("carrying out: {who}", who=who),
    "channel-": lambda who: say("channel: {who}", who=who),
}
"""How names of other groups begin, and go on with what they are of."""


@dataclass(frozen=True)
class Assumption:
    """Assumptions that are varied together, from level −1 (all at their lowest) over 0 (as written) to 1."""

    id: str
    title: Words
    places: tuple[Place, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why they were made, each reason once."""
        return tuple(dict.fromkeys(place.reason for place in self.places))

    @property
    def range(self) -> tuple[float, float] | None:
        """Lowest and highest factor, where all its places share one."""
        found = {(place.low, place.high) for place in self.places}
        return found.pop() if len(found) == 1 else None

    def factors(self, level: float) -> list[float]:
        """The factor of each place: equal steps of the level multiply by equal factors on either side."""
        return [place.low**-level if level < 0 else place.high**level for place in self.places]

    def patches(self, level: float) -> tuple[Patch, ...]:
        """The changes of the world at a level."""
        pairs = zip(self.places, self.factors(level), strict=True)
        return tuple(place.patch(factor) for place, factor in pairs if place.kind != "effect") if level else ()

    def strengths(self, level: float) -> dict[str, float]:
        """How strong levers are at a level, by id."""
        pairs = zip(self.places, self.factors(level), strict=True)
        return {place.at.removeprefix("lever/"): factor for place, factor in pairs if place.kind == "effect"}


def assumptions_of(
    scenarios: Scenario | Sequence[Scenario],
    levers: Iterable[Lever] = (),
    *,
    by: Grouping = "world",
    only: Iterable[str] = (),
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> tuple[Assumption, ...]:
    """The assumptions of a world (and of what alternatives make of it), grouped, in the order of the files.

    ``levers`` adds the sizes of their effects; one that only sets values or adds entries has no size. ``only`` keeps
    some ids, ``ranges`` gives some others than the usual ones. Raises `UsageError` for an id or a grouping that is
    not there.
    """
    if by not in get_args(Grouping):
        raise UsageError(
            say("assumptions cannot be varied by {by!r} — {hint}", by=by, hint=did_you_mean(by, get_args(Grouping)))
        )
    worlds = [scenarios] if isinstance(scenarios, Scenario) else list(scenarios)
    places: dict[str, Place] = {}
    for world in worlds:
        for place in assumed_places(world):
            places.setdefault(place.at, place)
    for lever in levers:
        if lever.origin.mark == "assumption" and any(p.times is not None or p.plus is not None for p in lever.changes):
            name = f"lever/{lever.id}"
            effect = Place(
                name, "effect", "", lever.origin.source, *RANGES["effect"], False, *[f"lever-{lever.id}"] * 3
            )
            places[name] = effect
    groups: dict[str, list[Place]] = {}
    for place in places.values():
        groups.setdefault(place.group(by), []).append(place)
    wanted = tuple(only)
    for name in (*wanted, *(ranges or {})):
        if name not in groups:
            raise UsageError(
                say("no assumption is called {name!r} here — {hint}", name=name, hint=did_you_mean(name, groups))
            )
    return tuple(
        Assumption(name, _title(name, group[0], worlds[0]), tuple(_ranged(group, (ranges or {}).get(name))))
        for name, group in groups.items()
        if not wanted or name in wanted
    )


def strengthened(lever: Lever, strength: float) -> Lever:
    """A lever with its effect so many times as strong: a factor to that power, a sum that many times. At 0 it does
    nothing, at 1 what its file says."""

    def changed(patch: Patch) -> Patch:
        if patch.times is not None and patch.times > 0:
            return patch.model_copy(update={"times": patch.times**strength})
        if patch.plus is not None:
            return patch.model_copy(update={"plus": patch.plus * strength})
        return patch

    return lever.model_copy(update={"changes": tuple(map(changed, lever.changes))})


def _ranged(places: Iterable[Place], given: tuple[float, float] | None) -> Iterator[Place]:
    for place in places:
        if given is None:
            yield place
        else:
            high = max(1.0, min(given[1], highest(place.at, place.value)))
            yield replace(place, low=given[0], high=high, stated=True)


def _title(name: str, first: Place, world: Scenario) -> Words:
    if first.kind == "effect":
        lever = name.removeprefix("lever/").removeprefix("lever-")
        return say("effect of the lever {lever}", lever=lever)
    if name in _TITLES:
        return _TITLES[name]
    for prefix, words in _PREFIXES.items():
        if name.startswith(prefix):
            who = name.removeprefix(prefix)
            known = (world.jurisdictions, world.world.offices, world.world.demand)
            titles = [found[who].title for found in known if who in found]
            return words(next(filter(None, titles), who.replace("-", " ")))
    return joined([name if "/" in name else name.replace("-", " ")])
