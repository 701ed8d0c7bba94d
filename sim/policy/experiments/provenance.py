"""Every figure a world rests on, with its mark and its source, as its files say it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from pydantic import ValidationError

from sim.engine.public_holidays import PACKAGE, calendar_of, kept
from sim.i18n import say
from sim.model.base import Origin
from sim.model.loading import Scenario

logger = logging.getLogger("mlasim.policy.inputs")

_WORDS = ("origins", "ranges", "only if", "if", "title", "format", "source")
"""Keys that hold no figure."""


@dataclass(frozen=True)
class Input:
    """A figure (or, where its origin speaks for several, those of one record)."""

    place: str
    """Where, as ``kind/id/…``."""
    figure: str
    value: str
    """As it is written in the file."""
    mark: str
    """``published``, ``primary source`` or ``assumption``."""
    source: str


def inputs_of(scenario: Scenario) -> list[Input]:
    """Every figure with an origin in the files of a scenario, in the order of the files; then its public holidays."""
    figures = [one for (kind, id_), data in sorted(scenario.data.items()) for one in _inside(f"{kind}/{id_}", data)]
    return [*figures, *_calendars(scenario)]


def _calendars(scenario: Scenario) -> Iterator[Input]:
    """The public holidays that the world's offices keep: from a file of the library, or as the package has them."""
    met = {calendar_of(scenario, office) for office in scenario.world.offices.values() if office.hours}
    for calendar in sorted(filter(None, met), key=lambda one: one.id):
        file, words = kept(calendar), str(say("public holidays of {calendar}", calendar=calendar.title))
        if file is None:
            source = say(
                "the package {package} {version}: results hang on it", package=PACKAGE, version=version(PACKAGE)
            )
            yield Input(f"holidays/{calendar.id}", words, "", "published", str(source))
        else:
            taken = say(
                "{source}, version {version}, taken on {day}",
                source=file.origin.source,
                version=file.version,
                day=file.made_on,
            )
            yield Input(f"holidays/{calendar.id}", words, f"{file.first}–{file.last}", file.origin.mark, str(taken))


def _inside(place: str, data: object) -> Iterator[Input]:
    if isinstance(data, list):
        for position, value in enumerate(data):
            yield from _inside(f"{place}/{_name(value, position)}", value)
    if not isinstance(data, dict):
        return
    written_origins = data.get("origins")
    origins = written_origins if isinstance(written_origins, dict) else {}
    for name, written in origins.items():
        try:
            origin = Origin.model_validate(written)
        except ValidationError as error:  # a lever may have changed it beyond recognition; the load checks the rest
            logger.warning("%s: the origin of %s is left out: %s", place, name, error)
            continue
        if name == "all":
            rest = {k: v for k, v in data.items() if k not in origins and k not in _WORDS and _is_figure(v)}
            figure = ", ".join(rest)
            value = _short(rest if len(rest) > 1 else next(iter(rest.values()), ""))
        else:
            figure, value = name, _short(_named(data, name))
        yield Input(place, figure, value, origin.mark, origin.source)
    for key, value in data.items():
        if key != "origins":
            yield from _inside(f"{place}/{key}", value)


def _named(data: dict[str, object], name: str) -> object:
    """A value of a record, or a chance or another figure of one of its tables."""
    tables = (table for table in data.values() if isinstance(table, dict))
    return next((table[name] for table in (data, *tables) if name in table), "")


def _name(value: object, position: int) -> str:
    """An entry of a list by its title where it has one."""
    return str(value.get("title", position)) if isinstance(value, dict) else str(position)


def _is_figure(value: object) -> bool:
    """A number, or a span of time in words or as a distribution."""
    if isinstance(value, dict):
        if "origins" in value or any(isinstance(inside, dict) for inside in value.values()):
            return False
        parts = [one for inside in value.values() for one in (inside if isinstance(inside, list) else [inside])]
        return any(map(_is_figure, parts)) and not any(isinstance(one, dict | list) for one in parts)
    if isinstance(value, str):
        return any(character.isdigit() for character in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_short(inside)}" for key, inside in value.items())
    if isinstance(value, list):
        return ", ".join(_short(inside) for inside in value)
    return str(value)
