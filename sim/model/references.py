"""What a record refers to by id."""

from __future__ import annotations

from collections.abc import Iterator

from sim.model.base import Header
from sim.model.behaviour import TOPICS
from sim.model.case import Case
from sim.model.case_references import owners_of_actions
from sim.model.data import Path
from sim.model.form import Box, Form
from sim.model.glossary import Glossary
from sim.model.instrument import Instrument
from sim.model.jurisdiction import Jurisdiction
from sim.model.policy import Policy
from sim.model.service import Service
from sim.model.world import World

Reference = tuple[Path, str, str]


def references(record: Header) -> Iterator[Reference]:
    """(path in the file, kind, id) of everything a record needs from other files."""
    match record:
        case Jurisdiction():
            yield from _jurisdiction(record)
        case Instrument():
            yield from _instrument(record)
        case Form():
            yield from _form(record)
        case Glossary():
            yield from _glossary(record)
        case Service():
            yield from _service(record)
        case World():
            yield from _world(record)
        case Case():
            yield from _case(record)
        case Policy():
            yield from _policy(record)


def _jurisdiction(record: Jurisdiction) -> Iterator[Reference]:
    for place, id_ in enumerate(record.instruments):
        yield ("instruments", place), "instrument", id_
    for id_ in record.declarations:
        yield ("declarations", id_), "instrument", id_
    for place, id_ in enumerate(record.channels):
        yield ("channels", place), "channel", id_
    for place, id_ in enumerate(record.forbids_measures):
        yield ("forbids measures", place), "measure", id_
    for id_ in record.standard_of_proof:
        yield ("standard of proof", id_), "measure", id_


def _service(record: Service) -> Iterator[Reference]:
    for place, id_ in enumerate(record.only_if.instruments):
        yield ("only if", "instruments", place), "instrument", id_
    if record.only_if.channel:
        yield ("only if", "channel"), "channel", record.only_if.channel


def _instrument(record: Instrument) -> Iterator[Reference]:
    if record.builds_on:
        yield ("builds on",), "instrument", record.builds_on
    if record.procedure:
        yield ("procedure",), "procedure", record.procedure
    for place, id_ in enumerate(record.letter_forms):
        yield ("letter forms", place), "form", id_
    for channel, id_ in record.procedure_by_channel.items():
        yield ("procedure by channel", channel), "channel", channel
        yield ("procedure by channel", channel), "procedure", id_
    for measure, id_ in record.procedure_by_measure.items():
        yield ("procedure by measure", measure), "measure", measure
        yield ("procedure by measure", measure), "procedure", id_
    for place, provision in enumerate(record.provisions):
        if provision.unless_bound_by:
            yield ("provisions", place, "unless bound by"), "instrument", provision.unless_bound_by
        rule = provision.rule
        here = ("provisions", place, "rule")
        if rule.channel:
            for position, id_ in enumerate(rule.channel.channels):
                yield (*here, "channel", "channels", position), "channel", id_
        if rule.measure:
            for position, id_ in enumerate(rule.measure.measures):
                if id_ != "any":
                    yield (*here, "measure", "measures", position), "measure", id_


def _glossary(record: Glossary) -> Iterator[Reference]:
    for place, term in enumerate(record.terms):
        for number, (instrument, _article) in enumerate(term.cited):
            yield ("terms", place, "cites", number), "instrument", instrument


def _form(record: Form) -> Iterator[Reference]:
    for place, id_ in enumerate(record.measures):
        yield ("measures", place), "measure", id_
    for at, section in enumerate(record.sections):
        for position, field in enumerate(section.fields):
            here = ("sections", at, "fields", position)
            for place, id_ in enumerate(field.only_for):
                yield (*here, "only for", place), "measure", id_
            if not isinstance(field.boxes, str):
                yield from _boxes(field.boxes, (*here, "boxes"))


def _boxes(boxes: tuple[Box, ...], path: Path) -> Iterator[Reference]:
    for place, box in enumerate(boxes):
        if box.when is not None:
            for position, id_ in enumerate(box.when.measures):
                yield (*path, place, "when", "measures", position), "measure", id_
            for position, id_ in enumerate(box.when.channels):
                yield (*path, place, "when", "channels", position), "channel", id_
        yield from _boxes(box.boxes, (*path, place, "boxes"))


def _world(record: World) -> Iterator[Reference]:
    for id_, performance in record.jurisdictions.items():
        yield ("jurisdictions", id_), "jurisdiction", id_
        for measure in performance.measures:
            yield ("jurisdictions", id_, "measures", measure), "measure", measure
    for place, treaty in enumerate(record.treaties):
        yield ("treaties", place, "instrument"), "instrument", treaty.instrument
    for id_ in record.supposed_in_force:
        yield ("supposed in force", id_), "instrument", id_
    for id_, flow in record.demand.items():
        here = ("demand", id_)
        if flow.procedure not in record.procedures:
            yield (*here, "procedure"), "procedure", flow.procedure
        for measure in flow.measures:
            yield (*here, "measures", measure), "measure", measure
        if flow.channel:
            yield (*here, "channel"), "channel", flow.channel
        if flow.instrument:
            yield (*here, "instrument"), "instrument", flow.instrument


def _case(record: Case) -> Iterator[Reference]:
    yield ("world",), "world", record.world
    for topic in TOPICS:
        yield (), "behaviour", topic
    for id_, paper in record.incoming.items():
        here = ("incoming", id_)
        for position, measure in enumerate(paper.measures):
            yield (*here, "measures", position), "measure", measure
        yield (*here, "instrument"), "instrument", paper.instrument
        yield (*here, "channel"), "channel", paper.channel
    for path, owner in owners_of_actions(record):
        for channel in getattr(owner, "closes", ()):
            yield (*path, "closes", channel), "channel", channel
        for place, action in enumerate(owner.do):
            for field, names in action.content.picked("measure", "instrument", "channel", "service"):
                for at, name in field.places(names, (*path, "do", place, action.kind.key)):
                    yield at, field.of, name


def _policy(record: Policy) -> Iterator[Reference]:
    yield ("world",), "world", record.world
    for id_, option in record.alternatives.items():
        for place, lever in enumerate(option.levers):
            yield ("alternatives", id_, "levers", place), "lever", lever
