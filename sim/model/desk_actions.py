"""What a central authority can do with requests on its own desk, and what it hears from another team.

Hours are those of both sides together, as everywhere (`sim.model.actions`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.i18n import marked
from sim.model.action_kinds import ActionContent, Hours, Picked, assumed, kind_of_action
from sim.model.actions import SendRequest
from sim.model.assurances import TITLES, Assurance
from sim.model.base import Id


class OnIncoming(ActionContent):
    """Something about a request on the trainee's own desk."""

    incoming: Annotated[Id, Picked("incoming")]
    """Which request."""
    first: Annotated[bool, Picked(label=marked("Before whatever else waits"))] = False
    """Whether a lawyer takes it up before whatever else waits in the office; who is at work on something ends it."""


@kind_of_action(
    "acknowledge",
    label=marked("Acknowledge a request from abroad"),
    hours=Hours(0.3, assumed("twenty minutes for a message")),
    seat="requested",
    asks="acknowledgement",
    told="incoming",
)
class Acknowledge(OnIncoming):
    """Tell the requesting State that its request has arrived and who deals with it."""


@kind_of_action(
    "examine",
    label=marked("Have a request from abroad examined"),
    hours=Hours(2.5, assumed("a careful reading against the law")),
    seat="requested",
    asks="grounds-for-refusal",
    told="incoming",
)
class Examine(OnIncoming):
    """Have a lawyer hold a request against the law."""


@kind_of_action(
    "inquire",
    label=marked("Ask the requesting State for what is missing"),
    hours=Hours(3.5, assumed("an hour to ask, the rest to find out and answer")),
    seat="requested",
    asks="additional-information",
    told="incoming",
)
class Inquire(OnIncoming):
    """Ask the requesting State for what is missing (UNTOC art. 18(16))."""


@kind_of_action(
    "ask_assurance",
    label=marked("Ask the requesting State for an assurance"),
    hours=Hours(9.0, assumed("an hour to ask, the rest for whoever can bind the other State")),
    seat="requested",
    asks="conditions",
    told="incoming",
)
class AskAssurance(OnIncoming):
    """Ask the requesting State for an assurance before its request is carried out (UNTOC art. 18(26))."""

    assurances: Annotated[tuple[Assurance, ...], Picked(label=marked("That"), called=TITLES)] = Field(min_length=1)
    """What is to be assured."""


GROUNDS_OF_TRANSFER = {
    "not considered": marked("not considered"),
    "adequacy decision": marked("a decision that they are protected adequately there"),
    "binding safeguards": marked("safeguards in an instrument that binds both"),
    "assessed safeguards": marked("safeguards found sufficient here"),
    "exception": marked("an exception: somebody's life, or the need of this one case"),
}
"""On what personal data go abroad, as a lawyer notes it."""


@kind_of_action(
    "grant",
    label=marked("Have a request from abroad carried out"),
    hours=Hours(6.0, assumed("instructing the authority that carries it out, and going through what comes back")),
    seat="requested",
    asks="assistance",
    told="incoming",
)
class Grant(OnIncoming):
    """Have a request carried out."""

    conditions: Annotated[bool, Picked(label=marked("Under conditions on use and confidentiality"))] = False
    """Whether under conditions on use or confidentiality (UNTOC art. 18(26))."""
    personal_data: Annotated[
        Literal["not considered", "adequacy decision", "binding safeguards", "assessed safeguards", "exception"],
        Picked(label=marked("Personal data go on the ground of"), called=GROUNDS_OF_TRANSFER),
    ] = "not considered"
    """On what ground personal data leave the area of protection, where the law here asks for one; on safeguards they go
    under the conditions that these have."""


@kind_of_action(
    "refuse",
    label=marked("Refuse a request from abroad"),
    hours=(
        Hours(2.0, assumed("a reasoned letter")),
        Hours(1.5, assumed("a call beforehand, for both"), where=("consult", True)),
    ),
    seat="requested",
    asks="reasons",
    told="incoming",
)
class Refuse(OnIncoming):
    """Refuse a request from abroad (UNTOC art. 18(21))."""

    ground: Annotated[Id, Picked("ground")]
    """The ground, as ``dual-criminality``; one that the law raises here, or the refusal is none."""
    consult: Annotated[bool, Picked(label=marked("Consult them before"), start=False)] = True
    """Whether the other side is consulted before, on terms and conditions (UNTOC art. 18(26))."""
    reasons: Annotated[bool, Picked(label=marked("Give reasons"), start=False)] = True
    """Whether reasons are given (UNTOC art. 18(23))."""


@kind_of_action(
    "send_back",
    label=marked("Send a request from abroad back"),
    hours=Hours(0.7, assumed("forty minutes for a message and the file")),
    seat="requested",
    asks="reasons",
    told="incoming",
)
class SendBack(OnIncoming):
    """Send a request back unregistered."""

    reasons: Annotated[bool, Picked(label=marked("Say why"), start=False)] = True
    """Whether it is said why."""


@kind_of_action(
    "postpone",
    label=marked("Put a request from abroad off"),
    hours=Hours(0.8, assumed("three quarters of an hour to ask those who investigate here, and a message")),
    seat="requested",
    asks="postponement",
    told="incoming",
)
class Postpone(OnIncoming):
    """Put a request off, because it would interfere with proceedings here (UNTOC art. 18(25))."""


@kind_of_action(
    "receive",
    label=marked("Hear from the other team"),
    hours=Hours(0.0, assumed("none: whoever wrote it worked on it")),
    seat="other team",
)
class Receive(ActionContent):
    """Take in what another team sent who plays the other State."""

    event: Literal[
        "request",
        "acknowledged",
        "question",
        "answer",
        "assurance asked",
        "assurance",
        "granted",
        "postponed",
        "refused",
        "sent back",
        "executed",
    ]
    """What it is: a letter, or what was done with one."""
    request: Id
    """The letter's name on the side that wrote it."""
    number: int = Field(ge=1, le=1_000_000)
    """Its place in what that team has sent."""
    from_: Id | None = None
    """The State that sends a letter."""
    letter: SendRequest | None = None
    """The letter, where it is one."""
    detail: Annotated[str, Field(max_length=4_000)] = ""
    """What goes with it: the letter in short, a ground for refusal, assurances by name with commas between."""
