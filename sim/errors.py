"""Every error the package raises on purpose.

MlasimError
├── ScenarioError      a file has problems; carries all of them, with file, line and column
├── LawError           a legal question that cannot be asked (unknown jurisdiction, measure, …)
├── SimulationError    the engine found itself inconsistent (a leak), or was asked the impossible
│   └── NoOfficeError  … of a State that has no office for it
├── SessionError       a session file or a decision that does not fit the case
└── UsageError         a wrong argument; the message says what to write instead
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.i18n import Words
    from sim.model.problems import Problem


class MlasimError(Exception):
    """Root of the tree: catch this to catch everything the package raises on purpose."""


class ScenarioError(MlasimError):
    """One or more problems in scenario files.

    ``problems`` holds every problem found, in file and line order.
    """

    def __init__(self, problems: list[Problem]):
        self.problems = tuple(problems)
        super().__init__(problems)  # as it was made, so that it can be sent from another process

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class LawError(MlasimError):
    """A legal question that cannot be answered as asked."""


class SimulationError(MlasimError):
    """The engine is inconsistent or was asked for something impossible."""


class NoOfficeError(SimulationError):
    """A State has no office with the role that a request needs."""

    def __init__(self, state: str, role: str, needed_by: str):
        self.state, self.role, self.needed_by = state, role, needed_by
        super().__init__(state, role, needed_by)  # as it was made, so that it can be sent from another process

    def __str__(self) -> str:
        return (
            f"{self.state!r} has no office with the role {self.role!r}, which {self.needed_by!r} needs — "
            "add one to the world"
        )


class SessionError(MlasimError):
    """A session file or a decision that does not fit the case."""


class UsageError(MlasimError):
    """A wrong argument, with what to write instead."""


class CannotCompile(Exception):
    """What compiled code cannot do, in words; SimPy does it."""

    def __init__(self, what: Words):
        super().__init__(str(what))
        self.what = what
