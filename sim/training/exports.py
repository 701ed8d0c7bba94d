"""A debrief for other programs: decisions as CSV, everything as JSON, statements of experience as xAPI.

Nobody is named: the person who played is whatever pseudonym the caller gives. What a trainee wrote is data; in CSV no
cell begins like a formula, because spreadsheets run those.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypedDict
from uuid import NAMESPACE_URL, uuid5

from sim.i18n import Words
from sim.training.costliest_decisions import ENOUGH
from sim.training.debrief_records import Debrief
from sim.written import clean, csv_text

HOME = "https://mlasim.example"
"""Prefix of every identifier; ``.example`` belongs to nobody (RFC 2606)."""
VERBS = "http://adlnet.gov/expapi/verbs/"
COLUMNS = ("kind", "day", "id", "chosen", "text", "because", "expected", "expected days", "took days", "mean score")


def to_json(debrief: Debrief) -> str:
    """Everything a debrief holds, as JSON."""
    apart = debrief.skill_and_luck
    data = debrief.to_dict() | {
        "skill and luck": None if apart is None else apart.__dict__,
        "verdicts": {item.id: asdict(item.verdict) for item in debrief.decisions},
        "costliest": [item.id for item, _better in debrief.costliest],
    }
    return clean(json.dumps(_finite(data), ensure_ascii=False, indent=2, allow_nan=False))


def to_csv(debrief: Debrief) -> str:
    """A row for each decision and act, in the order of time."""
    rows: list[tuple[str, int, *tuple[object, ...]]] = []
    for item in debrief.decisions:
        mean = next((a.mean for a in item.alternatives if a.taken and len(a.plays) >= ENOUGH), None)
        words = (item.text, item.because, item.predict, item.days or "", "" if item.took is None else item.took)
        rows.append(("decision", item.day, item.id, item.chosen, *words, "" if mean is None else f"{mean:.1f}"))
    for act in debrief.acts:
        took = "" if act.took is None else act.took
        rows.append(("act", act.day, "", "", act.text, act.because, act.predict, act.days or "", took, ""))
    rows.sort(key=lambda row: row[1])
    return csv_text(COLUMNS, rows)


def to_xapi(debrief: Debrief, *, player: str = "", when: datetime | None = None) -> list[dict[str, object]]:
    """xAPI 1.0.3 statements: one for each decision and act, and one for the case as a whole.

    Their ids follow from the play and its steps, so that the same session, sent twice or from a copy of its file, is
    not counted twice, and a step taken back and taken otherwise is another; all of a play belong to one registration.
    The timestamp of each is when the step was taken; where that is not known, ``when``.
    """
    if not player and debrief.provenance.play:  # tells two people's sessions apart, and tells nothing of either
        player = f"trainee-{sha256(debrief.provenance.play.encode()).hexdigest()[:8]}"
    actor = {"objectType": "Agent", "account": {"homePage": HOME, "name": player or "trainee"}}
    name = debrief.provenance.play or f"{debrief.sha256}/{player}"  # sessions of before have no name of their own
    registration = str(uuid5(NAMESPACE_URL, f"{HOME}/registrations/{debrief.case}/{name}"))
    found = []
    for taken, statement in _statements(debrief, f"{HOME}/cases/{debrief.case}/plays/{name}"):
        moment = datetime.fromtimestamp(taken, UTC) if taken else when
        stamp = {} if moment is None else {"timestamp": _in_utc(moment)}
        context = {"registration": registration, "platform": "mlasim", **statement["context"]}
        found.append({**statement, **stamp, "actor": actor, "context": context})
    return found


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Statement(TypedDict):
    """What a statement says besides who, when and in which play."""

    id: str
    verb: dict[str, object]
    object: dict[str, object]
    result: dict[str, object]
    context: dict[str, object]


def _statements(debrief: Debrief, play: str) -> Iterator[tuple[int, Statement]]:
    """Each with when its step was taken, in seconds of Unix time; 0: not known."""
    case, last = f"{HOME}/cases/{debrief.case}", debrief.provenance.begun
    for place, item in enumerate(debrief.decisions):
        result: dict[str, object] = {
            "response": item.chosen,
            "extensions": _noted(item.because, item.predict, item.days, item.day),
        }
        thing = _activity(f"{case}/decisions/{item.id}", item.title, "interaction")
        yield item.taken, _statement(f"{play}/{place}/{item.taken}", "answered", thing, result, case)
        last = max(last, item.taken)
    for place, act in enumerate(debrief.acts):
        result = {"response": str(act.text), "extensions": _noted(act.because, act.predict, act.days, act.day)}
        thing = _activity(f"{case}/acts", "Acts at any time", "interaction")
        yield act.taken, _statement(f"{play}/acts/{place}/{act.taken}", "interacted", thing, result, case)
        last = max(last, act.taken)
    verb = "completed" if debrief.ended else "suspended"
    result = {
        "score": {"scaled": round(debrief.total / 100, 4), "raw": round(debrief.total, 2), "min": 0, "max": 100},
        "completion": debrief.ended,
        "response": debrief.ending,
    }
    thing = _activity(case, debrief.title, "simulation")
    yield last, _statement(f"{play}/{verb}/{debrief.sha256}", verb, thing, result, None)


def _noted(because: str, predict: str, days: int, day: int) -> dict[str, object]:
    """What was noted at a step, as extensions of a result."""
    noted = {"because": because, "expected": predict, "expected-days": days, "story-day": day}
    return {f"{HOME}/{name}": value for name, value in noted.items()}


def _statement(
    key: str, verb: str, thing: dict[str, object], result: dict[str, object], parent: str | None
) -> Statement:
    return {
        "id": str(uuid5(NAMESPACE_URL, key)),
        "verb": {"id": VERBS + verb, "display": {"en": verb}},
        "object": thing,
        "result": result,
        "context": {"contextActivities": {"parent": [{"id": parent}]}} if parent else {},
    }


def _activity(id_: str, name: str, kind: str) -> dict[str, object]:
    return {
        "objectType": "Activity",
        "id": id_,
        "definition": {"type": f"http://adlnet.gov/expapi/activities/{kind}", "name": {"en": name}},
    }


def _finite(data: object) -> object:
    """Sentences put into words, and without numbers that JSON does not know."""
    if isinstance(data, Words):
        return str(data)
    if isinstance(data, dict):
        return {str(key): _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and data != data else data
