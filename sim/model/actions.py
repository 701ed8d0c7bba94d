"""What a trainee (or an inject) can do at the seat that asks: one record for each kind of action.

Hours of work are assumptions of ours within the ranges of effort that practitioners' guides give for types of
assistance: a few hours for records, tens for bank records and hearings, more for searches and for a joint team.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from sim.i18n import marked
from sim.model.action_kinds import ActionContent, Hours, HoursOfMeasures, Picked, assumed, kind_of_action
from sim.model.assurances import TITLES, Assurance
from sim.model.base import Id, Language
from sim.model.drafting import Draft

ItemQuality = Literal["full", "partial", "missing"]
Item = Literal["authority", "nature", "facts", "assistance", "persons", "purpose"]
"""The six contents of a request by UNTOC art. 18(15)."""
IN_FULL: dict[Item, ItemQuality] = dict.fromkeys(get_args(Item), "full")
"""All six, as they should be."""


AboutEvidence = Annotated[Id, Picked("evidence")]
AboutPerson = Annotated[Id, Picked("person")]
ToState = Annotated[Id, Picked("state")]


# Letters and orders

_AUTHORITY = {"known": marked("looked up in the directory"), "guessed": marked("as far as I remember")}


@kind_of_action(
    "send",
    label=marked("Send a letter of request"),
    hours=(
        Hours(12.0, assumed("drafting, checking, sending and receiving a letter of request")),
        Hours(8.0, assumed("translating about five thousand words"), foreign="language"),
        HoursOfMeasures("measures", 1.5, ("scope", "broad"), assumed("a request for everything asks for half again")),
    ),
    asks="contents",
    told="to",
    own_form=True,
)
class SendRequest(ActionContent):
    """Send a letter of request (or an order)."""

    id: Annotated[Id, Picked(label=marked("Name of the letter"))]
    """What decisions, endings and later actions call it by."""
    to: Annotated[Id, Picked("state", label=marked("To"))]
    """The requested State."""
    measures: Annotated[tuple[Id, ...], Picked("measure", label=marked("Asking for"))] = Field(
        min_length=1, max_length=10
    )
    """What is asked for."""
    evidence: Annotated[tuple[Id, ...], Picked("evidence")] = Field(default=(), max_length=50)
    """The evidence it is meant to bring."""
    instrument: Annotated[Id, Picked("instrument")]
    """The legal basis it names."""
    channel: Annotated[Id, Picked("channel")]
    """How it travels."""
    language: Annotated[Language, Picked("language")]
    """The language it is written in."""
    items: dict[Item, ItemQuality] = {}
    """Quality of the six contents of UNTOC art. 18(15); ``full`` unless said otherwise."""
    scope: Annotated[Literal["narrow", "broad"], Picked(label=marked("How much"))] = "narrow"
    """Whether it asks for what the facts support, or for everything."""
    urgent: Annotated[Literal["no", "stamped", "with reasons"], Picked(label=marked("Urgent"))] = "no"
    """``stamped``: the word only; ``with reasons``: a deadline with its reasons (UNTOC art. 18(24))."""
    confidential: Annotated[bool, Picked(label=marked("Ask for confidentiality"))] = False
    """Whether confidentiality is asked for (UNTOC art. 18(20))."""
    names_victim: Annotated[bool, Picked(label=marked("Name the victim in clear"))] = False
    """Whether the victim's identity stands in the request in clear."""
    interpol_copy: Annotated[bool, Picked(label=marked("A copy through INTERPOL"))] = False
    """Whether a copy goes through INTERPOL (UNTOC art. 18(13)), so that preparation begins before the original."""
    translation: Annotated[Literal["certified", "uncertified", "machine"], Picked(label=marked("Translation"))] = (
        "certified"
    )
    """Who translated it, where a translation is needed."""
    authority: Annotated[Literal["known", "guessed"], Picked(label=marked("Addressee"), called=_AUTHORITY)] = "known"
    """Whether the competent authority was looked up or guessed."""
    formalities: Annotated[bool, Picked(label=marked("Ask for the forms that our courts need"), start=False)] = True
    """Whether it asks for the forms that courts at home need (UNTOC art. 18(17))."""
    child: Annotated[bool, Picked(label=marked("Say that a child is concerned, and ask for what children need"))] = (
        False
    )
    """Whether it says that a person to be heard is a child, and asks for a guardian or representative, a trained
    interviewer in suitable premises, few interviews and a recording (Directive 2011/36/EU art. 15(3)-(4))."""
    oral: Annotated[bool, Picked(label=marked("By word of mouth first, to be confirmed in writing"))] = False
    """Whether it is made by word of mouth first (UNTOC art. 18(14)); it must then be confirmed in writing."""
    draft: Draft | None = None
    """What it was drafted from; then ``items``, ``scope`` and ``names victim`` follow from it."""


