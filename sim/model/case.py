"""A case: a story for trainees, set in a world. Actions act; what follows comes out of the simulation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.i18n import say
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.base import Aside, Finding, Header, Id, Origins, Prose, Record, fail, fail_with, require_origins
from sim.model.behaviour_files import Assumptions
from sim.model.case_references import dangling
from sim.model.conditions import Circumstances, Moment
from sim.model.drafting import Material
from sim.model.durations import Duration, Period, StartTime
from sim.model.incoming import Incoming
from sim.model.jurisdiction import Locale
from sim.model.problems import did_you_mean
from sim.model.service import Link


class Person(Record):
    """Somebody in the story, and nobody real: a name is invented for each play."""

    title: Prose
    """Who they are to the trainee: ``the deckhand who came forward``."""
    gender: Literal["female", "male"] | None = None
    """For whom a name is invented, which the story uses by ``{id of the person}``; nobody is named without it."""
    names: Locale | None = None
    """Where their name is from, as a locale of faker (``id_ID``); from the State where they are unless given."""
    role: Literal["victim-witness", "witness", "suspect", "colleague"]
    """What they are to the case."""
    at: Id
    """The State where they are."""
    reflection: Period | Literal["by national law"] | None = None
    """Length of the recovery and reflection period from the start (at least 30 days: CETS 197 art. 13), or as the
    profile of the trainee's State says."""
    wellbeing: Annotated[float, Field(ge=0, le=1)] = 0.5
    """How they are at the start, 0 to 1."""
    made_to_offend: bool = False
    """Whether they were compelled to commit offences, so that the principle of non-punishment protects them."""
    child: bool = False
    """Whether they are under eighteen: heard with a guardian or representative, by a trained person, as seldom as can
    be (Directive 2011/36/EU art. 15)."""
    age_in_doubt: bool = False
    """Whether nobody knows their age for sure; until it is assessed they count as a child (Directive 2011/36/EU
    art. 13(2), CETS 197 art. 10(3))."""
    withdrawal_per_month: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Chance of withdrawing cooperation in a month at wellbeing 0.5; it falls as wellbeing rises."""
    speaks_from: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The wellbeing from which they can tell what happened; heard sooner, they say nothing that a court could use."""
    origins: Origins = {}
    """Where its figures come from."""

    @model_validator(mode="after")
    def _figures_have_origins(self) -> Person:
        require_origins(self, ("wellbeing",) if "wellbeing" in self.model_fields_set else ())
        require_origins(self, tuple(name for name in ("withdrawal_per_month", "speaks_from") if getattr(self, name)))
        return self


class EvidenceItem(Record):
    """Something worth having, and how long it lasts."""

    title: Prose
    """What people call it."""
    type: Id
    """The kind of evidence, as measures yield it."""
    at: Id
    """The State where it is held."""
    holder: Prose
    """Who holds it."""
    age: Period
    """How old it is when the story begins."""
    retention: Duration | Literal["by national law"] | None = None
    """How long the holder keeps it, or as the profile of the State says of its type; none: it does not perish."""
    preserved_for: Period | None = None
    """How long a preservation lasts (Budapest Convention art. 29(7): at least 60 days)."""
    person: Id | None = None
    """The person without whose cooperation it cannot be had."""
    confrontation: bool = False
    """Whether a court uses it only if the defence could question the person (ICCPR art. 14(3)(e), ECHR art. 6(3)(d)):
    once they no longer take part it is left out, unless they were heard on video."""
    reaches: Id | None = None
    """The person who is brought to safety by it; until then nobody can hear them, and they do not withdraw."""
    movable: bool = False
    """Whether suspects who are warned can move or destroy it."""
    weight: Annotated[int, Field(ge=0, le=10)] = 1
    """What it is worth to the case, 0 to 10."""
    shows: Aside = ""
    """What it says, in two or three lines: read by the trainee once it is in the file."""
    in_court: Aside = ""
    """What the court made of it: told with the ending, where it was in the file."""
    origins: Origins = {}
    """Where its figures come from."""

    @model_validator(mode="after")
    def _figures_have_origins(self) -> EvidenceItem:
        if self.confrontation and self.person is None:
            raise fail("F210", say("nobody to question"), say("say person: whose words it is"), ("confrontation",))
        own = () if self.retention == "by national law" else ("retention",)
        require_origins(self, (*own, "preserved_for"))
        return self


