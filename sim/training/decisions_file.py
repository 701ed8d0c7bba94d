"""A file of decisions: a play written down beforehand, so that it can be played without a person.

    format: 1
    kind: decisions
    case: silent-harbour
    seed: 7
    decisions: {first-steps: preserve-first, care: recover-first}
    acts: [{after: 80 days, do: {chase: {request: logs}}}]
    expect: {ending: network}

Questions that the file does not answer get the author's default. ``expect`` is for tests of a case.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sim.errors import ScenarioError, UsageError
from sim.i18n import say
from sim.model.action import Action
from sim.model.base import Id, Record, Text
from sim.model.case import Case
from sim.model.durations import Period
from sim.model.problems import did_you_mean
from sim.model.reading import MAXIMUM_CHARACTERS, read
from sim.model.validation import validate_as
from sim.training.action_rules import data_of
from sim.training.decision_log import Act, Steps


class Expectation(Record):
    """What a trainee who decides so would see; what is left out is not checked."""

    ending: Id | None = None
    """How it ends."""
    evidence: dict[Id, str] = {}
    """State of evidence at the end."""
    people: dict[Id, str] = {}
    """State of people at the end."""
    requests: dict[Id, str] = {}
    """State of requests at the end."""
    incoming: dict[Id, str] = {}
    """State of requests on the trainee's own desk at the end."""
    messages: tuple[Text, ...] = ()
    """Words that stand in some message, in this order."""
    score: tuple[float, float] | None = None
    """Between which scores it ends, 0 to 100."""


class TimedAction(Record):
    """Something done unasked, at a moment."""

    after: Period
    """Time after the start of the story."""
    do: Action
    """What is done; left out if it cannot be carried out then."""


class DecisionsFile(Record):
    """Decisions for a case, by the author's ids."""

    format: Literal[1]
    """Version of the file format."""
    kind: Literal["decisions"]
    """Always ``decisions``."""
    case: Id
    """The case it is for."""
    seed: Annotated[int, Field(ge=0)] = 7
    """Seed of all chance."""
    decisions: dict[Id, Id] = {}
    """Option by decision; the author's default where none is given."""
    acts: tuple[TimedAction, ...] = ()
    """What is done beside the decisions, in the order of time."""
    about: str = ""
    """What the play is for."""
    expect: Expectation = Expectation()
    """What comes of it, for tests of a case."""

    @property
    def steps(self) -> Steps:
        """The play it describes."""
        acts = [Act(round(timed.after.seconds()), data_of(timed.do)) for timed in self.acts]
        return Steps(dict(self.decisions), acts=tuple(acts))


def read_decisions(path: str | Path) -> DecisionsFile:
    """Decisions from a YAML file. Raises `UsageError` if it cannot be read, `ScenarioError` with all its problems."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            document = read(file.read(4 * MAXIMUM_CHARACTERS + 1), str(path))
    except OSError as error:
        raise UsageError(say("{path}: cannot be read: {reason}", path=path, reason=error.strerror)) from None
    if document.problems or document.data is None:
        raise ScenarioError(document.problems)
    record, problems = validate_as(DecisionsFile, document)
    if record is None:
        raise ScenarioError(problems)
    return record


def check_against(decisions: DecisionsFile, case: Case, path: str | Path) -> None:
    """Raise `UsageError` if the file is for another case, or names a decision or an option the case does not have."""
    if decisions.case != case.id:
        raise UsageError(say("{path} is for the case {case!r}, not {id!r}", path=path, case=decisions.case, id=case.id))
    for id_, option in decisions.decisions.items():
        if id_ not in case.decisions:
            raise UsageError(
                say(
                    "{path}: {case!r} has no decision {decision!r} — {hint}",
                    path=path,
                    case=case.id,
                    decision=id_,
                    hint=did_you_mean(id_, case.decisions),
                )
            )
        options = case.decisions[id_].options
        if option not in options:
            raise UsageError(
                say(
                    "{path}: {decision!r} has no option {option!r} — {hint}",
                    path=path,
                    decision=id_,
                    option=option,
                    hint=did_you_mean(option, options),
                )
            )
