"""Pictures: well-formed, described, escaped, and telling without colour."""

from __future__ import annotations

import copy
import re
from xml.etree import ElementTree

import pytest

from sim.model.causes import CAUSES, UNDER_WAY, cause_named
from sim.training.counterfactuals import Play
from sim.training.debrief_records import Debrief
from sim.views import svg
from sim.views.seat import panels
from sim.views.seat.debrief_panels import debrief_panel
from sim.views.svg import Bar, Mark
from tests.views.conftest import HOSTILE

NAME = "{http://www.w3.org/2000/svg}"
BARS = [
    Bar("records", "executed · money", [(0, 4.5, "waiting for staff", "registry"), (4.5, 30, "translation", "pool")]),
    Bar("logs", "under way · logs", [(10, 40, "other side", "execution"), (40, 50, "under way", "return")]),
]
MARKS = [Mark(120, "hearing"), Mark(45, "logs deleted", "clock"), Mark(50, "today", "today")]

PICTURES = {
    "timeline": lambda words: svg.timeline([Bar(words, words, [(0, 9, words, words)])], 10, [Mark(3, words)]),
    "strip": lambda words: svg.strip([1, 2, 3], yours=2, label=words),
    "scores": lambda words: svg.score_bars([(words, 0.5), (words, None)]),
}
EMPTY = {
    "timeline": lambda: svg.timeline([], 0),
    "strip": lambda: svg.strip([]),
    "scores": lambda: svg.score_bars([]),
}


