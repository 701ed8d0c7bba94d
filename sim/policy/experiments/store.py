"""A folder that keeps an experiment's observations while they arrive, so that it can go on where it stopped.

``experiment.json`` says which experiment it is; ``observations/`` holds part files in Parquet, in long form:
alternative, replication, measure, of, value, text. The hash of an event table, the reason of a failure and the command
that repeats it are rows too. A part is written aside and then renamed, so that a stop in between leaves no half of one;
a part that cannot be read all the same (a full disk, a broken copy) is set aside, said, and made again.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import sim
from sim.disk import write_whole
from sim.engine.public_holidays import PACKAGE
from sim.errors import UsageError
from sim.extras import lacking
from sim.i18n import say
from sim.model.data import Data
from sim.model.measures import Key
from sim.policy.experiments.alternatives import plain, setting_in_words
from sim.policy.experiments.experiment import Experiment, Observation
from sim.versions import versions

logger = logging.getLogger("mlasim.policy.store")

FORMAT = 1
SECONDS, COUNT = 5.0, 500
"""A part is written after so many seconds or observations, whichever comes first."""
_LEFT = 3600
"""Seconds after which a part still being written was left by a program that stopped."""
_HASH, _ERROR, _COMMAND = "sha256", "error", "command"
_COLUMNS = ("alternative", "replication", "measure", "of", "value", "text")


Arrow = Any
"""A module of pyarrow, which has no types of its own."""


class ParquetStore:
    """Observations in a folder. Needs pyarrow, the extra ``parquet``.

    Opening makes the folder, or takes up the experiment that is in it. Raises `UsageError` if another experiment is in
    it, if it cannot be written, or if pyarrow is missing.
    """

    def __init__(
        self, folder: str | Path, experiment: Experiment, *, seconds: float = SECONDS, count: int = COUNT
    ) -> None:
        self._pyarrow = _pyarrow()
        self.folder = Path(folder)
        self.experiment = experiment
        self.torn: list[Path] = []
        """Parts that could not be read and were set aside; what they held is made again."""
        self._seconds, self._count = seconds, count
        self._pending: list[Observation] = []
        self._written = time.monotonic()
        self._parts = self.folder / "observations"
        _enter(self.folder, self._parts, experiment)

    def read(self) -> Iterator[Observation]:
        """Everything kept so far, part by part. Parts that cannot be read are set aside, see ``torn``."""
        arrow, parquet = self._pyarrow
        for path in sorted(self._parts.glob("part-*.parquet")):
            try:
                columns = parquet.read_table(path, columns=list(_COLUMNS), partitioning=None).to_pydict()
                found = list(_observations(columns))
            except (arrow.ArrowException, OSError, ValueError, KeyError) as error:
                aside = self.folder / f"{path.name}.torn"
                logger.warning("%s cannot be read and is set aside: %s", path, error)
                path.rename(aside)
                self.torn.append(aside)
            else:
                yield from found

    def add(self, observation: Observation) -> None:
        """Keep one more; written with others every few seconds."""
        self._pending.append(observation)
        if len(self._pending) >= self._count or time.monotonic() - self._written >= self._seconds:
            self.flush()

    def flush(self) -> None:
        """Write what is pending as one part. Raises `UsageError` if the folder cannot be written."""
        arrow, parquet = self._pyarrow
        self._written = time.monotonic()
        if not self._pending:
            return
        rows = [row for observation in self._pending for row in self._rows(observation)]
        types = (arrow.string(), arrow.int64(), arrow.string(), arrow.string(), arrow.float64(), arrow.string())
        columns = [arrow.array(column, type_) for column, type_ in zip(zip(*rows, strict=True), types, strict=True)]
        table = arrow.Table.from_arrays(columns, names=list(_COLUMNS))
        number = 1 + max((int(path.name[5:11]) for path in self._parts.glob("part-*.parquet")), default=0)
        # The token keeps two programs apart that write to one folder.
        part = BytesIO()
        parquet.write_table(table, part)
        try:
            write_whole(self._parts / f"part-{number:06}-{secrets.token_hex(4)}.parquet", part.getvalue())
        except OSError as error:
            raise UsageError(
                say("{folder}: cannot be written: {reason}", folder=self.folder, reason=error.strerror or error)
            ) from None
        self._pending.clear()

    def _rows(self, one: Observation) -> Iterator[tuple[str, int, str, str, float | None, str | None]]:
        name, replication = one.alternative, one.replication
        for key, value in one.figures.items():
            yield name, replication, key.measure, key.of, value, None
        if one.error:
            yield name, replication, _ERROR, "", None, one.error
            yield name, replication, _COMMAND, "", None, self.experiment.command(name, replication)
        else:
            yield name, replication, _HASH, "", None, one.sha256


def _observations(columns: dict[str, list[Data]]) -> Iterator[Observation]:
    """Rows of one observation stand together, its hash or its error after its figures."""
    figures: dict[Key, float] = {}
    for name, replication, measure, of, value, text in zip(*(columns[column] for column in _COLUMNS), strict=True):
        if text is None:
            figures[Key(measure, of)] = value
        elif measure != _COMMAND:
            texts = {"sha256": text} if measure == _HASH else {"error": text}
            yield Observation(name, replication, figures, **texts)
            figures = {}


def _enter(folder: Path, parts: Path, experiment: Experiment) -> None:
    """Make the folder, or see that it holds this experiment."""
    path = folder / "experiment.json"
    description = _description(experiment)
    try:
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(kept, dict) or kept.get("format") != FORMAT:
                raise UsageError(
                    say("{path} is not of a format that this mlasim reads — choose another folder", path=path)
                )
            if kept.get("identity") != experiment.identity:
                raise UsageError(
                    say(
                        "{folder} holds another experiment{unlike} — choose another folder",
                        folder=folder,
                        unlike=_unlike(kept, description),
                    )
                )
        else:
            if folder.exists() and any(folder.iterdir()):
                raise UsageError(say("{folder} holds other things — choose another folder", folder=folder))
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, (json.dumps(description, indent=2, ensure_ascii=False) + "\n").encode())
        parts.mkdir(exist_ok=True)
        for left in parts.glob(".part-*"):
            if time.time() - left.stat().st_mtime > _LEFT:
                left.unlink()
    except json.JSONDecodeError:
        raise UsageError(say("{path} cannot be read — choose another folder", path=path)) from None
    except OSError as error:
        raise UsageError(
            say("{folder}: cannot be written: {reason}", folder=folder, reason=error.strerror or error)
        ) from None


def _description(experiment: Experiment) -> dict[str, Data]:
    warm_up, end = experiment.seconds
    alternatives = {
        alternative.name: {
            "levers": [lever if isinstance(lever, str) else lever.id for lever in alternative.levers],
            "settings": [setting_in_words(patch) or str(patch) for patch in alternative.settings],
        }
        for alternative in experiment.alternatives
    }
    return {
        "format": FORMAT,
        "identity": experiment.identity,
        "world": experiment.world.id,
        "title": experiment.world.title,
        "years": experiment.years,
        "seed": experiment.seed,
        "warm-up and end in seconds": [warm_up, end],
        "alternatives": alternatives,
        "scenarios": {name: scenario.hash for name, scenario in experiment.scenarios.items()},
        "versions": versions(),
        "hangs on": {PACKAGE: experiment.hangs_on[0].version} if experiment.hangs_on else {},
    }


def _unlike(kept: dict[str, Data], wanted: dict[str, Data]) -> str:
    """What is different, in words, where it is known."""
    for name in ("world", "years", "seed", "warm-up and end in seconds"):
        if kept.get(name) != wanted[name]:
            return f": {name} {_shown(kept.get(name))} instead of {_shown(wanted[name])}"
    if kept.get("alternatives") != wanted["alternatives"]:
        return f": its alternatives are {', '.join(kept.get('alternatives', {})) or 'none'}"
    if kept.get("versions", {}).get("mlasim") != sim.__version__:
        return f", made with mlasim {kept.get('versions', {}).get('mlasim')}"
    if kept.get("hangs on", {}) != wanted["hangs on"]:
        return f", made with {PACKAGE} {kept.get('versions', {}).get(PACKAGE)}"
    return ": its world or a lever has been changed since"


def _shown(value: object) -> str:
    return plain(value) if isinstance(value, int | float) else str(value)


def _pyarrow() -> tuple[Arrow, Arrow]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise lacking("parquet", say("Parquet needs pyarrow")) from None
    return pyarrow, parquet
