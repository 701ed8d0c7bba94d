"""Pictures of a policy question: well-formed, described, escaped, honest about what is not clear."""

from __future__ import annotations

import math
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from sim.i18n import joined
from sim.model.causes import CAUSES
from sim.model.measures import Key
from sim.policy.answers.causes import Bottleneck, OfficeLoad, Step, Waterfall
from sim.policy.experiments.journeys import Journey
from sim.record.changes import Change
from sim.record.statistics import Interval
from sim.views.lab import pictures as figures
from sim.views.lab import prints
from sim.views.lab.pictures import Bid, Swing
from tests.views.conftest import HOSTILE
from tests.views.test_svg import NAME, contrast, parse, words_of


def interval(mean: float, half_width: float = 0.5, count: int = 9) -> Interval:
    return Interval(mean, half_width, 0.95, count)


def change(measure: str, before: float, after: float, words: str = "") -> Change:
    difference = interval(after - before)
    return Change(Key(measure), interval(before), interval(after), difference, difference, alternative=words)


def waterfall(words: str) -> Waterfall:
    steps = tuple(Step(cause, interval(-3.0 if cause == "transmission" else 1.0)) for cause in [*CAUSES][:4])
    return Waterfall(change("mean days", 100, 100, words), steps)


def office(words: str, before: float, after: float) -> OfficeLoad:
    queue, busy = change("queue", before, after), change("busy", before, after)
    return OfficeLoad(words, joined([words]), queue, busy, change("waiting days", 1, 2))


def bottleneck(words: str) -> Bottleneck:
    first, second = office(words, 9, 2), office(words, 3, 8)
    return Bottleneck(words, (first, second), first, second, second)


def pair(words: str) -> list[Journey]:
    return [Journey(words, "r#1", 9.0, words, ((0, 4, words, words), (4, 9, "transmission", words)))] * 2


PICTURES: dict[str, Callable[[str], str]] = {
    "waterfall": lambda words: figures.waterfall(waterfall(words)),
    "forest": lambda words: figures.forest([(words, interval(2)), ("b", interval(0.1))], title=words, unit=words),
    "offices": lambda words: figures.offices(bottleneck(words)),
    "sharpening": lambda words: figures.sharpening([interval(1, 2, 2), interval(1, 1, 3)], title=words, unit=words),
    "tornado": lambda words: figures.tornado([Swing(words, -1, 2)], 0.5, title=words, unit=words),
    "frontier": lambda words: figures.frontier(
        [Bid(words, 5, interval(3), True), Bid(words, 9, interval(2), False)], title=words, cost=words, effect=words
    ),
    "journeys": lambda words: figures.journeys(pair(words)),
}
EMPTY: dict[str, Callable[[], str]] = {
    "forest": lambda: figures.forest([], title="t", unit="days"),
    "sharpening": lambda: figures.sharpening([interval(1, math.inf, 1)], title="t", unit="days"),
    "tornado": lambda: figures.tornado([], 0, title="t", unit="days"),
    "frontier": lambda: figures.frontier([], title="t", cost="euro", effect="days"),
    "journeys": lambda: figures.journeys([]),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_every_picture_is_described_and_keeps_hostile_texts_as_texts(kind: str) -> None:
    root = parse(PICTURES[kind](HOSTILE))
    assert root.attrib["role"] == "img" and root.attrib["aria-label"]
    assert [child.tag for child in root][:2] == [f"{NAME}title", f"{NAME}desc"]
    assert root[0].text and root[1].text
    assert not any("script" in element.tag for element in root.iter())
    assert not any(name.lower().startswith("on") for element in root.iter() for name in element.attrib)


@pytest.mark.parametrize("kind", EMPTY)
def test_nothing_to_show_is_a_picture_too(kind: str) -> None:
    root = parse(EMPTY[kind]())
    assert root[0].text and root[1].text
    assert "nan" not in ElementTree.tostring(root, encoding="unicode")


def test_words_in_pictures_can_be_read() -> None:
    for draw in PICTURES.values():
        for text in parse(draw("words")).iter(f"{NAME}text"):
            assert contrast(text.attrib["fill"], "#fff") >= 4.5


def places(picture: str, fill: str) -> list[ElementTree.Element]:
    return [rect for rect in parse(picture).iter(f"{NAME}rect") if rect.attrib["fill"] == fill]


def test_a_waterfall_goes_down_by_what_is_saved_and_up_by_what_is_lost() -> None:
    picture = PICTURES["waterfall"]("faster")
    saved, lost = places(picture, figures.LESS), places(picture, figures.MORE)
    assert (len(saved), len(lost)) == (1, 3)
    assert float(saved[0].attrib["width"]) == pytest.approx(3 * float(lost[0].attrib["width"]), abs=0.2)
    assert "transmission: −3.0" in parse(picture)[1].text
    ends = [float(rect.attrib["x"]) + float(rect.attrib["width"]) for rect in lost]
    assert ends[1] > ends[0], "each step begins where the one before ended"


def test_what_is_not_clear_is_hollow() -> None:
    picture = figures.forest([("clear", interval(2)), ("not clear", interval(0.1))], title="t", unit="days")
    assert len(places(picture, "#fff")) == 1 and len(places(picture, figures.MORE)) == 1
    assert "+2.0 (+1.5 to +2.5)" in words_of(parse(picture))


def test_an_interval_that_sharpens_says_where_it_stands() -> None:
    root = parse(figures.sharpening([interval(1, 9, 2), interval(-2, 0.4, 12)], title="t", unit="days"))
    assert root[1].text == "After 12 pairs of runs: −2.0 days (−2.4 to −1.6)."


def test_the_strongest_assumption_is_on_top() -> None:
    words = words_of(parse(figures.tornado([Swing("weak", 0, 1), Swing("strong", -9, 9)], 0, title="t", unit="d")))
    assert words.index("strong") < words.index("weak")


def test_prints_are_pictures_at_two_hundred_dots_an_inch() -> None:
    made = [
        prints.print_waterfall(waterfall("faster")),
        prints.print_forest([("a", interval(1)), ("b", interval(2, math.inf))], unit="days"),
        prints.print_offices(bottleneck("an office")),
        prints.print_journeys(pair("as it is")),
        prints.print_tornado([Swing("a", -1, 2)], 0.5, unit="days"),
        prints.print_frontier([Bid("a", 5, interval(3), True)], cost="euro", effect="days"),
    ]
    for content in made:
        assert content.startswith(b"\x89PNG")
        width = int.from_bytes(content[16:20], "big")
        assert width == 1500, "7.5 inches"