class Investigation(Record):
    """What another State investigates of its own, of the same people or acts."""

    put_off: Annotated[float, Field(ge=0, le=1)]
    """Chance that it puts a letter off so as not to disturb its own case (UNTOC art. 18(25), Directive 2014/41/EU
    art. 15(1)(a)), where nobody has told it of the trainee's: neither shared anything nor contacted it before."""
    declines_team: Annotated[float, Field(ge=0, le=1)]
    """Chance that it declines a joint team although it has a case of its own to bring, where it has been told."""
    origins: Origins
    """Where the figures come from."""

    @model_validator(mode="after")
    def _figures_have_origins(self) -> Investigation:
        require_origins(self, ("put_off", "declines_team"))
        return self


class Deadline(Record):
    """An external clock that does not wait: a hearing, a detention limit."""

    title: Prose
    """What people call it."""
    due: Period | Literal["detention limit", "limitation period"]
    """When, counted from the start; or as the law of the trainee's State says."""
    elapsed: Period | None = None
    """How much of a limit set by law had run before the start."""
    ends_case: bool = False
    """Whether the case is over then."""
    of_the_proceedings: bool = True
    """Whether it is a date of the proceedings, of which victims are told what came of it."""
    source: Aside = ""
    """The provision or practice it comes from."""


class Option(Record):
    """One way to decide."""

    text: Prose
    """What the trainee reads."""
    do: tuple[Action, ...] = ()
    """What it sets in motion; nothing: waiting is a choice too."""
    cites: tuple[str, ...] = ()
    """Articles it rests on, as ``untoc 18(24)``."""
    breaks: tuple[str, ...] = ()
    """Articles it breaks: whatever it scores, the debrief never proposes it, and says so to who took it."""
    remark: Aside = ""
    """What an experienced colleague would say, shown in the debrief only."""
    drafted: bool | None = None
    """Whether the trainee drafts the letter it sends: unless said, where it sends one letter for one measure and the
    case has something to draft from. What is written here is what a colleague drafts, and automatic players send."""

    @model_validator(mode="after")
    def _one_letter_to_draft(self) -> Option:
        if self.drafted and len(self.letters) != 1:
            raise fail(
                "F210", say("not exactly one letter to draft"), say("send one request, or drop drafted"), ("drafted",)
            )
        return self

    @property
    def letters(self) -> tuple[SendRequest, ...]:
        """The letters it sends."""
        return tuple(action.content for action in self.do if isinstance(action.content, SendRequest))


class Decision(Record):
    """A question put to the trainee at a moment."""

    title: Prose
    """What it is called in the debrief."""
    question: Prose
    """What the trainee is asked."""
    guide: Aside = ""
    """What a guide says beside the question, in a case that teaches the seat: where to look, what can be done now."""
    when: Moment
    """When it is put."""
    only_if: Circumstances | None = None
    """What must be so then; otherwise it does not come."""
    options: dict[Id, Option] = Field(min_length=2)
    """The ways to decide."""
    axis: tuple[Id, ...] = ()
    """Scoring axes it bears on."""
    default: Id
    """The option taken when nobody decides (a replay in which the question had not been foreseen)."""
    textbook: Id | None = None
    """What somebody would do who goes by the book; the default unless given."""
    naive: Id | None = None
    """What somebody would do who is new to it and in a hurry; the first option unless given."""
    for_: Id | None = None
    """The role at the table whose question it is, where a team plays."""

    @model_validator(mode="after")
    def _options_exist(self) -> Decision:
        findings = [
            Finding(
                "R301", say("there is no option {option!r}", option=option), did_you_mean(option, self.options), (name,)
            )
            for name in ("default", "textbook", "naive")
            if (option := getattr(self, name)) is not None and option not in self.options
        ]
        if findings:
            raise fail_with(findings)
        return self

    def option_of(self, player: Literal["textbook", "naive"]) -> str:
        """The option an automatic player takes."""
        if player == "textbook":
            return self.textbook or self.default
        return self.naive or next(iter(self.options))


class Inject(Record):
    """Something that comes from outside and is told to the trainee."""

    title: Prose
    """What it is called in the debrief."""
    when: Moment
    """When it comes."""
    only_if: Circumstances | None = None
    """What must be so then; otherwise it does not come."""
    says: Prose
    """What the trainee reads."""
    for_: Id | None = None
    """The role at the table that reads it, where a team plays; nobody in particular: all."""
    do: tuple[Action, ...] = ()
    """What it sets in motion."""
    wellbeing: dict[Id, Annotated[float, Field(ge=-1, le=1)]] = {}
    """Change of a person's wellbeing."""
    trust: dict[Id, Annotated[float, Field(ge=-1, le=1)]] = {}
    """Change of trust with a State: a political event."""
    closes: dict[Id, Period] = {}
    """Channels that cannot be used for a time: a mailbox broken into, a strike of couriers."""
    origins: Origins = {}
    """Where the changes come from."""


