"""How far one walks through the house: ``python -m tests.walks`` counts files and rooms, and prints them.

(a) An option clicked in the seat. Counted is the way of the choice itself: the chain of calls that are active at the
moments when the action's function begins (called by ``carry_out``) and when an event of it is told (``tell``), from the
click to there. ``files`` are the distinct files of ours on any of these chains, ``returns`` is how often the worst
chain comes back to a room that it has left, for the room it comes back to most. What is drawn anew afterwards, and what
the world does while time goes on to the next question, is another walk.

(b) ``sim.compare`` to its table, the world being loaded: every file of ours in which a function is called.

(c) ``sim.load``, nothing having been loaded: likewise.

A file counts where a function of it runs; what runs only while modules are loaded does not. A room is a folder under
``sim`` (and a module of its own directly under it).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import FrameType

from tests.seat import card, pick

SIM = Path(__file__).parents[1] / "sim"
CARRIES_OUT, TELLS = "carry_out", "tell"
"""Names of the functions that carry an action out and that tell what happened."""
MOST_FILES, MOST_RETURNS, MOST_COMPARED = 20, 2, 30
"""What the house promises."""


@dataclass
class Walk:
    """What was passed."""

    files: set[str] = field(default_factory=set)
    functions: set[tuple[str, str]] = field(default_factory=set)
    chains: list[tuple[str, ...]] = field(default_factory=list)
    """Files from the outside in, one after the other."""

    @property
    def rooms(self) -> set[str]:
        return set(map(room, self.files))

    @property
    def returns(self) -> int:
        """How often the worst chain comes back to the room that it comes back to most."""
        return max((returns(chain) for chain in self.chains), default=0)


def room(file: str) -> str:
    """The room of a file that is named from ``sim`` on."""
    return Path(file).parts[0].removesuffix(".py")


def returns(chain: tuple[str, ...]) -> int:
    """How often a chain comes back to the room that it comes back to most."""
    rooms = [room(file) for file in chain]
    entered = Counter(here for before, here in pairwise(["", *rooms]) if here != before)
    return max(entered.values(), default=1) - 1


def ours(frame: FrameType) -> str:
    """The file of a frame, from ``sim`` on; empty for what is not ours or only loads a module."""
    path = Path(frame.f_code.co_filename)
    if frame.f_code.co_name == "<module>" or not path.is_relative_to(SIM):
        return ""
    return path.relative_to(SIM).as_posix()


def chain_of(frame: FrameType | None) -> Iterator[str]:
    """Files of the calls that are active, from the inside out."""
    while frame is not None:
        if file := ours(frame):
            yield file
        frame = frame.f_back


def walked(what: Callable[[], object]) -> Walk:
    """Every function of ours that is called."""
    walk = Walk()

    def called(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and (file := ours(frame)):
            walk.files.add(file)
            walk.functions.add((file, frame.f_code.co_qualname))

    _profiled(what, called)
    return walk


def carried(what: Callable[[], object]) -> Walk:
    """The calls by which something is carried down to where it is done and told."""
    walk = Walk()

    def called(frame: FrameType, event: str, _argument: object) -> None:
        caller = frame.f_back
        done = caller is not None and caller.f_code.co_name == CARRIES_OUT
        if event == "call" and (done or frame.f_code.co_name == TELLS) and ours(frame):
            chain = tuple(reversed(list(chain_of(frame))))
            # What the world does by itself later on is told, too, but nobody has asked for it by this click.
            if any(step.f_code.co_name == CARRIES_OUT for step in _outwards(frame)):
                walk.chains.append(chain)
                walk.files |= set(chain)

    _profiled(what, called)
    return walk


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _profiled(what: Callable[[], object], called: Callable[[FrameType, str, object], None]) -> None:
    sys.setprofile(called)
    try:
        what()
    finally:
        sys.setprofile(None)


def click(decisions: int = 8) -> Walk:
    """(a) Options of a case clicked in the seat, one for each of its first decisions; the click that passes most."""
    import sim
    from sim.views.seat.app import TrainerApp

    app = TrainerApp(sim.load("silent-harbour"), seed=7, folder=None)
    app.pause = 0
    walks: list[Walk] = []
    while len(walks) < decisions and not app.session.ended:
        question = app.session.question
        if question is None:
            app.session.go_on()
            app.refresh()
            continue
        plain = [name for name, option in question.options.items() if app.session.case.drafts(option) is None]
        if not plain:
            pick(app)
            continue
        walks.append(carried(card(app, plain[0]).click))
    return max(walks, key=lambda walk: (len(walk.files), walk.returns))


def comparison() -> Walk:
    """(b) A comparison with its table."""
    import sim

    world = sim.load("meridian")
    return walked(lambda: sim.compare(world, ["triage"], replications=2, years=0.05, warm_up=0.05).table())


def loading() -> Walk:
    """(c) A case with all it refers to."""
    import sim

    load = sim.load
    return walked(lambda: load("silent-harbour"))


def main() -> None:
    """Walk, count, print."""
    loaded, clicked, compared = loading(), click(), comparison()
    print(f"an option clicked: {len(clicked.files)} files (at most {MOST_FILES}), "
          f"comes back to a room {clicked.returns} times (at most {MOST_RETURNS})")  # fmt: skip
    for chain in sorted(set(clicked.chains), key=len)[-1:]:
        print("  the longest way: " + " → ".join(file for before, file in pairwise(["", *chain]) if file != before))
    print(f"compare to table: {len(compared.files)} files (at most {MOST_COMPARED}), "
          f"{len(compared.functions)} functions, {len(compared.rooms)} rooms")  # fmt: skip
    for name in sorted(compared.rooms):
        print(f"  {name}: {', '.join(sorted(file for file in compared.files if room(file) == name))}")
    print(f"load: {len(loaded.files)} files, {len(loaded.functions)} functions, {len(loaded.rooms)} rooms")


if __name__ == "__main__":
    main()
