"""The map of the seat: lands that lie apart, ways by their channels, marks where what they stand for is known to be."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from sim.model.durations import DAY
from sim.model.loading import Scenario, load
from sim.training.debrief import request_lines
from sim.training.session import Session
from sim.training.whereabouts import known_lines, whereabouts
from sim.views import map_picture
from sim.views.map_picture import Chart, House, Land, Mover, Point, Way, chart_pictures
from sim.views.seat import panels, pictures
from tests.views.conftest import HOSTILE
from tests.views.test_svg import NAME, contrast, words_of

SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


def lands(count: int) -> list[Land]:
    return [Land(f"state-{place}", f"State {place}") for place in range(count)]


def chart(count: int = 3, *movers: Mover, title: str = "Home") -> Chart:
    found = lands(count)
    ways = [Way(land.id, "post", "A", title) for land in found]
    houses = [House(title, (found[0].id,), 1)] if found else []
    return Chart(Land("home", title, "your State"), found, ways, movers, houses, title)


def drawn(what: Chart) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(one) for one in SVG.findall(chart_pictures(what))]


def spots(what: Chart) -> list[tuple[float, float]]:
    """Where the marks stand on the wide picture, in order."""
    found = [g.attrib.get("transform", "") for g in drawn(what)[0].iter(f"{NAME}g")]
    places = [re.fullmatch(r"translate\((\S+) (\S+)\)", one) for one in found]
    return [(float(one[1]), float(one[2])) for one in places if one]


@pytest.mark.parametrize("count", range(9))
def test_lands_lie_apart_and_within_the_sea(count: int) -> None:
    for layout in (map_picture._wide(chart(count)), map_picture._narrow(chart(count))):
        around = [(layout.home, layout.home_radius), *((at, layout.radius) for at in layout.places.values())]
        assert len(around) == count + 1
        for place, (centre, radius) in enumerate(around):
            assert map_picture.REACH * radius <= centre.x <= layout.width - map_picture.REACH * radius
            assert map_picture.REACH * radius <= centre.y <= layout.height - map_picture.REACH * radius
            for other, another in around[place + 1 :]:
                assert math.dist(centre, other) > map_picture.REACH * (radius + another) - 1


def test_a_coast_is_the_same_every_time_and_stays_within_its_reach() -> None:
    shapes = [map_picture.coast(f"state-{place}", Point(0, 0), 50) for place in range(40)]
    assert shapes[0] == map_picture.coast("state-0", Point(0, 0), 50) != shapes[1]
    assert all(math.dist((0, 0), point) <= 50 * map_picture.REACH for shape in shapes for point in shape)


def test_hostile_words_stay_words() -> None:
    mover = Mover(1, "letter", "state-0", "post", "out", 0.5, HOSTILE)
    for root in drawn(chart(3, mover, title=HOSTILE)):
        allowed = {"svg", "title", "desc", "path", "rect", "circle", "text", "textPath", "g"}
        assert {element.tag.removeprefix(NAME) for element in root.iter()} <= allowed
        assert not any(name.lower().startswith("on") for element in root.iter() for name in element.attrib)
        assert "<script>alert(1)</script>" in "".join(root.itertext())
        assert [child.tag for child in root][:2] == [f"{NAME}title", f"{NAME}desc"]


def test_a_mark_goes_out_along_its_way_and_comes_back() -> None:
    def at(leg: str, share: float) -> float:
        return spots(chart(1, Mover(1, "letter", "state-0", "post", leg, share, "x")))[0][0]  # type: ignore[arg-type]

    way = [at("here", 0), at("out", 0.1), at("out", 0.9), at("there", 0)]
    assert way == sorted(way) and len(set(way)) == 4
    back = [at("back", 0.1), at("back", 0.9), at("over", 0)]
    assert back == sorted(back, reverse=True) and len(set(back)) == 3


def test_no_mark_stands_on_another() -> None:
    many = [
        Mover(place, "letter", "state-0", "post", leg, 0.5, "x")  # type: ignore[arg-type]
        for place, leg in enumerate(["here", "out", "there", "back", "over"] * 4, 1)
    ]
    found = spots(chart(3, *many))
    assert len(found) == len(many)
    assert min(math.dist(a, b) for place, a in enumerate(found) for b in found[place + 1 :]) >= 15


def test_what_has_moved_comes_from_where_it_was_and_what_stands_still_does_not() -> None:
    moved = Mover(1, "letter", "state-0", "post", "there", 0, "x", ("out", 0.5))
    (picture, _narrow) = drawn(chart(1, moved))
    goes = [g for g in picture.iter(f"{NAME}g") if g.attrib.get("class") == "goes"]
    start = re.fullmatch(r"--from:translate\((\S+)px,(\S+)px\)", goes[0].attrib["style"])
    out = spots(chart(1, Mover(1, "letter", "state-0", "post", "out", 0.5, "x")))[0]
    now = spots(chart(1, moved))[0]
    assert start and (now[0] + float(start[1]), now[1] + float(start[2])) == pytest.approx(out, abs=0.2)
    still = Mover(1, "letter", "state-0", "post", "out", 0.5, "x", ("out", 0.5))
    assert "goes" not in chart_pictures(chart(1, still))


def test_motion_is_off_for_those_who_prefer_none() -> None:
    style = panels.style()
    reduced = style[style.index("@media (prefers-reduced-motion:reduce)") :]
    assert re.match(r"@media \(prefers-reduced-motion:reduce\)\{\s*\.mla svg \.goes\{animation:none\}", reduced)
    assert "direction:ltr" in style[style.index(".rtl .mla svg") :][:60], "a map keeps its left and right"


def test_words_on_the_map_have_contrast() -> None:
    grounds = (map_picture.SEA, map_picture.SHALLOW, map_picture.HOME, *map_picture.LANDS)
    for words in (map_picture.INK, map_picture.FAINT):
        assert all(contrast(words, ground) >= 4.5 for ground in grounds), words
    assert all(contrast("#fff", colour) >= 4.5 for colour in map_picture.COLOURS.values())


# A play


@pytest.fixture(scope="module")
def under_way(case: Scenario) -> list[tuple[int, list[tuple[str, str, int]], str]]:
    """A play by the first options: at each step the day, where all is, and the map."""
    session, steps = Session(case, seed=7), []
    while not session.ended and session.run.day < 130:
        if session.question is not None:
            session.choose(next(iter(session.question.options)), stay=True)
        else:
            session.wait()
        found = [(one.id, one.leg, one.since) for one in whereabouts(session)]
        steps.append((session.day, found, pictures.map_of(session)))
    return steps


def test_requests_go_out_are_worked_on_and_come_back(
    under_way: list[tuple[int, list[tuple[str, str, int]], str]],
) -> None:
    legs: dict[str, list[str]] = {}
    for day, found, _map in under_way:
        for id_, leg, since in found:
            assert since <= day
            if legs.setdefault(id_, []) == [] or legs[id_][-1] != leg:
                legs[id_].append(leg)
    assert {"here", "out", "there", "back", "over"} <= {leg for way in legs.values() for leg in way}
    assert all("over" not in way[:-1] for way in legs.values())


def test_the_map_says_in_words_what_it_shows(under_way: list[tuple[int, list[tuple[str, str, int]], str]]) -> None:
    _day, found, html = under_way[-1]
    root = ElementTree.fromstring(SVG.findall(html)[0])
    assert root[0].text and root.attrib["role"] == "img"
    plain = re.sub(r"<[^>]+>", "", html[html.index("class='facts'") :])
    for number in range(1, len(found) + 1):
        assert f"{number} · " in plain and f"{number} · " in (root[1].text or "")
    assert "your State" in words_of(root)


def test_nothing_is_shown_of_other_offices_before_they_write(case: Scenario) -> None:
    """A letter that has arrived and has not been acknowledged is on its way, for all that its sender knows."""
    session, unseen = Session(case, seed=7), 0
    while not session.ended and session.run.day < 130:
        if session.question is not None:
            session.choose(next(iter(session.question.options)), stay=True)
        else:
            session.wait(days=1)
        told = {message.about for message in session.inbox if message.kind not in ("sent", "inject")}
        for one in whereabouts(session):
            request = session.run.requests[one.id]
            if one.id not in told and request.outcome is None:
                assert one.leg in ("here", "out")
                assert one.share < 1
                unseen += request.stage == "receipt"
    assert unseen or session.run.day > 100


def test_the_timeline_shows_of_other_offices_what_they_have_written(case: Scenario) -> None:
    """Its bars say of another State's stages what has been told, and no request has two bars at once."""
    session, hidden = Session(case, seed=7), 0
    stages = [stage for procedure in case.procedures.values() for stage in procedure.stages.values()]
    theirs = {str(stage.title) for stage in stages if stage.on_side == "requested"}
    theirs |= {step.title for measure in case.measures.values() for step in measure.steps}
    while not session.ended and session.run.day < 130:
        if session.question is not None:
            session.choose(next(iter(session.question.options)), stay=True)
        else:
            session.wait(days=1)
        told = " ".join(message.text for message in session.inbox)
        true = {segment.title for line in request_lines(session) for segment in line.segments}
        for line in known_lines(session):
            shown = {segment.title for segment in line.segments if segment.title in theirs}
            assert all(title in told for title in shown), shown
            ends = [line.sent, *(segment.end for segment in line.segments)]
            assert all(one.start >= end - 1e-6 for one, end in zip(line.segments, ends, strict=False)), line
            assert line.outcome == str(session.run.requests[line.id].outcome or "under way")
        hidden += any(title in true and title not in told for title in theirs)
    assert hidden > 10, "what is not told is there to be hidden"
    first = known_lines(session)[0]
    assert {segment.cause for line in known_lines(session) for segment in line.segments} > {"under way"}
    assert first.segments[0].start == pytest.approx(first.sent, abs=1)


