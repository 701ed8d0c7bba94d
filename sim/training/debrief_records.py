"""What a debrief holds: plain records for any view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TypedDict

from sim import law
from sim.case.request_chances import Circumstance
from sim.i18n import Words, _
from sim.law.drafting import Point
from sim.model.base import Sureness
from sim.model.natures import NatureName
from sim.model.roles import Role
from sim.training.costliest_decisions import ENOUGH, Comparison, Verdict, verdict
from sim.training.counterfactuals import Alternative, Strategy
from sim.training.lessons import says
from sim.training.prepared_plays import Beforehand
from sim.training.scoring import AxisScore
from sim.training.session_records import Provenance


@dataclass(frozen=True)
class Segment:
    """A stretch of a request's bar. ``start`` and ``end`` in days since the story began."""

    start: float
    end: float
    cause: str
    title: str


EvidenceLine = TypedDict(
    "EvidenceLine",
    {
        "id": str,
        "title": str,
        "state": str,
        "nature": NatureName,
        "weight": int,
        "erased day": float | None,
        "obtained day": float | None,
        "lost day": float | None,
        "in court": str,
    },
)
"""An item of evidence as it stands, and what the court made of it; days since the story began."""


class PersonLine(TypedDict):
    """A person as they stand."""

    id: str
    title: str
    state: str
    wellbeing: float


class DeadlineLine(TypedDict):
    """A deadline, in days since the story began."""

    id: str
    title: str
    day: float
    passed: bool


@dataclass(frozen=True)
class RequestLine:
    """One request in a timeline."""

    id: str
    name: str
    """What people call it."""
    to: str
    sent: float
    ended: float | None
    outcome: str
    segments: tuple[Segment, ...]
    days_by_cause: dict[str, float]
    """Adds up to the days it took (for one under way: until its last finished stage)."""
    why: tuple[Circumstance, ...]
    """What moved its chances."""


@dataclass(frozen=True)
class Citation:
    """A provision, for reading."""

    reference: str
    article: str
    says: str
    sureness: Sureness


@dataclass
class DecisionReview:
    """One decision beside its alternatives."""

    id: str
    title: str
    question: str
    day: int
    chosen: str
    text: str
    because: str
    predict: str
    days: int
    """Days the trainee expected an answer to take; 0: nothing expected."""
    took: int | None
    """Days that what was sent with it took to come back, the longest; None if nothing was sent or nothing came."""
    sent: tuple[str, ...]
    """Requests that it sent itself."""
    taken: int
    """When it was taken, in seconds of Unix time; 0: not known."""
    alternatives: list[Alternative]
    texts: dict[str, str]
    """Text of every option."""
    remarks: dict[str, str]
    """What the author says to every option."""
    citations: dict[str, tuple[Citation, ...]]
    """Provisions that every option rests on."""
    breaks: dict[str, tuple[Citation, ...]] = field(default_factory=dict)
    """Provisions that every option breaks."""
    luck: int = 0
    """The replication of the play."""

    @property
    def verdict(self) -> Verdict:
        """What the replays say about it."""
        return verdict(self.alternatives, [option for option, broken in self.breaks.items() if broken], self.luck)

    @property
    def remark(self) -> str:
        """What the author says to the option chosen."""
        return self.remarks[self.chosen]

    @property
    def cites(self) -> tuple[Citation, ...]:
        """Provisions that the option chosen rests on."""
        return self.citations[self.chosen]


@dataclass(frozen=True)
class Lesson:
    """Something to take home, and where it is taught."""

    axis: str
    words: Words
    """The axis, what went wrong (or well) on it, and the provision."""
    module: str
    """Title of the lesson in the curriculum."""
    page: str
    """Its page, from the top of the project."""

    @property
    def says(self) -> str:
        """What the course says of the axis."""
        return says(self.axis)

    @property
    def text(self) -> str:
        """What to take home, in the language in use."""
        return str(self.words)

    def __str__(self) -> str:
        return f"{self.text} → {_(self.module)}"


@dataclass(frozen=True)
class SkillAndLuck:
    """How much of a result was the decisions, and how much the luck of one play."""

    score: float
    replays: int
    mean: float
    """Mean score of the same decisions, replayed."""
    luckier_than: float
    """Share of those replays that scored less than this play did (ties count half)."""
    strategies: int
    better_than: float
    """Share of the strategies tried whose mean score is below that of these decisions (ties count half)."""


@dataclass(frozen=True)
class ActReview:
    """Something done unasked."""

    day: int
    text: Words
    because: str
    predict: str
    days: int
    took: int | None
    sent: tuple[str, ...] = ()
    """Requests that it sent itself."""
    taken: int = 0
    """When it was done, in seconds of Unix time; 0: not known."""


