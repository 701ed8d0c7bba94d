"""Event logs as process-mining tools read them: XES (IEEE 1849-2016) and OCEL 2.0 (JSON).

Both are written row by row with the standard library; process miners such as pm4py open them as they are.

XES: a case is a request; every activity is a pair of events, *start* and *complete*, that share a
``concept:instance``. Work broken off for more urgent work, or at closing time, is *suspend*, and *resume* when it is
taken up again; work stopped because the request was withdrawn is *pi_abort* (the transitions of the standard's
lifecycle extension). ``concept:name`` is the stage, ``mlasim:step`` the step within it where a channel or a measure
expands, ``org:resource`` and ``org:group`` the office (no person is named), ``mlasim:state`` the State. Times are UTC.

OCEL 2.0 (Berti et al. 2024, the JSON exchange format): objects are requests, offices and States; an event is the
begin or the end of an activity and says by qualified relations which request it is *of*, at which office and in
which State it happens.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple, TextIO
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from sim.engine.log import DONE, STOPPED, Activity, EventLog
from sim.errors import UsageError
from sim.i18n import say
from sim.model.problems import did_you_mean
from sim.written import clean

XES_EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
)
START, RESUME, COMPLETE, SUSPEND, ABORT = "start", "resume", "complete", "suspend", "pi_abort"


class Moment(NamedTuple):
    """An event: a row of the event table begins or ends."""

    time: int
    """Seconds since the log's epoch."""
    row: int
    transition: str
    """Of the lifecycle: `START`, `RESUME`, `COMPLETE`, `SUSPEND` or `ABORT`."""


def write_xes(log: EventLog, path: str | Path, *, flows: Sequence[str] | None = None) -> Path:
    """Write the requests of some flows (default: all) as XES; returns the file. Raises `UsageError`."""
    rows = _rows_of(log, flows)
    with _open(path) as file:
        xml = XMLGenerator(file, encoding="utf-8", short_empty_elements=True)
        xml.startDocument()
        _begin(xml, "log", **{"xes.version": "1849-2016", "xes.features": "", "xmlns": "http://www.xes-standard.org/"})
        for name, prefix, uri in XES_EXTENSIONS:
            _empty(xml, "extension", name=name, prefix=prefix, uri=uri)
        _begin(xml, "global", scope="event")
        for key in ("concept:name", "lifecycle:transition"):
            _empty(xml, "string", key=key, value="")
        _empty(xml, "date", key="time:timestamp", value=_iso(log, 0))
        xml.endElement("global")
        _empty(xml, "classifier", name="Activity", keys="concept:name")
        for index, of_request in rows:
            _begin(xml, "trace")
            for kind, key, value in _about_request(log, index):
                _empty(xml, kind, key=key, value=value)
            for moment in moments(log, of_request):
                _begin(xml, "event")
                for kind, key, value in _about_event(log, moment):
                    _empty(xml, kind, key=key, value=value)
                xml.endElement("event")
            xml.endElement("trace")
            xml.ignorableWhitespace("\n")
        xml.endElement("log")
        xml.endDocument()
    return Path(path)


def write_ocel(log: EventLog, path: str | Path, *, flows: Sequence[str] | None = None) -> Path:
    """Write the requests of some flows (default: all) as OCEL 2.0 in JSON; returns the file. Raises `UsageError`."""
    rows = _rows_of(log, flows)
    stages = sorted({log.activities[log.activity[row]].stage for _, of_request in rows for row in of_request})
    with _open(path) as file:
        file.write('{"eventTypes": [\n')
        _join(file, ({"name": stage, "attributes": _typed(lifecycle="string", step="string")} for stage in stages))
        file.write('],\n"objectTypes": [\n')
        _join(
            file,
            (
                {"name": "request", "attributes": _typed(**dict.fromkeys(_REQUEST, "string"))},
                {"name": "office", "attributes": _typed(title="string", staff="integer", role="string")},
                {"name": "State", "attributes": []},
            ),
        )
        file.write('],\n"objects": [\n')
        _join(file, _objects(log, [index for index, _ in rows]))
        file.write('],\n"events": [\n')
        # By time over all requests, as the format's readers expect.
        ordered = sorted(m for _, of_request in rows for m in moments(log, of_request))
        _join(file, (_ocel_event(log, number, moment) for number, moment in enumerate(ordered, 1)))
        file.write("]}\n")
    return Path(path)


def moments(log: EventLog, rows: Sequence[int]) -> list[Moment]:
    """The events of one request's rows in the order of time; of two at the same time, that of the earlier row."""
    found = []
    broken_off: set[int] = set()
    for row in rows:
        activity, outcome = log.activity[row], log.outcome[row]
        found.append(Moment(log.started[row], row, RESUME if activity in broken_off else START))
        broken_off.discard(activity)
        if outcome == DONE:
            ends = COMPLETE
        elif outcome == STOPPED:
            ends = ABORT
        else:
            ends = SUSPEND
            broken_off.add(activity)
        found.append(Moment(log.ended[row], row, ends))
    # Sorting is stable: the start of a row that took no time stays before its end.
    return sorted(found, key=lambda moment: (moment.time, moment.row))


def _rows_of(log: EventLog, flows: Sequence[str] | None) -> list[tuple[int, list[int]]]:
    """Requests with their rows, in the order in which they came."""
    known = {kind.flow for kind in log.kinds}
    for flow in flows or ():
        if flow not in known:
            raise UsageError(
                say("there is no flow {flow!r} in this run — {hint}", flow=flow, hint=did_you_mean(flow, known))
            )
    wanted: dict[int, list[int]] = {
        index: [] for index, kind in enumerate(log.request_kind) if flows is None or log.kinds[kind].flow in flows
    }
    for row, request in enumerate(log.request):
        if request in wanted:
            wanted[request].append(row)
    return list(wanted.items())