class Preservation(ActionContent):
    """Something about how long data is kept."""

    evidence: Annotated[Id, Picked("evidence", preservable=True)]
    """Which data."""
    channel: Annotated[Id, Picked("channel")]
    """How the order travels."""


@kind_of_action("preserve", label=marked("Have data preserved"), hours=Hours(2.0, assumed("an order and its receipt")))
class Preserve(Preservation):
    """Have data kept, before asking for it."""


@kind_of_action(
    "renew", label=marked("Have a preservation prolonged"), hours=Hours(2.0, assumed("an order and its receipt"))
)
class Renew(Preservation):
    """Have a preservation prolonged."""


@kind_of_action(
    "consult",
    label=marked("Contact the authority before sending"),
    hours=Hours(3.0, assumed("a call, a draft and its reading")),
    asks="prior-contact",
)
class Consult(ActionContent):
    """Contact the authority before sending, or share a draft."""

    to: ToState
    """Which State."""


class AboutRequest(ActionContent):
    """Something about a request already sent."""

    request: Annotated[Id, Picked("request")]
    """Which request."""


@kind_of_action(
    "chase",
    label=marked("Ask how far a request is"),
    hours=Hours(1.0, assumed("a message and its answer")),
    asks="progress",
)
class Chase(AboutRequest):
    """Ask how far it is (UNTOC art. 18(24))."""


@kind_of_action(
    "supplement",
    label=marked("Answer a question on a request"),
    hours=(
        Hours(2.0, assumed("reading the question, sending and reading the answer")),
        Hours(1.0, assumed("finding out, writing and translating what is said to it"), each="items"),
    ),
    asks="additional-information",
    told="request",
)
class Supplement(AboutRequest):
    """Answer a question of the requested authority."""

    items: Annotated[dict[Item, ItemQuality], Picked(given=IN_FULL)] = Field(default=IN_FULL, min_length=1)
    """What is answered: quality of the contents after it; all of them in full unless something else is said. An answer
    that gives less leaves open what was asked."""


@kind_of_action(
    "assure",
    label=marked("Give an assurance"),
    hours=Hours(8.0, assumed("a draft, the office that can bind the State, and a note"), each="assurances"),
    asks="conditions",
    told="request",
)
class Assure(AboutRequest):
    """Give the requested State an assurance, asked for or not; some are for the ministry to give."""

    assurances: Annotated[tuple[Assurance, ...], Picked(label=marked("That"), called=TITLES)] = Field(min_length=1)
    """What is assured."""


@kind_of_action(
    "withdraw",
    label=marked("Withdraw a request"),
    hours=Hours(1.0, assumed("a message and the closing of two files")),
    asks="withdrawal",
)
class Withdraw(AboutRequest):
    """Take it back."""


# Beside letters


@kind_of_action(
    "share",
    label=marked("Share information unasked"),
    hours=Hours(4.0, assumed("choosing, writing and reading what is shared")),
    asks="spontaneous-information",
)
class Share(ActionContent):
    """Give information without a request (UNTOC art. 18(4)-(5))."""

    to: ToState
    """Which State."""
    conditions: Annotated[bool, Picked(label=marked("With conditions on its use"))] = True
    """Whether use restrictions are attached."""


@kind_of_action(
    "ask",
    label=marked("Ask an institution for a service"),
    hours=Hours(6.0, assumed("a form, the institution's work on it and the reading of its answer")),
    asks="cooperation",
)
class Ask(ActionContent):
    """Ask an institution for a service: a look-up, a notice, an analysis, a meeting."""

    service: Annotated[Id, Picked("service")]
    """Which service."""
    to: Annotated[Id | None, Picked("state")] = None
    """The State it concerns."""
    person: Annotated[Id | None, Picked("person", nobody=marked("nobody in particular"))] = None
    """The person it concerns."""


@kind_of_action(
    "confirm",
    label=marked("Confirm an oral request in writing"),
    hours=Hours(1.0, assumed("the letter that was drafted before, signed and sent")),
    asks="oral-confirmation",
)
class Confirm(AboutRequest):
    """Confirm an oral request in writing (UNTOC art. 18(14))."""


@kind_of_action(
    "feedback",
    label=marked("Tell the executing authority what became of it"),
    hours=Hours(1.0, assumed("a message and its reading")),
    asks="feedback",
)
class Feedback(AboutRequest):
    """Tell the executing authority what became of it (CETS 197 art. 34(1))."""


