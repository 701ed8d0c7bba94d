"""What a letter of request can be drafted from, and what a trainee picked from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.model.base import Id, Prose, Record

Section = Literal[
    "legal-basis", "authority", "nature", "facts", "assistance", "formalities", "persons", "purpose", "urgency", "notes"
]
"""Parts of a letter that take words of the drafter's own."""

NUMBERS = ("iban", "phone", "account", "reference")
"""What in braces in a text that letters are drafted from stands for an invented number."""


class Fact(Record):
    """Something known that a letter may say."""

    text: Prose
    """What the trainee reads, and what stands in the letter."""
    connects: tuple[Id, ...] = ()
    """What it shows: ``offence``, or evidence that it connects with the offence; nothing: it proves neither."""
    identifies: Id | None = None
    """The person whose identity it gives away."""


class Identifier(Record):
    """Something by which the other side can find what is asked for: an account, a terminal, a vessel."""

    text: Prose
    """What the trainee reads. ``{iban}``, ``{phone}``, ``{account}`` and ``{reference}`` become invented ones."""
    of: tuple[Id, ...] = Field(min_length=1)
    """The evidence it helps to find."""
    broad: bool = False
    """Whether it covers more than the facts support."""


class TimeSpan(Record):
    """A period for which evidence is asked."""

    text: Prose
    """What the trainee reads, and what stands in the letter."""
    of: tuple[Id, ...] = ()
    """The evidence it fits; none: any."""
    broad: bool = False
    """Whether it covers more than the facts support."""


class Concerned(Record):
    """Somebody a letter may have to name (UNTOC art. 18(15)(e))."""

    text: Prose
    """Who it is to the case."""
    of: tuple[Id, ...] = ()
    """The evidence for which the letter must say who is concerned; none: it need not."""
    person: Id | None = None
    """The person of the case it is; a victim is better left without a name."""
    count: Annotated[int, Field(ge=1, le=20)] = 1
    """How many people it is, so that a letter names as many."""


class Material(Record):
    """What there is to draft from. A good letter takes some of it and leaves the rest."""

    facts: dict[Id, Fact] = {}
    """Facts, by id."""
    identifiers: dict[Id, Identifier] = {}
    """Accounts, terminals, vessels, addresses, by id."""
    periods: dict[Id, TimeSpan] = {}
    """Periods, by id."""
    persons: dict[Id, Concerned] = {}
    """Persons concerned, by id."""


Words = Annotated[str, Field(max_length=4_000)]


class Draft(Record):
    """What a trainee picked for a letter, and wrote in words of their own. Its quality follows by rule."""

    facts: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    """Facts told."""
    identifiers: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    """Identifiers given."""
    period: Id | None = None
    """The period asked for."""
    persons: Annotated[dict[Id, Literal["by name", "without a name"]], Field(max_length=50)] = {}
    """Who is mentioned, and how."""
    nature: Literal["offence and stage, with the provisions", "the offence only", "nothing"] = "nothing"
    """What is said of the subject and nature of the proceedings (UNTOC art. 18(15)(b))."""
    contact: bool = False
    """Whether it says whom to call about it (art. 18(15)(a): the authority that conducts the proceedings)."""
    purpose: Literal["this case", "this case and any other", "nothing"] = "nothing"
    """For what the evidence is sought (art. 18(15)(f))."""
    deadline: Id | None = None
    """The clock of the case that is given as the reason for urgency."""
    annexes: Annotated[tuple[Literal["provisions", "court order", "translation"], ...], Field(max_length=10)] = ()
    """What is enclosed."""
    words: Annotated[dict[Section, Words], Field(max_length=20)] = {}
    """Free text by part; kept, printed, never judged."""
