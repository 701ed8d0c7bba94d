"""Invented names for the people of a story: ``{deckhand}`` in an author's text becomes a name, by the play's luck.

Names come from Faker, seeded by the play, so that they are nobody's and the same whenever the play is opened again.
They decide nothing: no figure, chance or condition knows them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from sim.model.case import Case, Person
from sim.model.jurisdiction import Jurisdiction

if TYPE_CHECKING:
    from faker import Faker

PLACEHOLDER = re.compile(r"\{([a-z0-9-]+)\}")
_WHEN_UNREADABLE = "en_US"
"""Whose names are used where those of a State are written in a script that a text in Latin letters cannot take."""
Of = TypeVar("Of", bound=BaseModel)


def names_of(case: Case, states: Mapping[str, Jurisdiction], seed: int) -> dict[str, str]:
    """A name for everybody whose gender the case says, by id. No two people of a case share one."""
    found: dict[str, str] = {}
    for id_, person in case.people.items():
        if person.gender is not None:
            found[id_] = _name(case.id, id_, person, states[person.at], seed, taken=set(found.values()))
    return found


def with_names(case: Case, states: Mapping[str, Jurisdiction], seed: int) -> Case:
    """The case as one play tells it: with names in the place of ``{person}``; itself, where nobody is named."""
    if all(person.gender is None for person in case.people.values()):
        return case
    return _filled(case, names_of(case, states, seed))


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


def _filled(record: Of, names: Mapping[str, str]) -> Of:
    """A record with names in all its texts; parts in which there are none are shared with it."""
    changed = {
        field: filled
        for field in type(record).model_fields
        if (filled := _inside(value := getattr(record, field), names)) is not value
    }
    return record.model_copy(update=changed) if changed else record


def _inside(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda found: names.get(found[1], found[0]), value) if "{" in value else value
    if isinstance(value, BaseModel):
        return _filled(value, names)
    if isinstance(value, dict):
        filled = {key: _inside(item, names) for key, item in value.items()}
        return filled if any(filled[key] is not item for key, item in value.items()) else value
    if isinstance(value, tuple):
        items = tuple(_inside(item, names) for item in value)
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value
