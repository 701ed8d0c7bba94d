"""How soon a debrief says something: ``python -m tests.benchmarks.first_verdict``.

Every shipped case is played to its end in a seat of its own, by the book and in a hurry; measured is the last click,
with which the debrief stands there and says what the decisions usually cost. Promised are three seconds.
"""

from __future__ import annotations

import argparse
import sys
import time

import sim
from sim.training.players import player
from sim.views.seat.app import TrainerApp
from tests.seat import pick

PROMISED = 3.0


def main() -> int:
    """Measure and print. Returns 1 where it took longer than promised."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", help="of the library; none: all")
    options = parser.parse_args()
    slowest = 0.0
    for case in options.cases or sim.available("case"):
        taken = [last_click(case, who) for who in ("textbook", "naive")]
        slowest = max(slowest, *taken)
        print(f"{case:22}{taken[0]:6.2f} s by the book{taken[1]:6.2f} s in a hurry")
    return int(slowest > PROMISED)


def last_click(case: str, who: str) -> float:
    """Seconds from the last click of a play to the first verdict."""
    app, decides, took = TrainerApp(sim.load(case), seed=7, folder=None), player(who, 7), 0.0
    app.pause = 0.0
    while not app.session.ended:
        begun = time.perf_counter()
        if app.session.question is not None:
            pick(app, decides.decide(app.session))
        else:
            app.time.go_on.click()
        took = time.perf_counter() - begun
    return took


if __name__ == "__main__":
    sys.exit(main())
