"""Replays of a play, kept beside its session so that they are made once.

The file says of which play they are: of those steps in that state of the case. For any other it holds nothing. It may
come from anywhere: it is read with limits and checked, and whatever does not fit is said and left out as a whole.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.disk import write_whole
from sim.i18n import Words, say
from sim.training.counterfactuals import Alternative, Play, Strategy
from sim.training.seals import SEAL, seal
from sim.training.session import Session
from sim.training.storage import replays_beside

logger = logging.getLogger("mlasim.training.kept_replays")

MAXIMUM_BYTES = 20_000_000
MOST = 10_000
"""Replays of one option at most."""

Points = Annotated[float, Field(ge=-1, le=101)]
Count = Annotated[int, Field(ge=0, lt=MOST)]
Line = Annotated[str, Field(max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class PlayKept(_Strict):
    """What one replay came to: the fields of `Play`."""

    replication: Count
    score: Points
    ending: Line
    evidence: float
    axes: Annotated[dict[Line, Annotated[float, Field(ge=-0.01, le=1.01)]], Field(max_length=50)]
    hours: float


Plays = Annotated[list[PlayKept], Field(max_length=MOST)]


class OptionKept(_Strict):
    """The replays of an option of a decision."""

    decision: Line
    option: Line
    as_written: bool
    plays: Plays


class PlayerKept(_Strict):
    """The plays of an automatic player."""

    player: Line
    seed: int
    plays: Plays


class ReplaysKept(_Strict):
    """The file."""

    format: Literal[1]
    kind: Literal["mlasim replays"]
    play: Line
    """Hash of the play: its decisions and its event table."""
    scenario: Line
    """Hash of the scenario."""
    options: Annotated[list[OptionKept], Field(max_length=2_000)]
    players: Annotated[list[PlayerKept], Field(max_length=100)]
    seal: Line
    """Digest of the rest, so that half a file and an edited one are noticed."""


class ReplaysFile:
    """The file beside a session in which its replays are kept; without a session's file they are kept nowhere."""

    def __init__(self, session: Path | None):
        self.path = None if session is None else replays_beside(session)

    def read(self, session: Session, found: Sequence[Alternative], tried: Sequence[Strategy]) -> Words | None:
        """Enter the replays that are kept into alternatives and strategies that have none yet. What is to be said about
        a file that holds none of this play; None where there is nothing to say."""
        if self.path is None:
            return None
        try:
            if not self.path.is_file():
                return None
            with self.path.open("rb") as stream:
                data = stream.read(MAXIMUM_BYTES + 1)
        except (OSError, ValueError) as error:
            logger.warning("%s: kept replays cannot be read: %s", self.path, error)
            return say("{name}: the replays kept there cannot be read; they are made anew", name=self.path.name)
        kept = self._checked(data)
        if kept is None or not _fits(kept, session):
            return say("{name}: this is damaged or no file of replays; they are made anew", name=self.path.name)
        if (kept.play, kept.scenario) != (session.sha256, session.scenario.hash):
            return say(
                "{name}: the replays kept there are of another play or of another state of the case; they are made "
                "anew",
                name=self.path.name,
            )
        of = {(one.decision, one.option, one.as_written): one.plays for one in kept.options}
        for alternative in found:
            plays = of.get((alternative.decision, alternative.option, alternative.as_written), [])
            alternative.plays += [Play(**one.model_dump()) for one in plays]
        by = {(one.player, one.seed): one.plays for one in kept.players}
        for strategy in tried:
            strategy.plays += [Play(**one.model_dump()) for one in by.get((strategy.player, strategy.seed), [])]
        return None

    def write(self, session: Session, found: Sequence[Alternative], tried: Sequence[Strategy]) -> bool:
        """Keep the replays there are, over what is there; whether they are kept. A folder that cannot be written is no
        error: replays can be made again."""
        if self.path is None:
            return False
        content = {
            "format": 1,
            "kind": "mlasim replays",
            "play": session.sha256,
            "scenario": session.scenario.hash,
            "options": [
                {"decision": a.decision, "option": a.option, "as_written": a.as_written, "plays": _plain(a.plays)}
                for a in found
            ],
            "players": [{"player": s.player, "seed": s.seed, "plays": _plain(s.plays)} for s in tried],
        }
        try:
            write_whole(self.path, json.dumps({**content, SEAL: seal("", content)}).encode(), lasting=False)
        except OSError as error:
            logger.warning("%s: replays are not kept: %s", self.path, error)
            return False
        return True

    def _checked(self, data: bytes) -> ReplaysKept | None:
        """The file's content; None where it is none of ours, too large, cut off or edited."""
        if len(data) > MAXIMUM_BYTES:
            logger.warning("%s: larger than %d bytes, so it is none of ours", self.path, MAXIMUM_BYTES)
            return None
        try:
            content = json.loads(data)
            kept = ReplaysKept.model_validate(content)
        except (ValueError, RecursionError) as error:  # a `ValidationError` is one
            places = [one["loc"][:4] for one in error.errors()[:3]] if isinstance(error, ValidationError) else error
            logger.warning("%s: no file of replays: %s", self.path, places)
            return None
        if kept.seal != seal("", content):
            logger.warning("%s: not as it was written", self.path)
            return None
        return kept


def _plain(plays: Sequence[Play]) -> list[dict[str, object]]:
    return [vars(one) for one in plays]


def _fits(kept: ReplaysKept, session: Session) -> bool:
    """Whether each replay is there once, and ended as the case can end."""
    endings = {*session.case.endings, ""}
    lists = [*(one.plays for one in kept.options), *(one.plays for one in kept.players)]
    once = all(len({play.replication for play in plays}) == len(plays) for plays in lists)
    return once and {play.ending for plays in lists for play in plays} <= endings
