"""Two invented States with steady demand in both directions, quick enough for experiments in a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.model.base import Origin
from sim.model.loading import Scenario
from sim.model.world import Lever, Patch
from sim.policy.experiments.experiment import Experiment, Results, run_experiment
from tests.engine.small import flow, office, wait
from tests.engine.two_states import two_states


def quick_world(folder: Path, **more: Any) -> Scenario:
    """Letters from ``lys`` to ``nor`` and back: a road of days, then two offices of which one is busy."""
    offices = {
        "lys-central": office(title="Central authority of Lys", jurisdiction="lys", role="central-authority"),
        "nor-central": office(title="Central authority of Nor", jurisdiction="nor", role="central-authority"),
        "nor-prosecution": office(title="Prosecutors of Nor", jurisdiction="nor", role="prosecution"),
        "lys-prosecution": office(title="Prosecutors of Lys", jurisdiction="lys", role="prosecution"),
    }
    stages = {
        "road": wait("6 days", "take-up", side="requesting", cause="transmission"),
        "take-up": {
            "title": "Taking up",
            "performer": "requested central-authority",
            "work": {"exponential": "20 hours"},
            "then": "doing",
            "origins": {"all": "assumption: made for a test"},
        },
        "doing": {
            "title": "Carrying out",
            "performer": "requested prosecution",
            "work": {"exponential": "16 hours"},
            "then": "done",
            "origins": {"all": "assumption: made for a test"},
        },
    }
    between = {"channel": "courier", "instrument": "treaty", "measures": {"records": 1}}
    demand = {
        "lys-nor": flow(from_="lys", to="nor", per_year=250, deadline="20 days", **between),
        "nor-lys": flow(from_="nor", to="lys", per_year=120, **between),
    }
    return two_states(folder, stages, offices=offices, demand=demand, warm_up="60 days", **more)


def lever(id: str, *patches: dict[str, Any], title: str = "", cost: str = "Nothing: a test.") -> Lever:
    return Lever(
        kind="lever",
        id=id,
        title=title or id,
        question=f"What if {id}?",
        cost=cost,
        evidence_for="A test says so.",
        evidence_of_limits="Only in a test.",
        changes=tuple(Patch(**patch) for patch in patches),
        origin=Origin(mark="assumption", source="a test"),
    )


WIRE = lever("wire", {"at": "world/small/procedures/way/stages/road/takes", "times": 0.2}, title="Letters by wire")
"""Saves five days of the road and nothing else."""
MORE_WORK = lever(
    "more-work",
    {"at": "world/small/offices/lys-central/staff", "plus": 1},
    {"at": "world/small/procedures/way/stages/doing/work", "times": 1.4},
    title="One more at Lys, longer work at the prosecutors",
)


def tried(folder: Path, *alternatives: Any, replications: int = 4, years: float = 0.5, **more: Any) -> Results:
    """An experiment of the quick world, done."""
    experiment = Experiment.of(quick_world(folder, **more), alternatives, years=years, seed=3)
    return run_experiment(experiment, replications)


def question_of_a_small_world(folder: Path, **more: object) -> Path:
    """A question beside a world of two offices and its own lever, in a folder of their own."""
    quick_world(folder)
    path = folder / "library" / "levers" / "wire.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(WIRE.model_dump(by_alias=True, mode="json", exclude_unset=True) | {"format": 1}))
    asked = {
        "format": 1, "kind": "policy", "id": "wire-or-lawyer", "title": "Wire or lawyer", "question": "Which of them?",
        "asked by": "A test", "world": "small", "years": 0.3, "replications": 3, "seed": 3, "enough": "A sign.",
        "alternatives": {
            "wire": {"title": "A wire", "levers": ["wire"]},
            "lawyer": {"title": "A lawyer", "settings": [{"at": "world/small/offices/nor-central/staff", "plus": 1}]},
        },
        "kpis": [{"measure": "mean days", "better": "less", "enough": 2}],
        "assumptions to vary": {
            "only": ["time-transmission", "effort", "lever-wire"], "ranges": {"effort": [0.9, 1.1]}
        },
        "limits": ["A test."],
        **more,
    }  # fmt: skip
    (folder / "policies").mkdir()
    file = folder / "policies" / "wire-or-lawyer.yaml"
    file.write_text(json.dumps(asked))
    return file
