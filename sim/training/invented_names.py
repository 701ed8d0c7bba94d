"""Invented names for the people of a story: ``{deckhand}`` in an author's text becomes a name, by the play's luck.

Names come from Faker, seeded by the play, so that they are nobody's and the same whenever the play is opened again.
They decide nothing: no figure, chance or condition knows them.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.model.case import Case, Person
from sim.model.jurisdiction import Jurisdiction
from sim.model.loading import Scenario
from sim.model.prose import PLACEHOLDER, with_texts

if TYPE_CHECKING:
    from faker import Faker

_WHEN_UNREADABLE = "en_US"
"""Whose names are used where those of a State are written in a script that a text in Latin letters cannot take."""


def names_of(scenario: Scenario, seed: int) -> Mapping[str, str]:
    """A name for everybody in a case whose gender it says, by id. No two people of a case share one."""
    return scenario.work_out(("names", seed), lambda: _names_of(scenario, seed))


def with_names(scenario: Scenario, seed: int) -> Case:
    """The case as one play tells it: with names in the place of ``{person}``; itself, where nobody is named."""
    return scenario.work_out(("case with names", seed), lambda: _with_names(scenario, seed))


def _names_of(scenario: Scenario, seed: int) -> dict[str, str]:
    assert scenario.case is not None
    found: dict[str, str] = {}
    for id_, person in scenario.case.people.items():
        if person.gender is not None:
            state = scenario.jurisdictions[person.at]
            found[id_] = _name(scenario.case.id, id_, person, state, seed, taken=set(found.values()))
    return found


def _with_names(scenario: Scenario, seed: int) -> Case:
    assert scenario.case is not None
    names = names_of(scenario, seed)
    if not names:
        return scenario.case
    return with_texts(scenario.case, lambda text: PLACEHOLDER.sub(lambda found: names.get(found[1], found[0]), text))


def named_person(source: Faker, gender: str | None = None) -> str:
    """An invented name without the titles that some locales put to it."""
    first = {"female": source.first_name_female, "male": source.first_name_male}.get(gender or "", source.first_name)
    return f"{first()} {source.last_name()}"


def _name(case: str, id_: str, person: Person, state: Jurisdiction, seed: int, taken: set[str]) -> str:
    from faker import Faker

    for locale in (person.names or state.faker_locale, _WHEN_UNREADABLE):
        source = Faker(locale)
        key = hashlib.sha256(f"{seed}/{case}/name/{id_}".encode()).digest()
        source.seed_instance(int.from_bytes(key[:8], "big"))
        tries = (named_person(source, person.gender) for _try in range(20))
        readable = next((name for name in tries if name not in taken and _latin(name)), None)
        if readable is not None:
            return readable
    raise AssertionError(f"no name for {id_}")  # twenty English names that are all taken


def _latin(name: str) -> bool:
    return all(not c.isalpha() or "LATIN" in unicodedata.name(c, "") for c in name)