def test_days_are_counted_as_in_the_clocks(case: Scenario) -> None:
    session = Session(case, seed=7)
    session.choose(next(iter(session.question.options)), stay=True)  # type: ignore[union-attr]
    (one, *_others) = whereabouts(session)
    assert one.sent == one.since == session.day == 1
    assert session.run.requests[one.id].sent - session.run.start < DAY


def test_a_map_that_is_drawn_again_is_the_same(case: Scenario) -> None:
    session = Session(case, seed=7)
    session.choose(next(iter(session.question.options)), stay=True)  # type: ignore[union-attr]
    pictures.map_of(session)
    session.wait()
    assert pictures.map_of(session) == pictures.map_of(session)


def test_a_desk_sees_who_has_asked_it_for_what() -> None:
    session = Session(load("a-week-on-the-desk"), seed=7)
    papers = [paper for paper in session.run.incoming.values() if paper.state != "not arrived"]
    html = pictures.map_of(session)
    assert papers and all(paper.record.title.split("'")[0] in html for paper in papers)
    waiting = [paper for paper in session.run.incoming.values() if paper.state == "not arrived"]
    assert all(f"· {paper.record.title}:" not in html for paper in waiting)


# The timeline


def test_the_timeline_of_a_first_week_is_a_week_or_two(case: Scenario) -> None:
    session = Session(case, seed=7)
    session.choose(next(iter(session.question.options)), stay=True)  # type: ignore[union-attr]
    (wide, narrow) = (ElementTree.fromstring(one) for one in SVG.findall(pictures.timeline_of(session)))
    assert [float(root.attrib["viewBox"].split()[2]) for root in (wide, narrow)] == [900, 480]
    days = [int(found[1]) for words in words_of(wide) if (found := re.fullmatch(r"day (\d+)", words))]
    assert days[0] == 1 and 6 <= days[-1] <= 14
    assert any(words.endswith("→") for words in words_of(wide)), "what is later is named, with its day"
    assert f"today, day {session.day}" in words_of(wide)
