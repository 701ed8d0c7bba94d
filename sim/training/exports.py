"""A debrief for other programs: decisions as CSV, everything as JSON, statements of experience as xAPI.

Nobody is named: the person who played is whatever pseudonym the caller gives. What a trainee wrote is data; in CSV no
cell begins like a formula, because spreadsheets run those.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import NamedTuple
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
        "dearest": [item.id for item, _better in debrief.dearest],
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


def to_xapi(debrief: Debrief, *, player: str = "trainee", when: datetime | None = None) -> list[dict[str, object]]:
    """xAPI 1.0.3 statements: one for each decision and act, and one for the case as a whole.

    Their ids follow from the play and the ``player``, so that the same session, sent twice, is not counted twice; all
    of a play belong to one registration. ``when`` the play was last written down is the timestamp of each: what the
    clock on the wall said at every step is not kept.
    """
    registration = str(uuid5(NAMESPACE_URL, f"{HOME}/registrations/{debrief.case}/{debrief.sha256}/{player}"))
    found = list(_statements(debrief, _Sender(player, registration)))
    if when is not None:
        moment = when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        found = [{**statement, "timestamp": moment} for statement in found]
    return found


class _Sender(NamedTuple):
    """Who played, and the registration to which all of a play belongs."""

    player: str
    registration: str


def _statements(debrief: Debrief, by: _Sender) -> Iterator[dict[str, object]]:
    case = f"{HOME}/cases/{debrief.case}"
    play = f"{case}/plays/{debrief.sha256}"
    for place, item in enumerate(debrief.decisions):
        result: dict[str, object] = {
            "response": item.chosen,
            "extensions": {
                f"{HOME}/because": item.because,
                f"{HOME}/expected": item.predict,
                f"{HOME}/expected-days": item.days,
                f"{HOME}/story-day": item.day,
            },
        }
        thing = _activity(f"{case}/decisions/{item.id}", item.title, "interaction")
        yield _statement(f"{play}/{place}", by, "answered", thing, result, case)
    for place, act in enumerate(debrief.acts):
        noted = {"because": act.because, "expected": act.predict, "expected-days": act.days, "story-day": act.day}
        extensions = {f"{HOME}/{name}": value for name, value in noted.items()}
        result = {"response": str(act.text), "extensions": extensions}
        thing = _activity(f"{case}/acts", "Acts at any time", "interaction")
        yield _statement(f"{play}/acts/{place}", by, "interacted", thing, result, case)
    verb = "completed" if debrief.ended else "suspended"
    result = {
        "score": {"scaled": round(debrief.total / 100, 4), "raw": round(debrief.total, 2), "min": 0, "max": 100},
        "completion": debrief.ended,
        "response": debrief.ending,
    }
    yield _statement(play, by, verb, _activity(case, debrief.title, "simulation"), result, None)


def _statement(
    key: str,
    by: _Sender,
    verb: str,
    thing: dict[str, object],
    result: dict[str, object],
    parent: str | None,
) -> dict[str, object]:
    context = {
        "registration": by.registration,
        "platform": "mlasim",
        **({"contextActivities": {"parent": [{"id": parent}]}} if parent else {}),
    }
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{key}/{by.player}")),
        "actor": {"objectType": "Agent", "account": {"homePage": HOME, "name": by.player}},
        "verb": {"id": VERBS + verb, "display": {"en": verb}},
        "object": thing,
        "result": result,
        "context": context,
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
