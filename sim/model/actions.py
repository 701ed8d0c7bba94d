"""What a trainee (or an inject) can do: actions that the simulation carries out."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from sim.model.base import Id, Record, fail
from sim.model.jurisdiction import Language

ItemQuality = Literal["full", "partial", "missing"]
Item = Literal["authority", "nature", "facts", "assistance", "persons", "purpose"]
"""The six contents of a request by UNTOC art. 18(15)."""


class SendRequest(Record):
    """Send a letter of request (or an order)."""

    id: Id
    """What decisions, endings and later actions call it by."""
    to: Id
    """The requested State."""
    measures: tuple[Id, ...] = Field(min_length=1)
    """What is asked for."""
    evidence: tuple[Id, ...] = ()
    """The evidence it is meant to bring."""
    instrument: Id
    """The legal basis it names."""
    channel: Id
    """How it travels."""
    language: Language
    """The language it is written in."""
    items: dict[Item, ItemQuality] = {}
    """Quality of the six contents of UNTOC art. 18(15); ``full`` unless said otherwise."""
    scope: Literal["narrow", "broad"] = "narrow"
    """Whether it asks for what the facts support, or for everything."""
    urgent: Literal["no", "stamped", "with reasons"] = "no"
    """``stamped``: the word only; ``with reasons``: a deadline with its reasons (UNTOC art. 18(24))."""
    confidential: bool = False
    """Whether confidentiality is asked for (UNTOC art. 18(20))."""
    names_victim: bool = False
    """Whether the victim's identity stands in the request in clear."""
    interpol_copy: bool = False
    """Whether a copy goes through INTERPOL (UNTOC art. 18(13))."""


class Preserve(Record):
    """Have data kept, before asking for it."""

    evidence: Id
    """Which data."""
    channel: Id
    """How the order travels."""


class AboutRequest(Record):
    """Something about a request already sent."""

    request: Id
    """Which request."""


class Supplement(Record):
    """Answer a question of the requested authority."""

    request: Id
    """Which request."""
    items: dict[Item, ItemQuality] = {}
    """Quality of the contents after it."""


class ToState(Record):
    """Something that only needs an addressee."""

    to: Id
    """Which State."""


class Share(Record):
    """Give information without a request (UNTOC art. 18(4)-(5))."""

    to: Id
    """Which State."""
    conditions: bool = True
    """Whether use restrictions are attached."""


class Protect(Record):
    """Arrange support for a person."""

    person: Id
    """Whom."""
    by: tuple[Literal["shelter", "counselling", "safe conduct", "relocation", "information"], ...] = Field(min_length=1)
    """By which means."""


class Interview(Record):
    """Interview a person at home."""

    person: Id
    """Whom."""
    evidence: Id
    """The evidence their words are."""
    manner: Literal["specialist", "ordinary", "video-recorded"] = "specialist"
    """By whom or how: a trained interviewer, any officer, or recorded so that it need not be repeated."""


class Action(Record):
    """Something the trainee does. Exactly one."""

    send: SendRequest | None = None
    """Send a request."""
    preserve: Preserve | None = None
    """Have data kept."""
    renew: Preserve | None = None
    """Have a preservation prolonged."""
    consult: ToState | None = None
    """Contact the authority before sending, or share a draft."""
    chase: AboutRequest | None = None
    """Ask how far it is (UNTOC art. 18(24))."""
    supplement: Supplement | None = None
    """Answer a question about it."""
    withdraw: AboutRequest | None = None
    """Take it back."""
    share: Share | None = None
    """Give information unasked."""
    ask_interpol: ToState | None = None
    """Ask the other State's National Central Bureau, for a lead."""
    protect: Protect | None = None
    """Arrange support."""
    interview: Interview | None = None
    """Interview somebody at home."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Action:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise fail("F210", f"an action is one thing; this one is {len(given)}", "write a list of actions")
        return self

    @property
    def name(self) -> str:
        """What is done: ``send``, ``preserve``, …"""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def content(self) -> Any:
        """The request, the preservation, … itself."""
        return getattr(self, self.name)
