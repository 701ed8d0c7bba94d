"""Every engine behind the same two functions: run so many requests, and say what the run gave."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from sim.engine.simulation import simulate
from sim.model.loading import Scenario
from tests.benchmarks import with_ciw, with_salabim
from tests.benchmarks.event_table import as_table, table_figures
from tests.benchmarks.idiomatic import Model
from tests.benchmarks.workload import Figures, scenario, workload


@dataclass(frozen=True)
class Engine:
    """An engine ready to run a workload."""

    name: str
    run: Callable[[int, int], Any]
    """(requests, seed) to whatever holds the event table."""
    figures: Callable[[Any], Figures]

    def seconds(self, requests: int, seed: int) -> float:
        """CPU seconds of one run, from the workload to its event table."""
        gc.collect()
        begun = time.process_time()
        self.run(requests, seed)
        return time.process_time() - begun


def ours(world: Scenario, requests: int, seed: int) -> pd.DataFrame:
    """Our engine through its public face, and its event table as a DataFrame like the idiomatic one."""
    return as_table(simulate(world, arrivals=requests, seed=seed))


def engines(name: str = "tandem") -> dict[str, Engine]:
    """Engines for a world of this folder; the two slow ones know no office hours."""
    world = scenario(name)
    load = workload(world)
    found = {
        "ours": Engine("ours", partial(ours, world), table_figures),
        "idiomatic": Engine("SimPy, idiomatic", lambda n, seed: Model(load, n, seed).run(), table_figures),
    }
    if not load.office_hours:
        found["ciw"] = Engine("Ciw", partial(with_ciw.run, load), with_ciw.figures)
        found["salabim"] = Engine("salabim", partial(with_salabim.run, load), table_figures)
    return found
