"""One play of a case: its state, with everything that acts on it put together.

This room knows what befalls requests, evidence and people. It knows nothing of decisions, scores or screens.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.engine import desk, perishing
from sim.engine.action_functions import check_functions
from sim.engine.carrying_out import carry_out
from sim.engine.case_plan import compile_case
from sim.engine.case_state import CaseState
from sim.engine.nodes import Plan
from sim.errors import SessionError
from sim.model.action import Action
from sim.model.events import Event
from sim.model.loading import Scenario
from sim.words import say


class CaseRun(CaseState):
    """One play of a case in a simulated world. ``on_event`` is told everything, as it happens."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int,
        replication: int = 0,
        plan: Plan | None = None,
        on_event: Callable[[Event], None] | None = None,
        partner: str = "",
    ):
        if scenario.case is None:
            raise SessionError(say("{id} is a {kind}, not a case", id=scenario.id, kind=scenario.kind))
        check_functions()
        super().__init__(
            scenario,
            plan or compile_case(scenario),
            seed=seed,
            replication=replication,
            on_event=on_event,
            partner=partner,
        )
        self.simulation.advance(self.start)
        perishing.set_clocks(self)
        desk.lay_out(self)

    def perform(self, action: Action) -> None:
        """Do what an action says, now."""
        carry_out(self, action)
