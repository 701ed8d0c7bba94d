"""A case, a whole play of it, its debrief, and texts that mean harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.model.loading import Scenario, copied_data, load, with_data
from sim.training.debrief import debrief
from sim.training.debrief_records import Debrief
from sim.training.session import Session

HOSTILE = (
    "<script>alert(1)</script> & \"double\" 'single' </text></svg><img src=x onerror=alert(2)> ]]> \x00\x0b\x1f \u202e"
)


CASE = Path(__file__).parents[2] / "scenarios" / "cases" / "silent-harbour.yaml"


def copy_of_case(folder: Path, old: str, new: str) -> Scenario:
    """The case with one line changed by its author."""
    text = CASE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = folder / CASE.name
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load(path)


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The case, its world hardly warmed up, so that sessions open quickly."""
    return copy_of_case(tmp_path_factory.mktemp("case"), "warm up: 300 days", "warm up: 7 days")


@pytest.fixture(scope="session")
def played(case: Scenario) -> Session:
    """A whole play by the first options, with hostile reasons. Not to be changed."""
    session = Session(case, seed=7)
    while session.question is not None:
        session.choose(next(iter(session.question.options)), because=HOSTILE, predict=f"within a month {HOSTILE}")
    return session


@pytest.fixture(scope="session")
def found(played: Session) -> Debrief:
    """Its debrief, without replays."""
    return debrief(played, replays=0)


@pytest.fixture(scope="module")
def drafted(case: Scenario) -> Scenario:
    """The case with an option to draft and two roles at the table."""
    data = copied_data(case)
    story = data["case", case.id]
    story["decisions"]["logs-letter"]["options"]["full-letter"]["drafted"] = True
    story["decisions"]["care"]["for"] = "advocate"
    story["injects"]["retention-notice"]["for"] = "advocate"
    story["team"] = {
        "advocate": {"title": "Victim advocate", "knows": "He cannot read.", "wants": "His safety."},
        "liaison": {"title": "Police", "knows": "The agent <b>moved</b>.", "wants": "Names."},
    }
    return with_data(case, data)
