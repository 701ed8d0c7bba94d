"""Our event table in the columns and units of the idiomatic program."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.engine.log import EventLog
from sim.model.durations import HOUR
from tests.benchmarks.workload import Figures


def as_table(log: EventLog) -> pd.DataFrame:
    """The event table in columns and units of the idiomatic program."""
    request = np.frombuffer(log.request, dtype=np.int32)
    names = [activity.name for activity in log.activities]
    stations = sorted(set(names))
    codes = np.array([stations.index(name) for name in names], dtype=np.int8)
    return pd.DataFrame(
        {
            "request": request,
            "priority": np.frombuffer(log.request_priority, dtype=np.int8)[request],
            "arrived": np.frombuffer(log.request_arrived, dtype=np.int64)[request] / HOUR,
            "station": pd.Categorical.from_codes(codes[np.frombuffer(log.activity, dtype=np.int32)], stations),
            "enabled": np.frombuffer(log.enabled, dtype=np.int64) / HOUR,
            "started": np.frombuffer(log.started, dtype=np.int64) / HOUR,
            "ended": np.frombuffer(log.ended, dtype=np.int64) / HOUR,
        }
    )


def table_figures(table: pd.DataFrame) -> Figures:
    """Figures of an event table."""
    requests = table.groupby("request").agg(
        priority=("priority", "first"), arrived=("arrived", "first"), ended=("ended", "max")
    )
    sojourn = requests["ended"] - requests["arrived"]
    urgent = requests["priority"] == 0
    visits = len(table) / len(requests)
    return Figures(sojourn.mean(), sojourn[urgent].mean(), sojourn[~urgent].mean(), visits)
