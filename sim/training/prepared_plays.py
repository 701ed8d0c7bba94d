"""Plays that ship with a case, so that a debrief says something at once: what each decision decides beside the book's
other decisions, made beforehand by ``mlasim balance CASE --out`` and kept beside the scenario files.

They are of the case as it was then: where its hash is another one they say nothing.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.disk import write_whole
from sim.model.library import shipped_folder
from sim.model.loading import Scenario
from sim.record.statistics import Interval
from sim.training.balance import LEVEL, Balance, Fared, OtherOption
from sim.training.costliest_decisions import SAME

logger = logging.getLogger("mlasim.training.prepared_plays")

BASE = "textbook"
MAXIMUM_BYTES = 2_000_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=True)


class OptionKept(_Strict):
    """A decision taken otherwise than a player takes it."""

    player: str
    decision: str
    option: str
    plays: int = Field(ge=1)
    points: float
    """Mean change of the score."""
    half_width: float | None
    """Of its interval; none where one play tells nothing of a spread."""
    endings: dict[str, float]
    """Change of the chance of each ending that moves."""


class PlayerKept(_Strict):
    """An automatic player's plays."""

    scores: tuple[float, ...]
    endings: tuple[str, ...]


class PreparedPlays(_Strict):
    """What a case's prepared plays came to."""

    case: str
    hash: str
    """Of the scenario they are of."""
    players: dict[str, PlayerKept]
    book: dict[str, str]
    """The book's option of each decision."""
    otherwise: tuple[OptionKept, ...]

    def expected(self, decision: str, option: str) -> ExpectedCost | None:
        """What an option costs beside the book's other decisions; None where it was not tried, or costs nothing that
        is clear and can be felt."""
        found = next((o for o in self.otherwise if (o.player, o.decision, o.option) == (BASE, decision, option)), None)
        if found is None or found.half_width is None:
            return None
        cost = ExpectedCost(decision, option, self.book[decision], -found.points, found.half_width, found.plays)
        return cost if cost.low > 0 and cost.points >= SAME else None

    def know(self, decision: str, option: str) -> bool:
        """Whether an option was tried, or is the book's."""
        tried = any((o.player, o.decision, o.option) == (BASE, decision, option) for o in self.otherwise)
        return tried or self.book.get(decision) == option


@dataclass(frozen=True)
class ExpectedCost:
    """What a decision usually costs: points lost beside the book's option, in plays that go by the book otherwise."""

    decision: str
    option: str
    instead: str
    points: float
    half_width: float
    plays: int

    @property
    def low(self) -> float:
        """Lower end of its interval."""
        return self.points - self.half_width

    @property
    def high(self) -> float:
        """Upper end of its interval."""
        return self.points + self.half_width


@dataclass(frozen=True)
class Beforehand:
    """What plays that ship with a case say of the decisions of one play, before there are replays of its own."""

    costs: tuple[ExpectedCost, ...]
    """What those cost that usually cost something, the costliest first."""
    known: int
    """How many of its decisions were tried beforehand."""
    plays: int
    """How many plays that rests on."""


def kept_of(balance: Balance, scenario: Scenario) -> PreparedPlays:
    """What is kept of how a case plays."""
    assert scenario.case is not None
    return PreparedPlays(
        case=scenario.id,
        hash=scenario.hash,
        players={
            name: PlayerKept(
                scores=tuple(round(fared.score, 2) for fared in plays), endings=tuple(fared.ending for fared in plays)
            )
            for name, plays in balance.plays.items()
        },
        book={id_: decision.option_of("textbook") for id_, decision in scenario.case.decisions.items()},
        otherwise=tuple(
            OptionKept(
                player=o.player,
                decision=o.decision,
                option=o.option,
                plays=o.plays,
                points=round(o.difference.mean, 3),
                half_width=round(o.difference.half_width, 3) if math.isfinite(o.difference.half_width) else None,
                endings=dict(o.endings),
            )
            for o in balance.otherwise
        ),
    )


def balance_kept(plays: PreparedPlays, scenario: Scenario) -> Balance:
    """How a case played when its plays were prepared; what was decided in each play is not kept."""
    assert scenario.case is not None
    return Balance(
        plays.case,
        {
            name: [Fared(value, ending, {}) for value, ending in zip(kept.scores, kept.endings, strict=True)]
            for name, kept in plays.players.items()
        },
        {id_: ending.worth for id_, ending in scenario.case.endings.items()},
        [
            OtherOption(
                o.player,
                o.decision,
                o.option,
                o.plays,
                Interval(o.points, math.inf if o.half_width is None else o.half_width, LEVEL, o.plays),
                o.endings,
            )
            for o in plays.otherwise
        ],
    )


def file_of(case: str) -> Path:
    """Where the prepared plays of a shipped case are kept."""
    return shipped_folder() / "prepared" / f"{case}.json"


def keep(plays: PreparedPlays, path: Path) -> None:
    """Write prepared plays down."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, (plays.model_dump_json(indent=1) + "\n").encode())


def prepared_for(scenario: Scenario) -> PreparedPlays | None:
    """The prepared plays of a scenario; None where there are none, or where they are of another state of it."""
    found = _read(file_of(scenario.id))
    if found is None or found.hash != scenario.hash:
        return None
    return found


@lru_cache(maxsize=32)
def _read(path: Path) -> PreparedPlays | None:
    try:
        if not path.is_file() or path.stat().st_size > MAXIMUM_BYTES:
            return None
        return PreparedPlays.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        logger.warning("%s: no prepared plays: %s", path, error)
        return None


__all__ = [
    "Beforehand",
    "ExpectedCost",
    "OptionKept",
    "PreparedPlays",
    "balance_kept",
    "keep",
    "kept_of",
    "prepared_for",
]
