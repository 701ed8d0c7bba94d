"""XES and OCEL as pm4py reads them, and requests replayed on the net of their procedure."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

import sim
from sim.engine.log import HANDED_OVER, STOPPED
from sim.errors import UsageError
from sim.record.event_logs import moments, write_ocel, write_xes
from sim.record.mining import pm4py_ready
from sim.record.run import Run
from tests.engine.small import flow, office, wait, work, world
from tests.engine.two_states import two_states
from tests.record.conformance import conformance, petri_net, traces
from tests.record.logs import HOUR, log_of

STAGES = {
    "look": work("desk", {"exponential": "2 working hours"}, [{"to": "road", "chance": 0.6}, {"to": "court"}]),
    "road": wait("2 days", [{"to": "look", "chance": 0.3}, {"to": "court"}]),
    "court": work("court", {"median": "1 working hour", "p90": "3 working hours"}),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A loop and a branch between two offices, one of them open by day."""
    scenario = world(
        tmp_path_factory.mktemp("event-logs"),
        offices={"desk": office(hours="Mon-Fri 09:00-17:00"), "court": office(title="Court & <sons>")},
        stages=STAGES,
        demand={"letters": flow(per_year=400), "others": flow(per_year=100)},
    )
    return sim.run(scenario, years=0.25, seed=4)


def test_xes_comes_back_through_pm4py(run: Run, tmp_path: Path) -> None:
    file = write_xes(run.log, tmp_path / "run.xes")
    with pm4py_ready():
        import pm4py

        back = pm4py.read_xes(str(file))
    table = run.table()
    assert Counter(back["lifecycle:transition"]) == {"start": len(table), "complete": len(table)}
    assert back["case:concept:name"].nunique() == table["request"].nunique() > 50
    ends = back[back["lifecycle:transition"] == "complete"]
    starts = back[back["lifecycle:transition"] == "start"]
    assert sorted(ends["time:timestamp"]) == sorted(table["ended"])
    assert sorted(starts["time:timestamp"]) == sorted(table["started"])
    assert Counter(ends["concept:name"]) == Counter(table["stage"])
    assert Counter(ends["org:resource"].dropna()) == Counter(o for o in table["office"] if o)
    pairs = starts.merge(ends, on="concept:instance")
    assert len(pairs) == len(table) and (pairs["time:timestamp_x"] <= pairs["time:timestamp_y"]).all()
    assert (ends.groupby("case:concept:name")["case:outcome"].first().dropna() == "completed").all()


def test_ocel_comes_back_through_pm4py(run: Run, tmp_path: Path) -> None:
    file = write_ocel(run.log, tmp_path / "run.jsonocel", flows=["letters"])
    with pm4py_ready():
        import pm4py

        ocel = pm4py.read_ocel2_json(str(file))
    table = run.table()
    letters = table[table["flow"] == "letters"]
    assert len(ocel.events) == 2 * len(letters)
    assert Counter(ocel.events["lifecycle"]) == {"start": len(letters), "complete": len(letters)}
    qualifiers = Counter(ocel.relations["ocel:qualifier"])
    assert qualifiers == {"of": 2 * len(letters), "at": 2 * int((letters["office"] != "").sum())}
    types = Counter(ocel.objects["ocel:type"])
    assert types["request"] == letters["request"].nunique() and types["office"] == 2 and "State" not in types
    ends = ocel.events[ocel.events["lifecycle"] == "complete"]
    assert sorted(ends["ocel:timestamp"]) == sorted(letters["ended"])


def test_requests_between_states_name_them(tmp_path: Path) -> None:
    between = {"from_": "lys", "to": "nor", "channel": "courier", "measures": {"records": 1}, "per_year": 200}
    scenario = two_states(
        tmp_path,
        {"travel": {"steps": "channel", "then": "doing"}, "doing": {"steps": "each measure", "then": "done"}},
        demand={"letters": flow(**between)},
    )
    run = sim.run(scenario, years=0.1, seed=1)
    assert "travel/2" in write_xes(run.log, tmp_path / "run.xes").read_text(encoding="utf-8")
    with pm4py_ready():
        import pm4py

        ocel = pm4py.read_ocel2_json(str(write_ocel(run.log, tmp_path / "run.jsonocel")))
        assert pm4py.ocel_get_object_types(ocel) == ["State", "office", "request"]
    count = len(run.log.request_kind)
    assert Counter(ocel.o2o["ocel:qualifier"]) == {
        "requested by": count,
        "addressed to": count,
        "serves": 2,
    }  # of those seen
    assert Counter(ocel.relations["ocel:qualifier"]).keys() == {"of", "at", "in"}
    found = conformance(traces(run.log, "way"), scenario.procedures["way"])
    assert found.requests > 5 and found.fitting == found.requests


def test_a_procedure_of_the_library_is_followed(meridian: Run) -> None:
    procedure = meridian.scenario.procedures["letter-of-request"]
    found = conformance(traces(meridian.log, procedure.id, most=40), procedure)
    assert found.requests == 40 and found.fitting == 40 and found.fitness == 1.0 and not found.deviations


def test_a_forbidden_order_does_not_fit(run: Run) -> None:
    procedure = run.scenario.procedures["way"]
    good = conformance(traces(run.log, "way", most=50), procedure)
    assert good.fitting == good.requests == 50
    bad = conformance({"backwards": [("court", 1), ("look", 2)], "cut": [("look", 1)]}, procedure)
    assert bad.fitting == 0 and bad.fitness < 1
    assert dict(bad.deviations)["cut"] == "court is missing"
    assert "not foreseen" in dict(bad.deviations)["backwards"] or "missing" in dict(bad.deviations)["backwards"]


def test_token_replay_agrees(run: Run, tmp_path: Path) -> None:
    net = petri_net(run.scenario.procedures["way"])
    file = write_xes(run.log, tmp_path / "run.xes", flows=["others"])
    with pm4py_ready():
        import pm4py

        back = pm4py.read_xes(str(file))
        ended = back[back["case:outcome"].notna() & (back["lifecycle:transition"] == "complete")]
        assert pm4py.fitness_token_based_replay(ended, *net)["perc_fit_traces"] == 100.0


def test_work_broken_off_is_suspended_and_resumed() -> None:
    log = log_of([(0, "desk", 0, 0, HOUR), (0, "desk", HOUR, 2 * HOUR, 3 * HOUR)], [(0, -1, "")])
    log.outcome[0], log.outcome[1] = HANDED_OVER, STOPPED
    assert [moment.transition for moment in moments(log, [0, 1])] == ["start", "suspend", "resume", "pi_abort"]


def test_what_cannot_be_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="did you mean 'letters'"):
        write_xes(run.log, tmp_path / "x.xes", flows=["leters"])
    with pytest.raises(UsageError, match="cannot be written"):
        write_ocel(run.log, tmp_path)
    monkeypatch.setitem(sys.modules, "pm4py", None)
    with pytest.raises(UsageError, match=r'pip install "\.\[mining\]"'):
        petri_net(run.scenario.procedures["way"])
