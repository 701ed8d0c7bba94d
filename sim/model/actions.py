"""What a trainee (or an inject) can do: actions that the simulation carries out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.model.base import Id, Language, Record, fail
from sim.model.drafting import Draft
from sim.words import say

ItemQuality = Literal["full", "partial", "missing"]
Item = Literal["authority", "nature", "facts", "assistance", "persons", "purpose"]
"""The six contents of a request by UNTOC art. 18(15)."""


class SendRequest(Record):
    """Send a letter of request (or an order)."""

    id: Id
    """What decisions, endings and later actions call it by."""
    to: Id
    """The requested State."""
    measures: tuple[Id, ...] = Field(min_length=1, max_length=10)
    """What is asked for."""
    evidence: tuple[Id, ...] = Field(default=(), max_length=50)
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
    """Whether a copy goes through INTERPOL (UNTOC art. 18(13)), so that preparation begins before the original."""
    translation: Literal["certified", "uncertified", "machine"] = "certified"
    """Who translated it, where a translation is needed."""
    authority: Literal["known", "guessed"] = "known"
    """Whether the competent authority was looked up or guessed."""
    formalities: bool = True
    """Whether it asks for the forms that courts at home need (UNTOC art. 18(17))."""
    oral: bool = False
    """Whether it is made by word of mouth first (UNTOC art. 18(14)); it must then be confirmed in writing."""
    draft: Draft | None = None
    """What it was drafted from; then ``items``, ``scope`` and ``names victim`` follow from it."""


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
    by: tuple[
        Literal[
            "shelter",
            "counselling",
            "safe conduct",
            "relocation",
            "information",
            "risk assessment",
            "legal aid",
            "cultural mediator",
        ],
        ...,
    ] = Field(min_length=1)
    """By which means."""


class Ask(Record):
    """Ask an institution for a service: a look-up, a notice, an analysis, a meeting."""

    service: Id
    """Which service."""
    to: Id | None = None
    """The State it concerns."""
    person: Id | None = None
    """The person it concerns."""


class Use(Record):
    """Use evidence that came from abroad."""

    evidence: Id
    """Which."""
    purpose: Literal["this case", "another proceeding"] = "this case"
    """What for. Beyond the purpose stated in the request, the sender's consent is needed (UNTOC art. 18(19))."""


class AboutEvidence(Record):
    """Something about evidence."""

    evidence: Id
    """Which."""


class ProposeTeam(Record):
    """Propose a joint investigation team."""

    members: tuple[Id, ...] = Field(min_length=1)
    """The other States."""


class Repatriate(Record):
    """Have a person return home (Trafficking Protocol art. 8)."""

    person: Id
    """Whom."""
    voluntary: bool = True
    """Whether the person wishes it."""


class Invite(Record):
    """Ask a person to come and testify (UNTOC art. 18(3)(h), (27))."""

    person: Id
    """Whom."""
    evidence: Id
    """The testimony."""
    safe_conduct: bool = True
    """Whether safe conduct is promised; it lasts fifteen days after the person is told that they may go."""


class Treat(Record):
    """Decide how somebody is dealt with who was made to offend (CETS 197 art. 26)."""

    person: Id
    """Whom."""
    as_: Literal["victim", "suspect"]
    """As what."""


class Interview(Record):
    """Interview a person at home."""

    person: Id
    """Whom."""
    evidence: Id
    """The evidence their words are."""
    manner: Literal["specialist", "ordinary", "video-recorded"] = "specialist"
    """By whom or how: a trained interviewer, any officer, or recorded so that it need not be repeated."""


class OnIncoming(Record):
    """Something about a request on the trainee's own desk."""

    incoming: Id
    """Which request."""


class Refuse(OnIncoming):
    """Refuse a request from abroad (UNTOC art. 18(21))."""

    ground: Id
    """The ground, as ``dual-criminality``; one that the law raises here, or the refusal is none."""
    consult: bool = True
    """Whether the other side is consulted before, on terms and conditions (UNTOC art. 18(26))."""
    reasons: bool = True
    """Whether reasons are given (UNTOC art. 18(23))."""


class SendBack(OnIncoming):
    """Send a request back unregistered."""

    reasons: bool = True
    """Whether it is said why."""


class Grant(OnIncoming):
    """Have a request carried out."""

    conditions: bool = False
    """Whether under conditions on use or confidentiality (UNTOC art. 18(26))."""


class Receive(Record):
    """Something that another team sent who plays the other State."""

    event: Literal[
        "request", "acknowledged", "question", "answer", "granted", "postponed", "refused", "sent back", "executed"
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
    """What goes with it: the letter in short, a ground for refusal."""


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
    ask: Ask | None = None
    """Ask an institution for a service."""
    confirm: AboutRequest | None = None
    """Confirm an oral request in writing (UNTOC art. 18(14))."""
    feedback: AboutRequest | None = None
    """Tell the executing authority what became of it (CETS 197 art. 34(1))."""
    use: Use | None = None
    """Use evidence."""
    ask_consent: AboutEvidence | None = None
    """Ask the sender's consent to use evidence further, or as evidence at all."""
    propose_team: ProposeTeam | None = None
    """Propose a joint investigation team (UNTOC art. 19)."""
    repatriate: Repatriate | None = None
    """Have a person return home."""
    invite: Invite | None = None
    """Ask a person to come and testify."""
    treat: Treat | None = None
    """Decide how somebody is dealt with who was made to offend."""
    protect: Protect | None = None
    """Arrange support."""
    interview: Interview | None = None
    """Interview somebody at home."""
    acknowledge: OnIncoming | None = None
    """Tell the requesting State that its request has arrived and who deals with it."""
    examine: OnIncoming | None = None
    """Have a lawyer hold a request against the law."""
    inquire: OnIncoming | None = None
    """Ask the requesting State for what is missing (UNTOC art. 18(16))."""
    grant: Grant | None = None
    """Have a request carried out."""
    refuse: Refuse | None = None
    """Refuse a request."""
    send_back: SendBack | None = None
    """Send a request back unregistered."""
    postpone: OnIncoming | None = None
    """Put a request off, because it would interfere with proceedings here (UNTOC art. 18(25))."""
    receive: Receive | None = None
    """Take in what the other team sent, where two teams play two States."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Action:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise fail(
                "F210",
                say("an action is one thing; this one is {count}", count=len(given)),
                say("write a list of actions"),
            )
        return self

    @property
    def name(self) -> str:
        """What is done: ``send``, ``preserve``, …"""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def content(self) -> Any:
        """The request, the preservation, … itself."""
        return getattr(self, self.name)
