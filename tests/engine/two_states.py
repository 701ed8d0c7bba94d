"""A pair of invented States with everything a letter of request can meet, small enough to follow by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.engine.compile import compile_world
from sim.engine.expand import unfold
from sim.engine.plan import Plan, RequestToUnfold
from sim.model.loading import Scenario
from tests.engine.small import ORIGIN, office, world


def jurisdiction(**more: Any) -> dict[str, Any]:
    return {
        "likeness": "a small State",
        "time zone": "UTC",
        "holidays": {"like": "NO"},
        "languages": ["en"],
        "instruments": ["treaty"],
        "channels": ["courier"],
        "criminalises": ["trafficking-in-persons"],
        "origins": ORIGIN,
        **more,
    }


def measure(*steps: dict[str, Any], coercive: bool = True) -> dict[str, Any]:
    return {
        "coercive": coercive,
        "yields": "bank-statement",
        "steps": [{"origins": ORIGIN, **step} for step in steps],
        "source": "a test",
    }


def library() -> dict[str, dict[str, Any]]:
    """Two States, a treaty, a courier with two hops, and three measures."""
    return {
        "jurisdiction": {"lys": jurisdiction(), "nor": jurisdiction(**{"legal remedies": True})},
        "instrument": {
            "treaty": {
                "short": "Treaty",
                "type": "bilateral treaty",
                "citation": "An invented treaty",
                "adopted": "2000-01-01",
                "effective": "2001-01-01",
                "precedence": 10,
                "bilateral": True,
                "source": "a test",
                "reviewed": "2026-01-01",
                "provisions": [{"article": "1", "says": "Any.", "rule": {"measure": {"measures": ["any"]}}}],
            }
        },
        "channel": {
            "courier": {
                "there": [
                    {
                        "title": "Franking",
                        "performer": "requesting central-authority",
                        "work": "1 hour",
                        "origins": ORIGIN,
                    },
                    {"title": "On the road", "takes": "2 days", "side": "requesting", "origins": ORIGIN},
                ],
                "source": "a test",
            },
            "wire": {
                "there": [{"title": "Sending", "takes": "1 hour", "cause": "transmission", "origins": ORIGIN}],
                "back": [{"title": "Answering", "takes": "3 hours", "cause": "transmission", "origins": ORIGIN}],
                "source": "a test",
            },
        },
        "measure": {
            "records": measure(
                {"title": "Order", "performer": "requested prosecution", "work": "4 hours"},
                {"title": "The bank answers", "takes": "5 days", "side": "requested"},
            ),
            "hearing": measure({"title": "Hearing", "performer": "requested prosecution", "work": "6 hours"}),
            "notice": measure({"title": "Notice", "takes": "1 day", "side": "requested"}, coercive=False),
        },
    }


def two_states(folder: Path, stages: dict[str, Any], **more: Any) -> Scenario:
    """A world of the two States whose procedure ``way`` has these stages."""
    offices = {
        "lys-central": office(jurisdiction="lys", role="central-authority"),
        "nor-central": office(jurisdiction="nor", role="central-authority"),
        "nor-prosecution": office(jurisdiction="nor", role="prosecution"),
    }
    given = {"offices": offices, "jurisdictions": {"lys": {}, "nor": {}}, "library": library(), **more}
    given.setdefault("treaties", [{"instrument": "treaty", "between": ["lys", "nor"]}])
    return world(folder, stages=stages, **given)


def in_parallel(scenario: Scenario, measures: tuple[str, ...]) -> Plan:
    """A plan in which half of the requests of the only flow have several measures at once."""
    plan = compile_world(scenario)
    (known,) = plan.flows
    kind = plan.ways[known.ways[0][1]].kind
    channel = scenario.find("channel", kind.channel)
    several = RequestToUnfold(scenario.procedures[kind.procedure], replace(kind, measures=measures), channel, {})
    plan.ways.append(unfold(plan, several))
    plan.flows[:] = [replace(known, ways=((0.5, known.ways[0][1]), (1.0, len(plan.ways) - 1)))]
    return plan