@kind_of_action(
    "use",
    label=marked("Put evidence before the court"),
    hours=Hours(2.0, assumed("translating and filing what came")),
    asks="use-limitation",
)
class Use(ActionContent):
    """Use evidence that came from abroad."""

    evidence: AboutEvidence
    """Which."""
    purpose: Annotated[Literal["this case", "another proceeding"], Picked(label=marked("For"))] = "this case"
    """What for. Beyond the purpose stated in the request, the sender's consent is needed (UNTOC art. 18(19))."""


@kind_of_action(
    "ask_consent",
    label=marked("Ask the sender's consent to a further use"),
    hours=Hours(3.0, assumed("a letter, its examination and an answer")),
    asks="use-limitation",
)
class AskConsent(ActionContent):
    """Ask the sender's consent to use evidence further, or as evidence at all."""

    evidence: AboutEvidence
    """Which."""


@kind_of_action(
    "propose_team",
    label=marked("Propose a joint investigation team"),
    hours=Hours(100.0, assumed("an agreement between two authorities, its negotiation and the first meetings")),
    asks="joint-team",
)
class ProposeTeam(ActionContent):
    """Propose a joint investigation team (UNTOC art. 19)."""

    members: Annotated[tuple[Id, ...], Picked("state")] = Field(min_length=1)
    """The other States."""

    @staticmethod
    def proposal_to(state: str) -> str:
        """What conditions call the proposal to one State: ``requests: {team-nor: refused}``."""
        return f"team-{state}"


# People


@kind_of_action(
    "repatriate",
    label=marked("Arrange a return home"),
    hours=Hours(16.0, assumed("papers, tickets, an escort and somebody who is there at arrival")),
    asks="safe-return",
)
class Repatriate(ActionContent):
    """Have a person return home (Trafficking Protocol art. 8)."""

    person: AboutPerson
    """Whom."""
    voluntary: Annotated[bool, Picked(label=marked("The person wishes it"))] = True
    """Whether the person wishes it."""


@kind_of_action(
    "invite",
    label=marked("Invite somebody to come and testify"),
    hours=Hours(30.0, assumed("an invitation, its service, travel, an interpreter, a hearing")),
    asks="voluntary-appearance",
)
class Invite(ActionContent):
    """Ask a person to come and testify (UNTOC art. 18(3)(h), (27))."""

    person: AboutPerson
    """Whom."""
    evidence: AboutEvidence
    """The testimony."""
    safe_conduct: Annotated[bool, Picked(label=marked("Promise safe conduct"))] = True
    """Whether safe conduct is promised; it lasts fifteen days after the person is told that they may go."""


@kind_of_action(
    "treat",
    label=marked("Decide how somebody is dealt with"),
    hours=Hours(4.0, assumed("a decision with its reasons")),
    asks="non-punishment",
)
class Treat(ActionContent):
    """Decide how somebody is dealt with who was made to offend (CETS 197 art. 26)."""

    person: AboutPerson
    """Whom."""
    as_: Annotated[Literal["victim", "suspect"], Picked(label=marked("As"))]
    """As what."""


Support = Literal[
    "shelter",
    "counselling",
    "safe conduct",
    "relocation",
    "information",
    "risk assessment",
    "legal aid",
    "cultural mediator",
    "guardian",
    "age assessment",
]
"""Means of support. A guardian is for a child whom nobody else represents; an age assessment for a person whose age
is in doubt."""


@kind_of_action(
    "protect",
    label=marked("Arrange support for a person"),
    hours=Hours(10.0, assumed("finding, asking and following up a service"), each="by"),
    asks="victim-assistance",
)
class Protect(ActionContent):
    """Arrange support for a person."""

    person: AboutPerson
    """Whom."""
    by: Annotated[tuple[Support, ...], Picked(label=marked("By"))] = Field(min_length=1)
    """By which means."""


@kind_of_action(
    "interview",
    label=marked("Interview somebody at home"),
    hours=Hours(12.0, assumed("preparation, a specialist, an interpreter, the record")),
    asks="victim-needs",
)
class Interview(ActionContent):
    """Interview a person at home."""

    person: AboutPerson
    """Whom."""
    evidence: AboutEvidence
    """The evidence their words are."""
    manner: Annotated[Literal["specialist", "ordinary", "video-recorded"], Picked(label=marked("Manner"))] = (
        "specialist"
    )
    """By whom or how: a trained interviewer, any officer, or recorded so that it need not be repeated."""
