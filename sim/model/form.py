"""Forms: what a letter of request looks like where an instrument, or practice, gives it a form.

A form is its sections in order, each with fields. A field says what it asks for in the form's own words, and which
part of a letter answers it; what no part answers is completed by hand. Boxes are ticked by rule, never by guess.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.i18n import say
from sim.model.base import Aside, Header, Id, Prose, Record, fail
from sim.model.instrument import LegalText, ReadAgainst
from sim.model.roles import Role

Part = Literal[
    "legal-basis",
    "authority",
    "nature",
    "facts",
    "assistance",
    "formalities",
    "persons",
    "purpose",
    "urgency",
    "confidential",
    "language",
    "annexes",
    "notes",
]
"""The parts of a letter, each with what its drafter picked and wrote for it."""

Detail = Literal[
    "requesting-state",
    "requested-state",
    "issuing-authority",
    "addressee",
    "reference",
    "date",
    "contact-name",
    "contact-telephone",
    "contact-mail",
    "languages-of-authority",
    "official-name",
    "official-post",
    "offence",
    "provision-of-offence",
    "maximum-penalty",
    "stage",
    "measures",
    "evidence",
    "holders",
    "persons-but-victims",
    "identifiers",
    "period",
    "deadline",
    "instrument",
]
"""Single facts of a letter, for fields that ask for less than a part."""


IN_DETAIL: dict[Part, frozenset[Detail]] = {
    "legal-basis": frozenset({"instrument"}),
    "authority": frozenset({"issuing-authority", "contact-name", "contact-telephone", "contact-mail"}),
    "nature": frozenset({"offence", "stage", "provision-of-offence"}),
    "assistance": frozenset({"measures", "evidence", "identifiers", "period"}),
    "urgency": frozenset({"deadline"}),
}
"""Single facts that together say what a part says, but for words of the drafter's own."""


class When(Record):
    """When a box is ticked: where all that is said here is so. What a letter does not know, it does not say."""

    measures: tuple[Id, ...] = ()
    """It asks for one of these measures."""
    urgent: tuple[Literal["no", "stamped", "with reasons"], ...] = ()
    """Its urgency is one of these."""
    channels: tuple[Id, ...] = ()
    """It travels by one of these channels."""
    proceedings: Literal["criminal", "investigation", "trial"] | None = None
    """The proceedings are criminal, or at this stage of criminal ones."""
    states: tuple[Part, ...] = ()
    """It says something in each of these parts."""
    penalty_from: Annotated[int, Field(ge=1, le=100)] | None = None
    """The requesting State's law threatens the offence with at least so many years, as far as its profile says."""
    listed: bool = False
    """The offence is on the list of the instrument for which dual criminality is not verified."""
    contact: bool = False
    """It says whom to call."""

    @model_validator(mode="after")
    def _says_something(self) -> When:
        if not self.model_fields_set:
            raise fail(
                "F210",
                say("this says of no letter when the box is ticked"),
                say("leave when out: the box is ticked by hand"),
            )
        return self


class Box(Record):
    """A box to tick, with boxes of its own where it divides."""

    says: Prose
    """What stands beside it."""
    when: When | None = None
    """When it is ticked; none: by hand."""
    boxes: tuple[Box, ...] = ()
    """Boxes under it."""


class FormField(Record):
    """One field: words to read, a line to complete, or boxes to tick."""

    asks: Prose | None = None
    """What it asks for, in the form's own words."""
    gives: tuple[Part | Detail, ...] = ()
    """What of a letter answers it."""
    boxes: tuple[Box, ...] | Literal["listed offences"] = ()
    """Boxes; ``listed offences``: one for each offence for which the instrument does not verify dual criminality."""
    says: Prose | None = None
    """Words that stand there and ask for nothing."""
    where_applicable: bool = False
    """Whether it may stay empty; it is then not counted among what is still to be completed."""
    note: Aside = ""
    """What we say to it, which is none of the form's words."""
    only_for: tuple[Id, ...] = ()
    """Measures for which it is meant; for others it may stay empty."""

    @model_validator(mode="after")
    def _is_one_thing(self) -> FormField:
        if self.says is not None and (self.asks is not None or self.gives or self.boxes):
            raise fail(
                "F210",
                say("says: stands alone: words that ask for nothing"),
                say("write asks: for what the field asks for"),
            )
        if self.says is None and self.asks is None and not (self.gives or self.boxes):
            raise fail("F202", say("this field asks for nothing"), say("add asks: …, or says: … for words to read"))
        return self


class FormSection(Record):
    """A section of a form."""

    number: Prose | None = None
    """What it is called by: ``A``, ``1``, ``(a)``."""
    heading: Prose | None = None
    """Its heading; none: that of the part, in the language that the reader picks."""
    part: Part | None = None
    """The part of a letter that it is, where it is one."""
    role: Role | None = None
    """What is asked for by the provision that asks for it."""
    only_if_used: bool = False
    """Whether it is left out where nothing is to stand in it."""
    fields: tuple[FormField, ...] = ()
    """Its fields; none: the part, as it was written."""

    @model_validator(mode="after")
    def _can_be_headed_and_filled(self) -> FormSection:
        if self.heading is None and self.part is None:
            raise fail("F202", say("a section needs a heading"), say("add heading: …, or part: for one of a letter"))
        if not self.fields and self.part is None:
            raise fail("F202", say("a section without fields holds nothing"), say("add fields:, or part:"))
        return self


class Form(Header):
    """The form of a request. Its title stands at its head."""

    kind: Literal["form"]
    """Always ``form``."""
    standing: Literal["prescribed", "model"]
    """``prescribed``: the instrument says that it is to be used; ``model``: practitioners use it, nobody must."""
    stands_in: Prose
    """Where it is to be found: the act and its annex, or who drew it up."""
    measures: tuple[Id, ...] = ()
    """Measures for which it is used; none: any."""
    addressed_to: Literal["central authority", "executing authority", "provider"] = "central authority"
    """Whom a letter in this form is addressed to."""
    texts: dict[Id, LegalText] = Field(default_factory=dict)
    """The text that its wording was held against."""
    read: ReadAgainst | None = None
    """That it was held against one; none: written from memory, unchecked."""
    reviewed: date
    """When somebody last went over this file."""
    opening: Aside = ""
    """What stands above its sections."""
    sections: tuple[FormSection, ...] = Field(min_length=1)
    """Its sections, in its order."""

    @model_validator(mode="after")
    def _was_read_in_a_text_that_is_listed(self) -> Form:
        if self.read is not None and self.read.text not in self.texts:
            raise fail(
                "F210",
                say("the form is read against a text that is not listed: {id!r}", id=self.read.text),
                say("list it under texts"),
                ("read",),
            )
        return self

    @property
    def shown(self) -> frozenset[str]:
        """The parts and single facts of a letter that have a place in it."""
        fields = {name for section in self.sections for field in section.fields for name in field.gives}
        return frozenset(fields | {section.part for section in self.sections if section.part is not None})


GENERAL_FORMS = ("preservation-request", "letter-of-request")
"""The forms of a letter whose instrument names none for what it asks for, the first that is for the measure."""
