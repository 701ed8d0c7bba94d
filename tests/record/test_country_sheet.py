"""A State on one page: from its profile, its offices, and a run, each line with where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.errors import LawError
from sim.record.country_sheet import CountrySheet, country_sheet
from sim.views.country_sheet import country_sheet_html


def lines(sheet: CountrySheet) -> dict[str, str]:
    return {str(line.label): str(line.value) for section in sheet.sections for line in section.lines}


@pytest.fixture(scope="module")
def norvale() -> CountrySheet:
    world = sim.load("meridian")
    return country_sheet(world, "nor", sim.run(world, years=0.3, seed=1))


def test_it_says_whom_how_and_in_what_language_to_ask(norvale: CountrySheet) -> None:
    found, world = lines(norvale), sim.load("meridian")
    profile = world.jurisdictions["nor"]
    assert found["Central authority of Norvale"].endswith("open Mon-Fri 09:00-17:00")
    assert lines(country_sheet(world, "tar"))["Court of Tarsene"].endswith("open Sun-Thu 09:00-15:00")
    assert "day and night" in found["24/7 contact point of Norvale"]
    ways = [str(line.value) for line in next(s for s in norvale.sections if "Ways in" in str(s.title)).lines]
    assert ways[: len(profile.channels)] == [world.channel(id_).title for id_ in profile.channels]
    assert found["EIO"] == "with Lysmark" and "Calden" in found["UNTOC"]


def test_every_figure_says_where_it_comes_from(norvale: CountrySheet) -> None:
    for section in norvale.sections:
        if str(section.title) != "What binds it":
            assert all(line.source for line in section.lines), section.title
    assert "simulated: Meridian, seed 1" in {str(line.source) for s in norvale.sections for line in s.lines}


def test_durations_come_from_the_run_and_are_left_out_without(norvale: CountrySheet) -> None:
    assert "half are answered within" in lines(norvale)["Requests from abroad"]
    assert "Requests from abroad" not in lines(country_sheet(sim.load("meridian"), "nor"))


@pytest.mark.parametrize("world", ["meridian", "archipelago", "corridor", "windward", "caravan"])
def test_every_state_of_every_world_has_one(world: str) -> None:
    scenario = sim.load(world)
    for state in scenario.jurisdictions:
        sheet = country_sheet(scenario, state)
        assert len(sheet.sections) >= 5, state
        assert sheet.title in country_sheet_html(sheet)


def test_it_says_what_a_request_must_show_and_who_executes_it() -> None:
    world = sim.load("windward")
    hallamore, verania = (lines(country_sheet(world, state)) for state in ("hal", "ver"))
    assert hallamore["What the facts must show for: stored content"].startswith("probable cause")
    assert not [label for label in verania if label.startswith("What the facts must show")]
    label = "Requests are passed on to authorities of constituent units"
    assert (hallamore[label], verania[label]) == ("no", "yes")


def test_what_an_author_wrote_is_no_markup() -> None:
    sheet = country_sheet(sim.load("meridian"), "nor")
    page = country_sheet_html(CountrySheet(sheet.id, "<script>x</script>", "<b>", sheet.world, sheet.sections))
    assert "<script>x" not in page and "<b>" not in page


def test_a_state_that_is_not_there_has_a_hint() -> None:
    with pytest.raises(LawError, match="did you mean 'nor'"):
        country_sheet(sim.load("meridian"), "norr")


def test_the_command_shows_and_writes_it(mlasim: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, out, _ = mlasim("show", "nor", "--years", "0", "--html", tmp_path / "nor.html")
    assert code == 0 and "Authorities" in out and "Central authority of Norvale" in out
    assert "<h1>Norvale</h1>" in (tmp_path / "nor.html").read_text(encoding="utf-8")
    code, _, err = mlasim("show", "norr")
    assert code == 2 and "nor" in err