_REQUEST = ("flow", "procedure", "measures", "channel", "instrument", "priority", "received", "left", "outcome")


def _request(log: EventLog, index: int) -> dict[str, str]:
    """What is known of a request, in words; ``left`` and ``outcome`` are empty while it is under way."""
    kind, left = log.kinds[log.request_kind[index]], log.request_left[index]
    return {
        "flow": kind.flow,
        "procedure": kind.procedure,
        "measures": ", ".join(kind.measures),
        "channel": kind.channel,
        "instrument": kind.instrument,
        "priority": log.priorities[log.request_priority[index]] if log.priorities else "",
        "received": _iso(log, log.request_arrived[index]),
        "left": _iso(log, left) if left >= 0 else "",
        "outcome": log.outcomes[log.request_outcome[index]] if left >= 0 else "",
    }


def _about_request(log: EventLog, index: int) -> Iterator[tuple[str, str, str]]:
    yield "string", "concept:name", log.request_name(index)
    kind = log.kinds[log.request_kind[index]]
    for name, value in (("from", kind.from_), ("to", kind.to), *_request(log, index).items()):
        if value:
            yield "date" if name in ("received", "left") else "string", name, value


def _about_event(log: EventLog, moment: Moment) -> Iterator[tuple[str, str, str]]:
    activity = log.activities[log.activity[moment.row]]
    yield "string", "concept:name", activity.stage
    yield "string", "concept:instance", str(moment.row)
    yield "string", "lifecycle:transition", moment.transition
    yield "date", "time:timestamp", _iso(log, moment.time)
    if activity.name != activity.stage:
        yield "string", "mlasim:step", activity.name
    office, state = _place(log, activity)
    if office:
        yield "string", "org:resource", office
        yield "string", "org:group", office
    if state:
        yield "string", "mlasim:state", state


def _place(log: EventLog, activity: Activity) -> tuple[str, str]:
    """Office and State of an activity, empty where there is none."""
    office = log.offices[activity.office] if activity.office >= 0 else None
    return (office.id if office else ""), (office.state if office else "") or activity.state


def _objects(log: EventLog, requests: list[int]) -> Iterator[dict[str, object]]:
    states = {office.state for office in log.offices} | {activity.state for activity in log.activities}
    states |= {state for kind in log.kinds for state in (kind.from_, kind.to)}
    for state in sorted(states - {""}):
        yield {"id": f"State {state}", "type": "State", "attributes": [], "relationships": []}
    for office in log.offices:
        yield {
            "id": f"office {office.id}",
            "type": "office",
            "attributes": _valued(log, {"title": office.title, "staff": office.staff, "role": office.role}),
            "relationships": _relations((f"State {office.state}" if office.state else "", "serves")),
        }
    for index in requests:
        kind = log.kinds[log.request_kind[index]]
        yield {
            "id": log.request_name(index),
            "type": "request",
            "attributes": _valued(log, _request(log, index)),
            "relationships": _relations(
                (f"State {kind.from_}" if kind.from_ else "", "requested by"),
                (f"State {kind.to}" if kind.to else "", "addressed to"),
            ),
        }


def _ocel_event(log: EventLog, number: int, moment: Moment) -> dict[str, object]:
    activity = log.activities[log.activity[moment.row]]
    office, state = _place(log, activity)
    return {
        "id": f"e{number}",
        "type": activity.stage,
        "time": _iso(log, moment.time),
        "attributes": [
            {"name": "lifecycle", "value": moment.transition},
            {"name": "step", "value": activity.name},
        ],
        "relationships": _relations(
            (log.request_name(log.request[moment.row]), "of"),
            (f"office {office}" if office else "", "at"),
            (f"State {state}" if state else "", "in"),
        ),
    }


def _valued(log: EventLog, values: Mapping[str, object]) -> list[dict[str, object]]:
    """Attributes that hold from the beginning, as OCEL writes them."""
    since = "1970-01-01T00:00:00Z"
    return [{"name": name, "time": since, "value": value} for name, value in values.items() if value != ""]


def _typed(**types: str) -> list[dict[str, str]]:
    return [{"name": name, "type": type_} for name, type_ in types.items()]


def _relations(*relations: tuple[str, str]) -> list[dict[str, str]]:
    return [{"objectId": id_, "qualifier": qualifier} for id_, qualifier in relations if id_]


def _join(file: TextIO, items: Iterable[object]) -> None:
    """Items of a JSON list, one a line, written while they are made."""
    for place, item in enumerate(items):
        file.write((",\n" if place else "") + clean(json.dumps(item, ensure_ascii=False)))
    file.write("\n")


def _begin(xml: XMLGenerator, element: str, **attributes: str) -> None:
    xml.startElement(element, AttributesImpl({name: clean(value) for name, value in attributes.items()}))


def _empty(xml: XMLGenerator, element: str, **attributes: str) -> None:
    _begin(xml, element, **attributes)
    xml.endElement(element)


def _iso(log: EventLog, seconds: int) -> str:
    return (log.epoch + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.000+00:00")


def _open(path: str | Path) -> TextIOWrapper:
    try:
        return Path(path).open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            say("{path}: cannot be written: {reason}", path=path, reason=error.strerror or error)
        ) from None