class Ending(Record):
    """An outcome in words, told when its circumstances hold; the first that does is told."""

    title: Prose
    """What it is called."""
    if_: Circumstances
    """What must be so; ``{}`` always is."""
    says: Prose
    """What the trainee reads."""
    worth: Annotated[float, Field(ge=0, le=1)]
    """Score on the axis ``outcome``, 0 to 1."""


class Role(Record):
    """The trainee's seat."""

    title: Prose
    """What they are: ``prosecutor in Lys``."""
    jurisdiction: Id
    """The State they work for."""
    office: Id
    """The office whose work the trainee's requests begin in."""


class Seat(Record):
    """A role at the table where a team plays one case around one screen."""

    title: Prose
    """What they are: ``victim advocate``."""
    knows: Prose
    """What only they know when the story begins."""
    wants: Prose
    """What they are there to look after."""


class Case(Header):
    """A story for trainees."""

    kind: Literal["case"]
    """Always ``case``."""
    world: Id
    """The world it is set in."""
    role: Role
    """Whom the trainee plays."""
    team: dict[Id, Seat] = {}
    """Roles at the table where a team plays, by id; each sees facts of its own."""
    coaching: bool = False
    """Whether the checklist of a letter is shown while it is drafted, and not only in the debrief."""
    drafting: Material = Material()
    """What letters of request can be drafted from."""
    content_note: Prose
    """What participants should know beforehand about the subject matter."""
    story: Prose
    """What has happened so far, as the trainee reads it."""
    starts: StartTime
    """Local date and time at the trainee's seat."""
    lasts: Period
    """How long the story may last."""
    warm_up: Period
    """How long the world runs before, so that offices are as busy as they usually are."""
    minutes: Annotated[int, Field(ge=5, le=600)] = 45
    """Playing time at the table."""
    difficulty: Literal["introductory", "intermediate", "advanced"] = "intermediate"
    """For whom it is: who has never sat here, who knows the seat, who looks for a hard one."""
    picture: Literal["harbour", "roses", "walls", "desk", "voice", "clock", "letter"] = "letter"
    """What it is pictured by at the door."""
    offence: Id = "trafficking-in-persons"
    """The offence under investigation."""
    proceedings: Literal["investigation", "trial"] = "investigation"
    """How far the proceedings at home are, for letters of request."""
    links: tuple[Link, ...] = ()
    """Facts on which some institutions depend."""
    people: dict[Id, Person] = {}
    """Everybody in the story, by id."""
    evidence: dict[Id, EvidenceItem] = {}
    """What there is to be had, by id."""
    incoming: dict[Id, Incoming] = {}
    """Requests on the trainee's own desk, where they sit in the requested State, by id."""
    investigations: dict[Id, Investigation] = {}
    """Other States that investigate the same people or acts, by State."""
    deadlines: dict[Id, Deadline] = {}
    """External clocks, by id."""
    decisions: dict[Id, Decision] = Field(min_length=1)
    """The questions put to the trainee, by id."""
    injects: dict[Id, Inject] = {}
    """What comes from outside, by id."""
    objectives: tuple[Prose, ...] = Field(min_length=1)
    """What a trainee learns by playing it."""
    scoring: dict[Id, Annotated[float, Field(ge=0, le=10)]] = Field(min_length=1)
    """Weight of each scoring axis."""
    endings: dict[Id, Ending] = Field(min_length=1)
    """Outcomes in words, by id, tried in the order in which they are written."""
    assumes: Assumptions = Assumptions()
    """What it assumes otherwise than the library's files of behaviour, by topic, with origins."""
    inspired_by: Aside = ""
    """Published facts behind the story, all identities changed."""

    def drafts(self, option: Option) -> SendRequest | None:
        """The letter that the trainee drafts who takes an option, as a colleague would; none where none is drafted."""
        letters = option.letters
        if option.drafted is None:
            wanted = len(letters) == 1 and len(letters[0].measures) == 1 and bool(self.drafting.facts)
        else:
            wanted = option.drafted
        return letters[0] if wanted else None

    @model_validator(mode="after")
    def _references_inside(self) -> Case:
        findings = list(dangling(self))
        if not self.evidence and not self.incoming:
            findings.append(Finding("F210", say("a case needs evidence or incoming"), say("add evidence: …")))
        if findings:
            raise fail_with(findings)
        return self
