"""Measures and causes: one table each. New ones by hand, and one from outside found wherever figures are shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim.errors import UsageError
from sim.i18n import LONGER, say, use
from sim.model.causes import CAUSES, OF_STAGES, cause_named
from sim.model.loading import load_policy
from sim.model.measures import ALL, MEASURES, Key, OfOffice, OfRequests, register
from sim.model.schema import json_schema
from sim.model.world import Claim
from sim.policy.experiments.comparison import compare
from sim.policy.experiments.stopping import key_of
from sim.record import tables
from sim.record.causes import causes_of
from sim.record.claims import figure
from sim.record.kpis import kpis_of
from sim.record.measures import figures_of
from sim.record.run import Run
from tests.policy.experiments import STAFF
from tests.record.logs import DAY, HOUR, log_of

REQUESTS = [
    (0, 10 * DAY, "executed"),
    (2 * DAY, 30 * DAY, "refused: fiscal"),
    (5 * DAY, 25 * DAY, "no result"),
    (12 * DAY, -1, ""),
    (33 * DAY, -1, ""),
]
ROWS = [
    # Taken up a day late on Tuesday morning, done on Wednesday at noon: it lay with the translators for two days.
    (0, "translators", DAY + 12 * HOUR, 2 * DAY + 9 * HOUR, 3 * DAY + 12 * HOUR),
    (0, "road", 3 * DAY + 12 * HOUR, 3 * DAY + 12 * HOUR, 10 * DAY),
    (2, "road", 5 * DAY, 5 * DAY, 25 * DAY),
]


def test_what_users_asked_for_by_hand() -> None:
    log = log_of(ROWS, REQUESTS, ended_at=40 * DAY)
    log.request_loops[0], log.request_loops[1] = 2, 1
    kpis = kpis_of(log)
    assert kpis["came back for supplement"] == pytest.approx(200 / 3), "two of the three that ended, however often"
    assert kpis["oldest open"] == 28 and kpis["age of open"] == pytest.approx((28 + 7) / 2)
    assert kpis["days lost to translation"] == pytest.approx(2 / 2), "two days of one of the two answered"
    assert kpis["days translation"] < 1, "of which the work itself is less: the rest is waiting and nights"
    assert kpis["open at the end"] == 2
    assert kpis["open stock"] == pytest.approx((10 + 28 + 20 + 28 + 7) / 40), "over time, and not at the end"
    shown = kpis.figures()
    found = figures_of(log)
    for name in ("came back for supplement", "oldest open", "days lost to translation"):
        assert shown[name] == found[Key(name)] == kpis[name]
        assert f"{MEASURES[name].title!s}" in str(kpis)


def test_nothing_came_nothing_is_shown() -> None:
    log = log_of([], [], ended_at=DAY)
    assert math.isnan(kpis_of(log)["oldest open"]) and math.isnan(kpis_of(log)["days lost to translation"])
    assert Key("oldest open") not in figures_of(log)


def test_every_entry_is_whole() -> None:
    for name, measure in MEASURES.items():
        assert name == measure.name and str(measure.words) and str(measure.short) and measure.unit
        assert not measure.part_of or measure.part_of in MEASURES
    assert {name for name, one in MEASURES.items() if one.part_of} == {f"days {cause}" for cause in CAUSES}
    assert len({cause.colour + cause.pattern for cause in CAUSES.values()}) == len(CAUSES)
    assert len({cause.mark for cause in CAUSES.values()}) == len(CAUSES), "marks alone tell them apart"
    assert all(OF_STAGES[cause.stage] is cause for cause in CAUSES.values() if cause.told == "stage")
    assert sum(cause.told == "queue" for cause in CAUSES.values()) == 1


@pytest.fixture
def halfway() -> Iterator[OfRequests]:
    """A measure from outside the package: the share of answers that took more than half of the mean."""
    measure = OfRequests(
        name="slow half",
        unit="%",
        better="less",
        words=say("slower than half the mean"),
        short=say("slow"),
        compute=lambda counted: (
            100 * sum(day > sum(counted.days) / len(counted.days) / 2 for day in counted.days) / len(counted.days)
            if counted.days
            else math.nan
        ),
    )
    register(measure)
    yield measure
    del MEASURES[measure.name]


def test_a_measure_from_outside_is_one_entry(halfway: OfRequests, tmp_path: Path) -> None:
    log = log_of([], [(0, 1 * DAY, "executed"), (0, 9 * DAY, "executed")], ended_at=10 * DAY)
    assert kpis_of(log)["slow half"] == 50
    comparison = compare("queue-mm1", [f"{STAFF}+1"], replications=3, years=0.05)
    table = comparison.table()
    row = table[table.figure == "slow half"].iloc[0]
    pairs = comparison.results.pairs(f"{STAFF}+1", Key("slow half"))
    assert row["difference"] == pytest.approx(sum(after - before for before, after in pairs) / 3) and row.unit == "%"
    assert row.family == "further" and "slower than half the mean" in str(comparison)
    assert key_of("slow half") == Key("slow half")
    claim = {"title": "x", "kpi": "slow half", "of": ("flow",), "published": (50,), "fitted": False, "source": "a test"}
    assert figure(Claim.model_validate(claim), Run(log, sim.load("queue-mm1"), 1)) == 50
    names = json_schema("policy")["$defs"]["Headline"]["properties"]["measure"]["enum"]
    assert "slow half" in names and "came back for supplement" in names
    question = _asking_for(tmp_path, "slow half")
    assert load_policy(question).policy.kpis[0].measure == "slow half"
    with pytest.raises(UsageError, match="already"):
        register(halfway)


def _asking_for(folder: Path, measure: str) -> Path:
    """A question like one that is shipped, about another measure."""
    import shutil

    from sim.model.loading import shipped_folder

    shutil.copytree(shipped_folder(), folder / "scenarios")
    file = folder / "scenarios" / "policies" / "triage-for-trafficking.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("measure: mean days", f"measure: {measure}", 1), encoding="utf-8")
    return file


@pytest.mark.slow
def test_tables_figures_and_requests_add_up_to_the_same_days_by_the_same_names() -> None:
    """One run: the days by cause of the table of requests, of the policy figures and of each request alone."""
    run = sim.run("meridian", years=0.1, seed=4)
    log, figures = run.log, figures_of(run.log)
    table = tables.requests(log)
    answered = kpis_of(log).counted.answered
    for cause in CAUSES:
        mean = figures[Key(f"days {cause}")]
        assert mean == pytest.approx(table.loc[answered, f"days {cause}"].mean())
        some = answered[:20]
        alone = [causes_of(log, request)[cause] / DAY for request in some]
        assert alone == pytest.approx(table.loc[some, f"days {cause}"].tolist())
    assert sum(figures[Key(f"days {cause}")] for cause in CAUSES) == pytest.approx(figures[Key("mean days", ALL)])


def test_words_of_the_tables_are_translated_where_they_are_read() -> None:
    use(LONGER)
    try:
        assert all(str(measure.title).startswith("[") for measure in MEASURES.values())
        assert all(str(cause.words).startswith("[") for cause in CAUSES.values())
        assert str(Key("mean days", "about trafficking").words).count("[") == 3
    finally:
        use("en")
    assert str(Key("mean days", "year 2").title) == "mean duration (days), year 2"
    assert str(cause_named("of another version").words) == "of another version"


def test_offices_add_up_where_that_makes_sense() -> None:
    assert {name for name, one in MEASURES.items() if isinstance(one, OfOffice) and one.adds_up} == {"queue", "staff"}
    with pytest.raises(ValueError, match="no sum"):
        Claim.model_validate(
            {"title": "x", "kpi": "busy", "of": ("a", "b"), "published": (1,), "fitted": False, "source": "a test"}
        )
