"""The trainee's letters as they were first sent, with the law's view of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypedDict

from sim import law
from sim.case.request_chances import FULL, assess
from sim.case.requests import LetterRequest
from sim.i18n import Words
from sim.model.actions import SendRequest
from sim.model.roles import Role
from sim.training.request_names import request_name
from sim.training.session import Session


class LetterFacts(TypedDict):
    """What the law is asked about a letter."""

    requesting: str
    requested: str
    measure: str
    offence: str


@dataclass(frozen=True)
class JudgedLetter:
    """A letter to another State, and what the law says to it."""

    session: Session
    request: LetterRequest

    @property
    def spec(self) -> SendRequest:
        """What was sent."""
        return self.request.spec

    @cached_property
    def about(self) -> Words | str:
        """What it is about, in words."""
        return request_name(self.session.run, self.request.id)

    @cached_property
    def view(self) -> law.LetterAssessment:
        """What the law says to the letter as it was first sent."""
        return assess(self.session.scenario, self.spec, FULL | dict(self.spec.items), self.session.run.home)

    @property
    def facts(self) -> LetterFacts:
        """What the law is asked about it."""
        return {
            "requesting": self.session.run.home,
            "requested": self.spec.to,
            "measure": self.spec.measures[0],
            "offence": self.session.case.offence,
        }

    def provision(self, role: Role) -> law.ProvisionAnswer:
        """The provision that plays a role under the instrument whose rules apply to the letter."""
        return law.provision_for(self.session.scenario, role, **self.facts, instrument=self._judged_under)

    @cached_property
    def _judged_under(self) -> str | None:
        """The instrument it names or, where that does not bind both, the one it should have named."""
        bases = law.bases_of(self.session.scenario, self.spec.instrument, **self.facts)
        return self.spec.instrument if self.spec.instrument in bases else next(iter(bases), None)


def letters_of(session: Session) -> list[JudgedLetter]:
    """Every letter to another State, in the order in which they were sent; what stays within a team is none."""
    return [JudgedLetter(session, letter) for letter in session.run.letters if not letter.in_team]


def between(session: Session, role: Role, state: str | None = None) -> law.ProvisionAnswer:
    """A provision that binds the trainee's State and another (or the trainee's alone), where it is not a request
    between them that is in question."""
    requested = state if state in session.scenario.jurisdictions else None
    return law.provision_for(
        session.scenario, role, requesting=session.run.home, requested=requested, offence=session.case.offence
    )
