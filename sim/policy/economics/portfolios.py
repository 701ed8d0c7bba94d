"""Mixes of levers and staff: which are possible within a yearly budget, and which are neighbours."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from sim.errors import ScenarioError, UsageError
from sim.i18n import say
from sim.model.loading import Scenario
from sim.model.world import Lever, Patch
from sim.policy.economics.costs import bill_of, silent
from sim.policy.experiments.alternatives import BASELINE, Alternative
from sim.policy.experiments.experiment import Experiment

logger = logging.getLogger("mlasim.policy.mixes")

Cost = Callable[[Alternative], float]
"""Euro a year that an alternative costs against the world as it is."""


@dataclass(frozen=True, order=True)
class Mix:
    """Levers that are pulled, and posts that offices gain, each in the order of its space."""

    levers: tuple[bool, ...]
    posts: tuple[int, ...]


@dataclass(frozen=True)
class Space:
    """What may be chosen from, and what it may cost."""

    world: Scenario
    levers: tuple[str | Lever, ...]
    """Ids or records, in the order in which they take hold."""
    posts: Mapping[str, int]
    """Posts an office may gain at most, by its id."""
    budget: float
    """Euro a year."""
    cost: Cost
    _known: dict[Mix, float | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        world: Scenario,
        budget: float,
        *,
        levers: tuple[str | Lever, ...] = (),
        posts: Mapping[str, int] | None = None,
        cost: Cost | None = None,
    ) -> Space:
        """A space, checked. Without ``cost``, the most that levers and staff may cost at the world's prices, so
        that the budget holds wherever costs lie in their ranges. Raises `UsageError` for what cannot be chosen."""
        given = dict(posts or {})
        for office, most in given.items():
            if office not in world.world.offices:
                raise UsageError(say("{id!r} has no office {office!r}", id=world.id, office=office))
            if most < 1:
                raise UsageError(
                    say("{office!r} may gain {most} posts, which leaves nothing to choose", office=office, most=most)
                )
        if not levers and not given:
            raise UsageError(say("there is nothing to choose from — name levers, or offices that may gain posts"))
        if len(set(map(_id, levers))) < len(levers):
            raise UsageError(say("a lever is named twice"))
        if not budget >= 0:
            raise UsageError(say("a budget is 0 or more euro a year"))
        space = cls(world, tuple(levers), given, budget, cost or highest_cost(world))
        for lever in levers:  # an unknown one is an error, not an impossible mix
            Alternative.of(lever).changes  # noqa: B018
        return space

    @property
    def nothing(self) -> Mix:
        """The world as it is."""
        return Mix((False,) * len(self.levers), (0,) * len(self.posts))

    @property
    def size(self) -> int:
        """Mixes, whatever they cost."""
        found: int = 2 ** len(self.levers)
        for most in self.posts.values():
            found *= most + 1
        return found

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Levers whose costs nobody knows in figures; they count as nothing."""
        return tuple(id_ for lever in self.levers for change in Alternative.of(lever).changes for id_ in silent(change))

    @property
    def too_dear(self) -> dict[str, float]:
        """Levers, and a single post of an office, that the budget does not pay even alone: euro a year at most."""
        found = {}
        for thing, name in enumerate([*map(_id, self.levers), *(f"{office} +1" for office in self.posts)]):
            mix = self._changed(self.nothing, thing, 1)
            if mix is not None and self.price(mix) is None:
                try:
                    found[name] = self.cost(self.alternative(mix))
                except UsageError as error:
                    logger.info("what %s costs is not known: %s", name, error)
        return {name: cost for name, cost in found.items() if cost > self.budget}

    def everything(self) -> Iterator[Mix]:
        """Every mix that is possible within the budget."""
        levers = product((False, True), repeat=len(self.levers))
        for chosen in levers:
            for posts in product(*(range(most + 1) for most in self.posts.values())):
                if self.price(mix := Mix(chosen, posts)) is not None:
                    yield mix

    def alternative(self, mix: Mix) -> Alternative:
        """The mix as an alternative, named by what it is."""
        levers = tuple(lever for lever, pulled in zip(self.levers, mix.levers, strict=True) if pulled)
        here = f"world/{self.world.world.id}/offices"
        gained = [(office, more) for office, more in zip(self.posts, mix.posts, strict=True) if more]
        settings = tuple(Patch(at=f"{here}/{office}/staff", plus=more) for office, more in gained)
        names = [*map(_id, levers), *(f"{office} +{more}" for office, more in gained)]
        return Alternative(", ".join(names) or BASELINE, levers, settings)

    def price(self, mix: Mix) -> float | None:
        """Euro a year; None where the mix is not possible: too dear, in conflict with itself, or unsound."""
        if mix not in self._known:
            self._known[mix] = self._price(mix)
        return self._known[mix]

    def _price(self, mix: Mix) -> float | None:
        if mix == self.nothing:
            return 0.0
        alternative = self.alternative(mix)
        try:
            alternative.applied(self.world)
        except (UsageError, ScenarioError) as error:
            logger.debug("%s is not possible: %s", alternative.name, error)
            return None
        price = self.cost(alternative)
        return price if price <= self.budget else None

    def neighbours(self, mix: Mix) -> list[Mix]:
        """Possible mixes one step away: a lever on or off, a post more or less; or two such steps, one that takes and
        one that gives, so that what is saved can be spent elsewhere."""
        one = list(self._steps(mix))
        steps = {*one, *(swapped for taken in one if _less(taken, mix) for swapped in self._steps(taken))}
        return sorted(found for found in steps - {mix} if self.price(found) is not None)

    def anywhere(self, chance: random.Random) -> Mix:
        """A possible mix at random: things are added in random order, as many of each as chance says and money pays."""
        found = self.nothing
        things = [*range(len(self.levers)), *(len(self.levers) + i for i in range(len(self.posts)))]
        chance.shuffle(things)
        most = [1] * len(self.levers) + list(self.posts.values())
        for thing in things:
            for _more in range(chance.randint(0, most[thing])):
                bigger = self._changed(found, thing, 1)
                if bigger is None or self.price(bigger) is None:
                    break
                found = bigger
        return found

    def _steps(self, mix: Mix) -> Iterator[Mix]:
        for thing in range(len(self.levers) + len(self.posts)):
            for by in (1, -1):
                changed = self._changed(mix, thing, by)
                if changed is not None:
                    yield changed

    def _changed(self, mix: Mix, thing: int, by: int) -> Mix | None:
        levers, posts = list(mix.levers), list(mix.posts)
        if thing < len(levers):
            if levers[thing] == (by > 0):
                return None
            levers[thing] = by > 0
        else:
            place = thing - len(levers)
            posts[place] += by
            if not 0 <= posts[place] <= list(self.posts.values())[place]:
                return None
        return Mix(tuple(levers), tuple(posts))


def _id(lever: str | Lever) -> str:
    return lever if isinstance(lever, str) else lever.id


def _less(mix: Mix, than: Mix) -> bool:
    return sum(mix.levers) + sum(mix.posts) < sum(than.levers) + sum(than.posts)


def highest_cost(world: Scenario) -> Cost:
    """The most that levers and staff may cost a year at the world's prices. What nobody has put a price on counts as
    nothing; `Optimum.unpriced` names it."""

    def cost(alternative: Alternative) -> float:
        return bill_of(Experiment(world, (alternative,)), alternative.name).yearly.high

    return cost