def parse(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def words_of(root: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{NAME}text")]


@pytest.mark.parametrize("kind", PICTURES)
def test_hostile_texts_stay_texts(kind: str) -> None:
    root = parse(PICTURES[kind](HOSTILE))
    allowed = {"svg", "title", "desc", "defs", "pattern", "line", "circle", "path", "rect", "text", "tspan", "g"}
    assert {element.tag.removeprefix(NAME) for element in root.iter()} <= allowed
    assert not any(name.lower().startswith("on") for element in root.iter() for name in element.attrib)
    said = "".join(root.itertext()) + "".join(root.attrib.values())
    assert "<script>alert(1)</script>" in said, "the text is shown as it is, or cut, but not dropped"
    assert "\x00" not in said


@pytest.mark.parametrize("kind", PICTURES)
def test_every_picture_has_a_title_and_a_description(kind: str) -> None:
    root = parse(PICTURES[kind]("plain words"))
    assert root.attrib["role"] == "img" and root.attrib["aria-label"]
    assert [child.tag for child in root][:2] == [f"{NAME}title", f"{NAME}desc"]
    assert root[0].text and "plain words" in (root[1].text or "")


@pytest.mark.parametrize("kind", EMPTY)
def test_nothing_to_show_is_a_picture_too(kind: str) -> None:
    root = parse(EMPTY[kind]())
    assert root[0].text
    assert "nan" not in EMPTY[kind]()


def test_timeline_puts_segments_where_their_days_are() -> None:
    root = parse(svg.timeline(BARS, 50, MARKS))
    blocks = {g[0].text: g[1].attrib for g in root.iter(f"{NAME}g")}
    waiting = next(a for t, a in blocks.items() if t and t.startswith("registry: waiting for staff, 4.5 days"))
    translating = next(a for t, a in blocks.items() if t and t.startswith("pool: translation, 25.5 days (day 5 to 30)"))
    scale = float(waiting["width"]) / 4.5
    assert float(translating["width"]) / 25.5 == pytest.approx(scale, rel=0.02)
    assert float(translating["x"]) == pytest.approx(float(waiting["x"]) + 4.5 * scale, abs=0.2)


def test_timeline_has_a_legend_for_each_cause_that_is_used_and_no_other() -> None:
    said = words_of(parse(svg.timeline(BARS, 50, MARKS)))
    used = {cause for bar in BARS for _, _, cause, _ in bar.segments}
    for cause in (*CAUSES, UNDER_WAY.name):
        assert said.count(str(cause_named(cause).words)) == (cause in used), cause


@pytest.mark.parametrize("cause", (*CAUSES, UNDER_WAY.name))
def test_each_cause_can_be_drawn(cause: str) -> None:
    assert str(cause_named(cause).words) in words_of(parse(svg.timeline([Bar("a", "b", [(0, 1, cause, "c")])], 2)))


def test_an_unknown_cause_is_named_not_dropped() -> None:
    assert "strike" in words_of(parse(svg.timeline([Bar("a", "b", [(0, 1, "strike", "c")])], 2)))


def test_marks_stand_at_their_days_and_are_dashed_by_kind() -> None:
    root = parse(svg.timeline(BARS, 50, MARKS))
    lines = [e.attrib for e in root.iter(f"{NAME}line") if e.attrib.get("stroke") == svg.INK]
    assert len(lines) == len(MARKS)
    assert [line.get("stroke-dasharray") for line in lines] == ["5 3", None, "1 3"], "by their days, today lowest"
    places = [float(line["x1"]) for line in lines]
    assert sorted(places) == [places[0], places[2], places[1]]
    rows = [float(line["y1"]) for line in lines]
    assert rows == sorted(rows)
    assert {"hearing", "logs deleted", "today"} <= set(words_of(root))


def test_marks_outside_the_axis_are_kept_inside_the_picture() -> None:
    root = parse(svg.timeline(BARS, 50, [Mark(-40, "data is older than the case", "clock")]))
    width = float(root.attrib["viewBox"].split()[2])
    assert all(0 <= float(e.attrib["x1"]) <= width for e in root.iter(f"{NAME}line") if "x1" in e.attrib)


def test_the_description_says_what_the_picture_shows() -> None:
    description = parse(svg.timeline(BARS, 50, MARKS))[1].text or ""
    assert "records (executed · money): waiting for staff 4 days, translation 26 days." in description
    assert "Day 121: hearing." in description


def test_strip_tells_mean_range_and_yours() -> None:
    words = parse(svg.strip([10, 20, 60], yours=20, label="letter-now"))[0].text
    assert words == "letter-now: mean 30, from 10 to 60, 3 replays; yours 20"


def test_two_timelines_on_a_page_do_not_share_patterns() -> None:
    """A pattern inside a hidden picture is not painted, so each picture brings its own."""
    one, other = svg.timeline(BARS, 50), svg.timeline(BARS, 51)
    ids = [set(re.findall(r"id='([^']+)'", picture)) for picture in (one, other)]
    assert ids[0] and not ids[0] & ids[1]
    for picture, own in zip((one, other), ids, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", picture)) <= own


def test_every_picture_of_a_debrief_is_well_formed(found: Debrief) -> None:
    replayed = copy.deepcopy(found)
    for alternative in (a for item in replayed.decisions for a in item.alternatives):
        alternative.plays += [Play(n, 50.0 + n, "captain", 1) for n in range(5)]
    pictures = re.findall(r"<svg.*?</svg>", debrief_panel(replayed), flags=re.DOTALL)
    assert len(pictures) > 10
    for picture in pictures:
        root = parse(picture)
        assert root[0].text, "every picture has a title"


# Colours


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * d for d in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


def test_text_in_pictures_has_contrast() -> None:
    fills = {e.attrib["fill"] for k in PICTURES for e in parse(PICTURES[k]("words")).iter(f"{NAME}text")}
    assert fills
    for fill in fills:
        assert contrast(fill, "#fff") >= 4.5, fill


def test_text_in_panels_has_contrast_on_every_ground_of_its_own() -> None:
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", panels.STYLE)
    ink = "#1f2933"
    seen = 0
    for selector, body in rules:
        colour = re.search(r"(?:^|;)color:(#[0-9a-f]+)", body)
        ground = re.search(r"background:(#[0-9a-f]+)", body)
        if colour or ground:
            seen += 1
            pair = (colour[1] if colour else ink, ground[1] if ground else "#fff")
            assert contrast(*pair) >= 4.5, (selector.strip(), pair)
    assert seen >= 4
    for quiet in re.findall(r"color:(#[0-9a-f]+)", panels.STYLE):
        if quiet.startswith("#5"):
            assert contrast(quiet, "#f5f8fb") >= 4.5, "quiet words may stand in an outcome"


def test_causes_can_be_told_apart_in_black_and_white() -> None:
    """Two causes with the same pattern differ clearly in grey."""
    causes = [(one.name, one.colour, one.pattern) for one in (*CAUSES.values(), UNDER_WAY)]
    for at, (cause, colour, pattern) in enumerate(causes):
        for other, second, another in causes[at + 1 :]:
            if pattern == another:
                assert contrast(colour, second) > 1.4, (cause, other)
