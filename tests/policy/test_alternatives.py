"""Alternatives in words: levers, settings, and both together."""

from __future__ import annotations

import pytest

from sim.errors import UsageError
from sim.model.loading import load
from sim.policy.experiments.alternatives import Alternative, plain, setting, setting_in_words
from tests.policy.test_levers import lever

STAFF = "world/queue-mm1/offices/desk/staff"


@pytest.mark.parametrize(
    ("words", "change"),
    [
        (f"{STAFF}=3", ("set", 3)),
        (f"{STAFF}+2", ("plus", 2)),
        (f"{STAFF}-1", ("plus", -1)),
        (f"{STAFF} * 1.5", ("times", 1.5)),
        ("world/meridian/offices/lys-central/staff=4", ("set", 4)),
        ("world/meridian/offices/*-central/staff*2", ("times", 2)),
        ("world/meridian/working capacity=0.55", ("set", 0.55)),
    ],
)
def test_settings_in_words(words: str, change: tuple[str, float]) -> None:
    patch = setting(words)
    assert getattr(patch, change[0]) == change[1]
    assert setting(setting_in_words(patch)) == patch


@pytest.mark.parametrize("words", ["staff=3", "world/x/offices", f"{STAFF}=1.2.3", f"{STAFF}=many", f"{STAFF}*5000"])
def test_what_is_no_setting_is_said(words: str) -> None:
    with pytest.raises(UsageError, match=r"is no setting|out of range"):
        setting(words)


def test_levers_and_settings_in_one_sentence() -> None:
    found = Alternative.of(f"e-transmission + {STAFF}+1 + accept-english")
    assert found.levers == ("e-transmission", "accept-english")
    assert [setting_in_words(patch) for patch in found.settings] == [f"{STAFF}+1"]
    assert found.name == f"e-transmission + {STAFF}+1 + accept-english"
    assert Alternative.of("a+b").levers == ("a", "b") == Alternative.of(["a", "b"]).levers
    for bad in ("", "a +", []):
        with pytest.raises(UsageError, match="at least one lever"):
            Alternative.of(bad)


def test_levers_come_before_settings_and_conflicts_are_errors() -> None:
    world = load("queue-mm1")
    more = lever({"at": STAFF, "plus": 1})
    doubled = Alternative("both", (more,), (setting(f"{STAFF}*2"),)).applied(world)
    assert doubled.world.offices["desk"].staff == 4
    with pytest.raises(UsageError, match="both change"):
        Alternative("both", (more,), (setting(f"{STAFF}=3"),)).applied(world)
    with pytest.raises(UsageError, match="nothing there"):
        Alternative.of("world/queue-mm1/offices/nowhere/staff=3").applied(world)
    assert Alternative("nothing").applied(world) is world


@pytest.mark.parametrize("value", [3, 0.1, 1 / 3, 1234567.5, 1e-9])
def test_numbers_are_written_so_that_they_come_back(value: float) -> None:
    assert float(plain(value)) == value