@dataclass(frozen=True)
class LetterReview:
    """A letter of the trainee's own, held against what the law asks for."""

    id: str
    name: str
    """What people call it."""
    day: int
    points: tuple[Point, ...]
    scope: str
    names_victim: bool
    provisions: dict[Role, law.ProvisionAnswer]
    """What asks for each point under the instrument that the letter names."""


@dataclass(frozen=True)
class AssumedHere:
    """A figure of behaviour that the case assumes otherwise than the library."""

    figure: str
    """Topic and name: ``conduct: complete contents``."""
    value: str
    """As the case writes it."""
    mark: str
    """How sure it is."""
    source: str
    """Where it comes from."""


@dataclass
class Debrief:
    """Everything a debrief shows; plain data for any view."""

    case: str
    title: str
    seed: int
    scenario_hash: str
    sha256: str
    ended: bool
    ending: str
    ending_title: str
    ending_text: str
    total: float
    scores: list[AxisScore]
    requests: list[RequestLine]
    evidence: list[EvidenceLine]
    people: list[PersonLine]
    deadlines: list[DeadlineLine]
    decisions: list[DecisionReview]
    acts: list[ActReview]
    letters: list[LetterReview]
    lessons: list[Lesson]
    days: float
    replays: int = 0
    endings: dict[str, str] = field(default_factory=dict)
    """Title of every ending the case has."""
    strategies: list[Strategy] = field(default_factory=list)
    """Automatic players with the same luck."""
    assumed: list[AssumedHere] = field(default_factory=list)
    """What the case assumes otherwise than the library."""
    language: str = "en"
    """The language in which the case was written."""
    provenance: Provenance = field(default_factory=lambda: Provenance("", 0, {}))
    """Where the play comes from."""
    versions: dict[str, str] = field(default_factory=dict)
    """What the debrief was made with, by name."""
    notes: list[Words] = field(default_factory=list)
    """What is to be said about the session's file: lines changed after they were written, other versions."""
    hangs_on: list[Words] = field(default_factory=list)
    """Public holidays of the play that are the calendar package's: with another version it may go otherwise."""
    beforehand: Beforehand | None = None
    """What its decisions usually cost, from plays that ship with the case: until there are replays of its own."""
    role: str = ""
    """Whom the trainee was in the case."""
    objectives: tuple[str, ...] = ()
    """What the case is for."""

    @property
    def skill_and_luck(self) -> SkillAndLuck | None:
        """Skill and luck apart, once there are enough replays of the same decisions."""
        same = next((a.plays for d in self.decisions for a in d.alternatives if a.taken and a.plays), [])
        if len(same) < ENOUGH:
            return None
        scores = [play.score for play in same]
        mean = sum(scores) / len(scores)
        means = [strategy.mean for strategy in self.strategies if len(strategy.plays) >= ENOUGH]
        return SkillAndLuck(
            self.total, len(scores), mean, _share_below(scores, self.total), len(means), _share_below(means, mean)
        )

    @property
    def costliest(self) -> list[tuple[DecisionReview, Comparison]]:
        """The decisions where another option did clearly better with the same luck, worst first; three at most."""
        found = [(item, better) for item in self.decisions if (better := item.verdict.better) is not None]
        return sorted(found, key=lambda pair: -pair[1].points)[:3]

    def to_dict(self) -> dict[str, object]:
        """Plain data, for JSON; sentences in the language in use."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    def __str__(self) -> str:
        lines = [
            self.title,
            "",
            f"{self.ending_title}. {self.ending_text.strip()}",
            _("Score {score} of 100").format(score=f"{self.total:.0f}"),
        ]
        lines += [f"  {s.title}: {'–' if s.value is None else f'{100 * s.value:.0f}'}" for s in self.scores]
        lines += ["", *(f"• {lesson}" for lesson in self.lessons), *map(str, self.hangs_on)]
        return "\n".join(lines)


def _plain(value: object) -> object:
    """A value as data that JSON knows: sentences as text, provisions as people cite them and as files do."""
    if isinstance(value, Words):
        return str(value)
    if isinstance(value, law.ProvisionAnswer):
        return {"text": str(value), "reference": value.reference, "standing": value.standing}
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _share_below(values: Sequence[float], limit: float) -> float:
    """Share of values below a limit, ties (to a hundredth of a point) counting half; 0 for none."""
    if not values:
        return 0.0
    return sum(1.0 if v < limit - 0.01 else 0.5 if v <= limit + 0.01 else 0.0 for v in values) / len(values)
