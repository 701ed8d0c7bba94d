"""Authors' prose: every field of a record that holds free text says whether it is prose, and all of it is found."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from sim.model.authored import authored_texts, rules_of
from sim.model.base import Authored, Record
from sim.model.loading import copied_data, load, load_text, with_data
from sim.model.validation import KINDS

NOT_PROSE = {
    "PublicHolidays.version": "a package's version",
    "PublicHolidays.years": "months and days",
    "Circumstances.incoming": "how requests stand",
    "Circumstances.requests": "how requests stand",
    "Moment.event": "an event's name",
    "Stage.announces": "an event's name",
    "Stage.announces_again": "an event's name",
    "Stage.cause": "a cause's name",
    "Step.cause": "a cause's name",
    "Measure.hook": "articles",
    "Option.cites": "articles",
    "HolidayCalendar.like": "a country's code",
    "HolidayCalendar.region": "a region's code",
    "Provision.article": "where it stands",
    "Regime.articles": "where they stand",
    "Regime.instead_of": "where they stand",
    "Jurisdiction.declarations": "articles",
    "Recommendation.number": "where it stands",
    "Patch.at": "a place in the data",
    "Patch.instead_of": "values in the data",
    "Headline.measure": "a measure's name",
    "Headline.of": "a group, a corridor or an office's id",
    "Claim.kpi": "a measure's name",
    "Variation.only": "ids of assumptions",
    "Row.files": "paths",
    "Row.tests": "names of tests",
}
"""Fields of free text that are no prose, and what they are."""


def records() -> Iterator[type[BaseModel]]:
    """Every record that a file can hold, each once."""
    seen: set[type[BaseModel]] = set()
    waiting: list[Any] = [form for kind in KINDS.values() for form in (kind, *kind.forms().values())]
    while waiting:
        annotation = waiting.pop()
        if isinstance(annotation, type) and issubclass(annotation, Record):
            if annotation not in seen:
                seen.add(annotation)
                yield annotation
                waiting += [field.annotation for field in annotation.model_fields.values()]
        else:
            waiting += [part for part in typing.get_args(annotation) if part is not type(None)]


def is_free(annotation: Any, marks: list[Any]) -> bool:
    """Whether a field holds text that nothing checks and nothing calls prose."""
    if annotation is str:
        return not any(isinstance(mark, Authored) or callable(getattr(mark, "func", None)) for mark in marks)
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return is_free(parts[0], [*marks, *parts[1:]])
    if origin is dict:
        return is_free(parts[1], [])
    return origin is not typing.Literal and any(is_free(part, marks) for part in parts if part is not Ellipsis)


def test_every_free_text_is_prose_or_says_what_it_is() -> None:
    undecided = set()
    for record in records():
        for name, field in record.model_fields.items():
            if is_free(field.annotation, list(field.metadata)):
                owner = next(base for base in reversed(record.__mro__) if name in getattr(base, "__annotations__", {}))
                undecided.add(f"{owner.__name__}.{name}")
    assert undecided - set(NOT_PROSE) == set(), "mark it as Prose or Aside, or say here what it is"
    assert set(NOT_PROSE) - undecided == set(), "a field that is gone; its line goes, too"


def test_texts_are_named_by_where_they_stand_and_know_their_language() -> None:
    scenario = load("silent-harbour")
    assert scenario.case is not None
    found = {(text.kind, text.id, text.path): text for text in authored_texts(scenario)}
    title = found["case", "silent-harbour", ("decisions", "care", "title")]
    assert title.text == scenario.case.decisions["care"].title and title.language == "en"
    assert found["case", "silent-harbour", ("content note",)].text == scenario.case.content_note
    assert found["instrument", "untoc", ("provisions", 0, "says")].text
    assert not any(text.text in ("prosecutor", "trafficking-in-persons") for text in found.values())


def test_what_a_guide_says_is_an_authors_text_and_changes_no_play() -> None:
    scenario = load("first-letter")
    found = {text.path: text.text for text in authored_texts(scenario) if text.kind == "case"}
    guides = [path for path in found if path[0] == "decisions" and path[-1] == "guide"]
    assert guides == [("decisions", name, "guide") for name in ("clock", "basis", "silence")]
    data = copied_data(scenario)
    data["case", "first-letter"]["decisions"]["clock"]["guide"] = "Look around."
    other = with_data(scenario, data)
    assert other.hash != scenario.hash and rules_of(other) == rules_of(scenario)


def test_a_file_says_its_language_and_a_wrong_one_is_a_problem() -> None:
    measure = (
        "format: 1\nkind: measure\nid: records\ntitle: Akten\nlanguage: {}\ncoercive: false\nyields: records\n"
        "source: keine\n"
        "steps: [{{title: Die Bank antwortet, takes: 5 days, origins: {{all: 'assumption: erdacht'}}}}]\n"
    )
    record, problems = load_text(measure.format("de"))
    assert record is not None and not problems
    assert {text.language for text in authored_texts(record)} == {"de"}
    assert ("steps", 0, "origins", "all", "source") in {text.path for text in authored_texts(record)}
    _, problems = load_text(measure.format("German"))
    assert [(p.line, p.code) for p in problems] == [(5, "F209")]
