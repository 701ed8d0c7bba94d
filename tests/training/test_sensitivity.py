"""What a case hangs on: what matters is found, what cannot matter moves nothing, and the luck is the same."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from rich.console import Console

from sim.errors import UsageError
from sim.model.loading import Scenario, copied_data, with_data
from sim.training.debrief import debrief
from sim.training.players import play_through, player
from sim.training.scoring import score, total
from sim.training.sensitivity import CaseSensitivity, sensitivity_of, with_figure
from sim.training.session import Session
from sim.views.seat.debrief_panels import debrief_panel
from sim.views.terminal.behaviour import show_behaviour, show_case_sensitivity
from sim.views.terminal.play import show_debrief


def shown(found: CaseSensitivity) -> str:
    console = Console(width=140, record=True, file=io.StringIO())
    show_case_sensitivity(found, console)
    return console.export_text()


ONLY = ("behaviour/conduct/complete contents", "behaviour/conduct/raised by duty", "behaviour/desk")


@pytest.fixture(scope="module")
def found(short: Scenario) -> CaseSensitivity:
    """Of somebody in a hurry, whose letters lack what offices ask for."""
    return sensitivity_of(short, "naive", plays=4, seed=7, only=ONLY)


def test_an_assumption_that_matters_is_found_and_comes_first(found: CaseSensitivity) -> None:
    first = found.swings[0]
    assert first.figure.name == "complete contents" and first.size > 0 and first.met == 4
    sizes = [swing.size for swing in found.swings]
    assert sizes == sorted(sizes, reverse=True)


def test_one_that_cannot_matter_moves_nothing_at_all(found: CaseSensitivity) -> None:
    still = {swing.figure.at: swing for swing in found.swings if swing.met == 0}
    assert "behaviour/desk/examining" in still, "nobody sits at a desk in this case"
    for swing in still.values():
        assert all(end.difference.mean == end.difference.half_width == end.ended_otherwise == 0 for end in swing.ends)


def test_differences_are_those_of_plays_with_the_same_luck(found: CaseSensitivity, short: Scenario) -> None:
    swing = found.swings[0]
    differences = []
    changed = with_figure(short, swing.figure, swing.ends[1].value)
    assert changed.behaviour.conduct.complete_contents == 0.8
    for luck in range(4):
        before, after = (
            total(score(play_through(scenario, player("naive", luck), seed=7, replication=luck)))
            for scenario in (short, changed)
        )
        differences.append(after - before)
    assert swing.ends[1].difference.mean == pytest.approx(sum(differences) / 4)
    assert found.score.count == 4 and sum(found.endings.values()) == 4


@pytest.mark.slow
def test_beside_it_is_the_same_and_it_tells_how_far_it_is(found: CaseSensitivity, short: Scenario) -> None:
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as executor:
        again = sensitivity_of(
            short, "naive", 4, seed=7, only=ONLY, executor=executor, progress=lambda *how: told.append(how)
        )
    assert again == found
    assert told[-1][0] == told[-1][1] and [done for done, _ in told] == sorted(done for done, _ in told)


def test_it_is_said_in_a_table(found: CaseSensitivity) -> None:
    text = shown(found)
    assert "conduct: complete contents" in text and "not in use here" in text
    assert "mean score" in text and "desk: examining" not in text


def test_a_case_shows_what_it_assumes_itself(short: Scenario) -> None:
    data = copied_data(short)
    data["case", short.id]["assumes"] = {"conduct": {"raised": 0.9, "origins": {"raised": "assumption: here"}}}
    console = Console(width=160, record=True, file=io.StringIO())
    show_behaviour(with_data(short, data).behaviour, console)
    text = console.export_text()
    assert "raised (of this case)" in text and "here" in text and "15-40 %" in text
    result = debrief(Session(with_data(short, data), seed=7), replays=0)
    (one,) = result.assumed
    assert (one.figure, one.value, one.mark, one.source) == ("conduct: raised", "0.9", "assumption", "here")
    show_debrief(result, console)
    assert "conduct: raised 0.9 (assumption: here)" in console.export_text()
    assert "<td>conduct: raised</td><td>0.9</td>" in debrief_panel(result)
    assert not debrief(Session(short, seed=7), replays=0).assumed


@pytest.mark.slow
def test_an_override_by_a_case_moves_the_result(short: Scenario) -> None:
    data = copied_data(short)
    origins = {"origins": {"all": "assumption: a test"}}
    data["case", short.id]["assumes"] = {"conduct": {"complete contents": 2.0, "worst contents": 1.0, **origins}}
    scores = {}
    for name, scenario in (("usual", short), ("otherwise", with_data(short, data))):
        plays = [play_through(scenario, player("textbook"), seed=7, replication=luck) for luck in range(4)]
        scores[name] = [play.sha256 for play in plays]
    assert scores["usual"] != scores["otherwise"]


def test_what_cannot_be_asked_says_why(short: Scenario) -> None:
    import sim

    with pytest.raises(UsageError, match="meridian is a world"):
        sensitivity_of(sim.load("meridian"))
    with pytest.raises(UsageError, match="did you mean 'behaviour/conduct/raised'"):
        sensitivity_of(short, only=["behaviour/conduct/raisd"])
    with pytest.raises(UsageError, match="two or more"):
        sensitivity_of(short, plays=1)
    with pytest.raises(UsageError, match="no player"):
        sensitivity_of(short, "textbok")
