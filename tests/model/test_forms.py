"""What is wrong in a form of a letter is said with its place and what to write."""

from __future__ import annotations

import pytest

from sim.model.form import Form
from sim.model.loading import load_text, shipped_folder

HEAD = """format: 1
kind: form
id: mine
title: My form
standing: model
stands in: my drawer
reviewed: 2026-11-29
"""
SECTION = """sections:
  - number: A
    heading: Facts
    fields:
      - {asks: Facts, gives: [facts]}
"""


def test_a_form_is_a_few_lines() -> None:
    form, problems = load_text(HEAD + SECTION)
    assert problems == [] and isinstance(form, Form)
    assert form.shown == {"facts"} and form.read is None


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        ("sections:\n  - {number: A}\n", 9, "F202 a section needs a heading"),
        ("sections:\n  - {number: A, heading: Facts}\n", 9, "F202 a section without fields holds nothing"),
        ("sections:\n  - heading: A\n    fields:\n      - {where applicable: true}\n", 11, "F202 this field asks for"),
        ("sections:\n  - heading: A\n    fields:\n      - {says: B, asks: C}\n", 11, "F210 says: stands alone"),
        ("sections:\n  - heading: A\n    fields:\n      - {asks: B, gives: [fact]}\n", 11, "did you mean 'facts'"),
        (
            "sections:\n  - heading: A\n    fields:\n      - {boxes: [{says: B, when: {}}]}\n",
            11,
            "F210 this says of no",
        ),
        ("read: text\n" + SECTION, 8, "F210 the form is read against a text that is not listed: 'text'"),
    ],
)
def test_mistakes_are_said_where_they_are(wrong: str, line: int, said: str) -> None:
    form, problems = load_text(HEAD + wrong, "mine.yaml")
    assert form is None
    assert [str(p) for p in problems if p.line == line and said in str(p)], [str(p) for p in problems]


def test_a_provision_on_an_offence_that_is_none_is_a_mistake() -> None:
    text = (shipped_folder() / "library/jurisdictions/lys.yaml").read_text(encoding="utf-8")
    record, problems = load_text(text.replace("  trafficking-in-persons:\n", "  trafficking:\n"), "lys.yaml")
    assert record is None
    assert "F210 'trafficking' is not among the offences that the State criminalises" in str(problems[0])
