"""One play of a case: its state, with everything that acts on it put together.

This room knows what befalls requests, evidence and people. It knows nothing of decisions, scores or screens.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.case import expiry, incoming
from sim.case.action_functions import check_functions
from sim.case.actions import carry_out
from sim.case.state import CaseState
from sim.engine.executor import Engine
from sim.engine.plan import Plan
from sim.model.action import Action
from sim.model.events import Event
from sim.model.loading import Scenario


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
        engine: Engine = "simpy",
    ):
        check_functions()
        super().__init__(
            scenario,
            seed=seed,
            replication=replication,
            plan=plan,
            on_event=on_event,
            partner=partner,
            engine=engine,
        )
        self.simulation.advance(self.start)
        expiry.set_clocks(self)
        incoming.lay_out(self)

    def perform(self, action: Action) -> None:
        """Do what an action says, now."""
        carry_out(self, action)
