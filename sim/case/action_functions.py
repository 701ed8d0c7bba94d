"""Which function carries out which kind of action. Each registers itself, by the type of what is filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from sim.errors import UsageError
from sim.i18n import say
from sim.model.action_kinds import ACTIONS, ActionContent

if TYPE_CHECKING:
    from sim.case.state import CaseState

Content = TypeVar("Content", bound=ActionContent)
Function = Callable[["CaseState", Content], None]

AnyFunction = Callable[["CaseState", Any], None]
"""The function of some kind: which record it takes is known by the kind under which it is kept."""

_FUNCTIONS: dict[type[ActionContent], AnyFunction] = {}


def carries_out(*kinds: type[Content]) -> Callable[[Function[Content]], Function[Content]]:
    """Register the one function that carries out these kinds of action: ``function(run, what)``, now.

    Raises `TypeError` for a record that is no kind, or that another function carries out already.
    """

    def register(function: Function[Content]) -> Function[Content]:
        for kind in kinds:
            if not any(known.record is kind for known in ACTIONS.values()):
                raise TypeError(f"{kind.__name__} is no registered kind of action")
            if kind in _FUNCTIONS:
                raise TypeError(f"{kind.__name__} is carried out by {_FUNCTIONS[kind].__qualname__} already")
            _FUNCTIONS[kind] = function
        return function

    return register


def function_for(content: ActionContent) -> AnyFunction:
    """The function that carries out what is filled in here."""
    return _FUNCTIONS[type(content)]


def check_functions() -> None:
    """Raise `UsageError` unless every kind of action has a function: better before a case is played than in it."""
    lacking = [name for name, kind in ACTIONS.items() if kind.record not in _FUNCTIONS]
    if lacking:
        raise UsageError(
            say("nothing carries out: {names} — register a function with @carries_out", names=", ".join(lacking))
        )
