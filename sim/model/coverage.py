"""What the founding article names, with the files and the tests that make each of it work."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.model.base import Header, Prose, Record, Text


class Row(Record):
    """One thing the founding article names."""

    named: Prose
    """What it names."""
    works: Prose
    """What it means that this works in the simulation."""
    files: tuple[Text, ...] = Field(min_length=1)
    """Files that make it work, from the project's top folder."""
    tests: tuple[Text, ...] = Field(min_length=1)
    """Tests that would fail without it, as ``tests/…/test_file.py::test_name``."""


class Coverage(Header):
    """The items of the founding article and how each is covered; nothing is claimed without a test."""

    kind: Literal["coverage"]
    """Always ``coverage``."""
    rows: dict[Annotated[str, Field(pattern=r"^[0-9]{1,2}$")], Row]
    """Items by their number."""
