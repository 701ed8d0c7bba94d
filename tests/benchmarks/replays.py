"""Speed of a debrief's replays: ``python -m tests.benchmarks.replays``.

First both engines have to make the same plays, and plays that go on from a copy the same as plays from the beginning.
Then the replays of a debrief are measured in a process as they are made in: 200 of every option of every decision, and
those of the automatic players; and what that takes on two cores. ``--rounds`` says how many rounds of replays (each
with one luck) are made; the rest is reckoned, and the table says so.
"""

from __future__ import annotations

import argparse
import os
import time
from multiprocessing import get_context
from statistics import mean

from sim.case.plan import plan_of
from sim.engine.executor import VARIABLE
from sim.model.loading import load
from sim.training.branches import Otherwise, played
from sim.training.counterfactuals import (
    FIRST_ROUNDS,
    Job,
    Play,
    Strategy,
    alternatives,
    jobs,
    play,
    plays_needed,
    strategies,
)
from sim.training.decision_log import Steps, take
from sim.training.players import play_through, player
from sim.training.scoring import score
from sim.training.session import Session
from sim.unchanging import what_is_there_stays

CASES = ("silent-harbour", "paper-roses", "her-word", "the-compound", "four-days", "a-week-on-the-desk")
LUCKS = 200
"""Rounds of a debrief in the seat."""


def same(one: Session, other: Session) -> bool:
    """Whether two plays are the same: event table, messages, ending and scores."""
    return (
        one.sha256 == other.sha256
        and one.inbox == other.inbox
        and one.ending == other.ending
        and score(one) == score(other)
    )


def agree(case: str, seeds: int, engine: str) -> int:
    """How many plays were the same from the beginning by SimPy, and as replays are made. Raises if one was not."""
    scenario, count = load(case), 0
    plan = plan_of(scenario)
    os.environ[VARIABLE] = engine  # for this process, which ends with it
    for seed in range(seeds):
        for name in ("textbook", "naive", "random"):
            reference = play_through(scenario, player(name, seed), seed=seed, plan=plan)
            _check(same(reference, played(scenario, seed, 0, player(name, seed))), case, name, seed)
            taken = Steps.of(reference)
            for entry in reference.steps[seed % 3 :: 3]:
                options = reference.case.decisions[entry.decision].options if entry.decision else {}
                for option in [option for option in options if option != entry.option][:1]:
                    other = take(scenario, taken.but(entry.decision, option), seed=seed, plan=plan)
                    found = played(scenario, seed, 0, Otherwise(taken, entry.decision, option))
                    _check(same(other, found), case, name, seed)
                    count += 1
            count += 1
    return count


def _check(agrees: bool, case: str, name: str, seed: int) -> None:
    if not agrees:
        raise SystemExit(f"{case}, {name}, seed {seed}: the plays differ; their speed means nothing.")


def measure(case: str, engine: str, rounds: int) -> tuple[float, float, int, float]:
    """CPU seconds of a play from the beginning by SimPy, and of a replay by an engine; how many plays a debrief has,
    and what they take."""
    os.environ[VARIABLE] = engine  # for this process, which ends with it
    scenario = load(case)
    session = play_through(scenario, player("naive"), seed=7, plan=plan_of(scenario))
    tried = strategies(ahead=False)
    planned = jobs(session, alternatives(session), max(rounds + 1, FIRST_ROUNDS), tried)
    for job in planned:
        if job.what[2] == 0:
            play(job.what)
    what_is_there_stays()
    begun = time.process_time()
    take(scenario, Steps.of(session), seed=7, replication=1, plan=plan_of(scenario))
    whole = time.process_time() - begun
    made = [(job, _timed(job)[1]) for job in planned if 0 < job.what[2] <= rounds]
    options = sum(seconds for job, seconds in made if not isinstance(job.targets[0], Strategy)) / rounds * LUCKS
    players = sum(
        seconds / rounds * (one.most or LUCKS)
        for job, seconds in made
        for one in job.targets
        if isinstance(one, Strategy)
    )
    return (
        whole,
        sum(seconds for _, seconds in made) / len(made),
        plays_needed(alternatives(session), LUCKS, tried),
        options + players,
    )


def _timed(job: Job) -> tuple[Play, float]:
    begun = time.process_time()
    found = play(job.what)
    return found, time.process_time() - begun


def main() -> int:
    """Agree, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="rounds that are made of the 200 (default: 5)")
    parser.add_argument("--seeds", type=int, default=2, help="seeds with which plays are compared (default: 2)")
    parser.add_argument("--engine", choices=("simpy", "compiled"), action="append", help="default: both")
    parser.add_argument("cases", nargs="*", default=CASES)
    options = parser.parse_args()
    engines = options.engine or ["compiled", "simpy"]
    with get_context("spawn").Pool(1, maxtasksperchild=1) as alone:
        for engine in engines if options.seeds else []:
            counts = [alone.apply(agree, (case, options.seeds, engine)) for case in options.cases]
            print(f"{engine}: {sum(counts)} plays the same as by SimPy from the beginning", flush=True)
        heads = ("case", "engine", "play before, CPU s", "plays of a debrief", "a replay, CPU ms")
        print(*heads, f"{LUCKS} rounds on 2 cores, s (reckoned from {options.rounds})", sep="\t")
        totals = []
        for engine in engines:
            for case in options.cases:
                whole, replay, plays, together = alone.apply(measure, (case, engine, options.rounds))
                totals.append(together / 2)
                row = (case, engine, f"{whole:.3f}", plays, f"{1000 * replay:.0f}")
                print(*row, f"{totals[-1]:.0f}", sep="\t", flush=True)
    print(f"mean: {mean(totals):.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
