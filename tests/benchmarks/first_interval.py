"""How soon an answer stands in the lab: ``python -m tests.benchmarks.first_interval``.

In every shipped world, as somebody meets it who opens the lab, reads, switches a lever on and presses the button: the
clock runs from the button until an interval of the difference stands on the page. Once at once, when only the world as
it is has been run; and once when the lab has looked ahead, which takes the time that is said.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from statistics import median

from sim.engine.executor import prepare
from sim.model.loading import available
from sim.views.lab import looking_ahead
from sim.views.lab.app import PolicyApp
from sim.views.lab.looking_ahead import PAIRS


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--levers", type=int, default=5, help="switched on in each world, one after the other")
    parser.add_argument("--years", type=float, default=1.0, help="of a run, as the lab has it to begin with")
    options = parser.parse_args()
    prepare()
    for id_ in available("world"):
        asyncio.run(measure(id_, options.levers, options.years))
    return 0


async def measure(world: str, levers: int, years: float) -> None:
    """Print what it takes in one world."""
    looking_ahead.busy = lambda: True  # only what is set
    lab = PolicyApp(world, pairs=PAIRS, years=years)
    wanted = list(lab.levers.switches)[:levers]
    if not wanted:
        return
    await until(lambda: (first := lab.ahead.begun(lab._set())) is not None and not first.running)
    at_once = [await switched(lab, lever) for lever in wanted]
    lab.runs.close()
    lab.runs.forget()
    looking_ahead.busy = lambda: False
    lab = PolicyApp(world, pairs=PAIRS, years=years)
    begun = time.perf_counter()
    await until(lambda: lab.ahead._task is not None and lab.ahead._task.done())
    looked = time.perf_counter() - begun
    looking_ahead.busy = lambda: True
    later = [await switched(lab, lever) for lever in wanted]
    lab.runs.close()
    print(
        f"{world:14} at once {median(at_once):6.2f} s at the median of {len(wanted)} levers, {max(at_once):.2f} s at "
        f"most; after {looked:.0f} s of looking ahead {median(later):.2f} s, {max(later):.2f} s at most",
        flush=True,
    )


async def switched(lab: PolicyApp, lever: str) -> float:
    """Seconds from the button to an interval on the page; the lever is switched off again."""
    lab.levers.switches[lever].value = True
    begun = time.perf_counter()
    lab.go.click()
    await until(lambda: lab.trial is not None and len(lab.trial.intervals) == PAIRS and bool(lab.answer.value))
    taken = time.perf_counter() - begun
    assert lab._task is not None
    await lab._task
    lab.levers.switches[lever].value = False
    return taken


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something, and let the lab work meanwhile."""
    while not condition():
        await asyncio.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
