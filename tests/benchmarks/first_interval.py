"""How soon an answer stands in the lab: ``python -m tests.benchmarks.first_interval``.

In every shipped world, as the lab does it: the world as it is has been run while the reader reads; then a lever is
switched on, and the clock runs until there is an interval of the difference it makes. The lab waits
`sim.views.lab.app.SETTLED` seconds first, for another switch; that is not counted.
"""

from __future__ import annotations

import argparse
import sys
import time
from statistics import median

from sim.engine.executor import prepare
from sim.errors import UsageError
from sim.model.loading import available, load
from sim.policy.experiments.experiment import Experiment
from sim.views.lab.app import AHEAD
from sim.views.lab.runs import Runs
from sim.views.lab.trial import Trial


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--levers", type=int, default=5, help="switched on in each world, one after the other")
    parser.add_argument("--years", type=float, default=1.0, help="of a run, as the lab has it to begin with")
    options = parser.parse_args()
    prepare()
    for id_ in available("world"):
        world, runs = load(id_), Runs()
        runs.open()
        settled(Trial(Experiment.of(world, years=options.years), AHEAD, runs), wanted=0)
        taken = []
        for lever in available("lever"):
            try:
                experiment = Experiment.of(world, [lever], years=options.years)
                begun = time.perf_counter()
                experiment.scenarios  # noqa: B018  # whether it finds something to change is part of it
            except UsageError:
                continue
            settled(Trial(experiment, AHEAD, runs), wanted=AHEAD)
            taken.append(time.perf_counter() - begun)
            if len(taken) == options.levers:
                break
        runs.close()
        if taken:
            print(f"{id_:14}{median(taken):8.2f} s at the median of {len(taken)} levers, {max(taken):.2f} s at most")
    return 0


def settled(trial: Trial, *, wanted: int) -> None:
    """Have a trial run until it has so many pairs, or is over."""
    trial.start()
    while trial.running or len(trial.intervals) < wanted:
        time.sleep(0.01)
        if wanted:
            trial.take()
            if len(trial.intervals) >= wanted:
                return


if __name__ == "__main__":
    sys.exit(main())
