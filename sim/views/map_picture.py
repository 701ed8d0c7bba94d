"""A map of invented lands on a sea, as an SVG string: States, the ways between them, and what travels there.

A land's shape follows from its State's id alone, so that a State looks the same in every case. The map stands twice on
a page, for wide and for narrow windows; the style shows one of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal, NamedTuple
from zlib import crc32

from sim.i18n import _, many
from sim.training.whereabouts import Leg
from sim.views.svg import FAINT, HALO, INK, escape, picture, short, text

SEA, SHALLOW, HOME = "#e6f0f7", "#cbdfed", "#f6e3b4"
LANDS = ("#dfe8c8", "#e8dcc4", "#d6e6d9", "#ece3d0", "#e0dfce")
ROUGHNESS = 0.14
"""By how much of its radius a coast may lie nearer or farther."""
REACH = 1.2
"""Radii within which all of a land lies, its shallows included."""
Worth = Literal["evidence", "on conditions", "no evidence"]
LINES: dict[Worth, str] = {
    "evidence": "",
    "on conditions": "stroke-dasharray='9 5'",
    "no evidence": "stroke-dasharray='2 5'",
}
"""How a way is drawn by what comes along it."""

Kind = Literal["letter", "preservation", "proposal", "paper"]
IN_A_ROW = 5
"""Marks in one row at home."""
COLOURS: dict[Kind, str] = {"letter": "#1f4e8c", "preservation": "#7a2e5c", "proposal": "#2f5d3a", "paper": "#5b3a8c"}


class Point(NamedTuple):
    """A place on the picture."""

    x: float
    y: float


@dataclass(frozen=True)
class Land:
    """A State on the map."""

    id: str
    title: str
    below: str = ""
    """A word below its name: that it is one's own, that it is in a team."""
    team: bool = False


@dataclass(frozen=True)
class Way:
    """A channel that is used between home and a State."""

    state: str
    channel: str
    sign: str
    """The letter that stands for the channel in the list below the picture."""
    title: str
    worth: Worth = "evidence"
    stops: Sequence[str] = ()
    """Offices it goes through on the way, the first one being home's."""


@dataclass(frozen=True)
class Mover:
    """Something that is asked for, where it is and where it was when one last looked."""

    number: int
    kind: Kind
    state: str
    channel: str
    leg: Leg
    share: float
    line: str
    """Where it is, in words."""
    was: tuple[Leg, float] | None = None
    """None: not there yet."""


@dataclass(frozen=True)
class House:
    """An institution that has been asked for something."""

    title: str
    states: Sequence[str] = ()
    """States concerned."""
    waiting: int = 0
    """How many answers are awaited."""


@dataclass(frozen=True)
class Chart:
    """All that a map shows."""

    home: Land
    lands: Sequence[Land]
    ways: Sequence[Way] = ()
    movers: Sequence[Mover] = ()
    houses: Sequence[House] = ()
    described: str = ""
    """The same in words."""


@dataclass
class _Layout:
    """Where everything stands, for one width."""

    width: float
    height: float
    home: Point
    home_radius: float
    radius: float
    places: dict[str, Point] = field(default_factory=dict)
    houses: list[Point] = field(default_factory=list)
    lines: int = 0
    """Lines of words below each land."""


def chart_pictures(chart: Chart) -> str:
    """The map for a wide and for a narrow window, in a frame of which the style shows one."""
    wide, narrow = (_draw(chart, layout) for layout in (_wide(chart), _narrow(chart)))
    return f"<div class='wide'>{wide}</div><div class='narrow'>{narrow}</div>"


# Where things stand


def _wide(chart: Chart) -> _Layout:
    """Home on the left, the others in one column or in two that stand in the gaps of each other."""
    count, radius, lines = len(chart.lands), 46.0, 0
    if chart.lands:
        lines = min(3, max(sum(mover.state == land.id for mover in chart.movers) for land in chart.lands))
    columns = (700.0,) if count <= 2 else (520.0, 800.0)
    cell = 2 * REACH * radius + 16 * lines + 14
    rows = math.ceil(count / len(columns)) if count else 1
    height = max(230.0, cell * (rows + (0.5 if len(columns) == 2 and count % 2 == 0 else 0)) + 12)
    at_home = _home_radius(chart, 72)
    height = max(height, 2 * REACH * at_home + 12)
    layout = _Layout(940, height, Point(120, height / 2), at_home, radius, lines=lines)
    for place, land in enumerate(chart.lands):
        column = place % len(columns)
        top = cell * (place // len(columns) + 0.5 * column) + 8
        top += (height - 12 - cell * count) / 2 if len(columns) == 1 else 0
        layout.places[land.id] = Point(columns[column], top + REACH * radius)
    return _with_houses(layout, chart, 4)


def _narrow(chart: Chart) -> _Layout:
    """Home on top, the others below it in rows of two."""
    at_home = _home_radius(chart, 62)
    top = REACH * at_home
    layout = _Layout(480, 2 * top + 8, Point(240, top + 4), at_home, 44)
    for place, land in enumerate(chart.lands):
        last_alone = place == len(chart.lands) - 1 and place % 2 == 0
        # Rows stand farther apart and nearer in turn, so that ways pass between lands.
        apart = (142, 84)[place // 2 % 2]
        x = 240 if last_alone else 240 + (-apart, apart)[place % 2]
        layout.places[land.id] = Point(x, 2 * top + 95 + 130 * (place // 2))
        layout.height = 2 * top + 95 + 130 * (place // 2) + 64
    return _with_houses(layout, chart, 2)


def _home_radius(chart: Chart, least: float) -> float:
    """Home is as large as the rows of marks on it need."""
    here, over = (sum(mover.leg == leg for mover in chart.movers) for leg in ("here", "over"))
    rows = math.ceil(here / IN_A_ROW) + math.ceil(over / IN_A_ROW)
    return max(least, 30.0 + 19 * rows)


def _with_houses(layout: _Layout, chart: Chart, in_a_row: int) -> _Layout:
    """Room for institutions at the foot."""
    for place in range(len(chart.houses)):
        row, across = divmod(place, in_a_row)
        alone = min(in_a_row, len(chart.houses) - row * in_a_row)
        layout.houses.append(Point(layout.width * (across + 0.5) / alone, layout.height + 26 + 58 * row))
    layout.height += 58 * math.ceil(len(chart.houses) / in_a_row) + (8 if chart.houses else 0)
    return layout


# Shapes


def coast(id_: str, centre: Point, radius: float) -> list[Point]:
    """The coast of a land as points around its centre; the same for an id every time."""
    luck, count = Random(id_), 11
    return [
        Point(
            centre.x + math.cos(2 * math.pi * place / count) * radius * 1.12 * (far := 1 - ROUGHNESS * luck.random()),
            centre.y + math.sin(2 * math.pi * place / count) * radius * 0.95 * far,
        )
        for place in range(count)
    ]


def _smooth(points: Sequence[Point]) -> str:
    """A closed curve through points (Catmull-Rom)."""
    count = len(points)
    parts = [f"M{points[0].x:.1f} {points[0].y:.1f}"]
    for place in range(count):
        before, here, after, next_ = (points[(place + step) % count] for step in (-1, 0, 1, 2))
        first = Point(here.x + (after.x - before.x) / 6, here.y + (after.y - before.y) / 6)
        second = Point(after.x - (next_.x - here.x) / 6, after.y - (next_.y - here.y) / 6)
        parts.append(f"C{first.x:.1f} {first.y:.1f} {second.x:.1f} {second.y:.1f} {after.x:.1f} {after.y:.1f}")
    return "".join(parts) + "Z"


def _land(land: Land, centre: Point, radius: float, *, own: bool) -> str:
    shape = _smooth(coast(land.id, centre, radius))
    fill = HOME if own else LANDS[crc32(land.id.encode()) % len(LANDS)]
    edge = f"stroke='{INK}' stroke-width='{2.6 if own else 1.2}'"
    ring = f"<path d='{shape}' fill='none' stroke='#2f5d3a' stroke-width='6'/>" if land.team else ""
    return (
        f"<path d='{shape}' fill='{SHALLOW}' stroke='{SHALLOW}' stroke-width='12' stroke-linejoin='round'/>"
        f"{ring}<path d='{shape}' fill='{fill}' {edge}/>"
    )


def _named(land: Land, centre: Point, up: float, *, own: bool) -> str:
    size = f"font-size='{15 if own else 13}' font-weight='600'"
    words = text(centre.x, centre.y - up, short(land.title, 20), anchor="middle", extra=size)
    if land.below:
        words += text(centre.x, centre.y - up + 15, short(land.below, 24), anchor="middle", fill=FAINT)
    return words


class _Curve(NamedTuple):
    """A way as a curve of three points."""

    start: Point
    middle: Point
    end: Point

    def at(self, share: float) -> Point:
        rest = 1 - share
        return Point(
            *(
                rest * rest * a + 2 * rest * share * b + share * share * c
                for a, b, c in zip(self.start, self.middle, self.end, strict=True)
            )
        )

    @property
    def path(self) -> str:
        a, b, c = self.start, self.middle, self.end
        return f"M{a.x:.1f} {a.y:.1f}Q{b.x:.1f} {b.y:.1f} {c.x:.1f} {c.y:.1f}"


def _curve(layout: _Layout, state: str, place: int, count: int) -> _Curve:
    """The way of one channel of several to a State: from coast to coast, bent apart."""
    here, there = layout.home, layout.places[state]
    far = math.dist(here, there)
    along = Point((there.x - here.x) / far, (there.y - here.y) / far)
    across = Point(-along.y, along.x)
    side = place - (count - 1) / 2
    bend = 12 + 62 * side

    def beside(point: Point, on: float, off: float) -> Point:
        return Point(point.x + along.x * on + across.x * off, point.y + along.y * on + across.y * off)

    return _Curve(
        beside(here, layout.home_radius * 1.12, 9 * side),
        beside(Point((here.x + there.x) / 2, (here.y + there.y) / 2), 0, bend),
        beside(there, -layout.radius * 1.14, 9 * side),
    )


# Drawing


def _draw(chart: Chart, layout: _Layout) -> str:
    key = f"{crc32(chart.described.encode(errors='replace')):x}-{layout.width:.0f}"
    ways = {(way.state, way.channel): way for way in chart.ways if way.state in layout.places}
    per_state = Counter(state for state, _channel in ways)
    curves, seen = {}, Counter[str]()
    for state, channel in ways:
        curves[state, channel] = _curve(layout, state, seen[state], per_state[state])
        seen[state] += 1
    body = [f"<rect width='{layout.width:.0f}' height='{layout.height:.0f}' rx='8' fill='{SEA}'/>", _waves(layout)]
    body += [_house_lines(house, at, layout) for house, at in zip(chart.houses, layout.houses, strict=True)]
    for place, (which, way) in enumerate(ways.items()):
        body.append(_way(way, curves[which], f"way-{key}-{place}", titled=layout.width > 600))
    for land in chart.lands:
        body.append(_land(land, layout.places[land.id], layout.radius, own=False))
    body.append(_land(chart.home, layout.home, layout.home_radius, own=True))
    for land in chart.lands:
        body.append(_named(land, layout.places[land.id], 10, own=False))
        body.append(_lines(chart, land, layout))
    body.append(_named(chart.home, layout.home, 24 + 0.3 * (layout.home_radius - 62), own=True))
    body += [_house(house, at) for house, at in zip(chart.houses, layout.houses, strict=True)]
    body += _movers(chart, layout, curves)
    return picture(layout.width, layout.height, _("Map of the requests"), chart.described, "".join(body))


def _waves(layout: _Layout) -> str:
    """A few strokes of water, in the same places every time."""
    luck = Random(f"{layout.width:.0f}")
    strokes = "".join(
        f"M{luck.uniform(10, layout.width - 40):.0f} {luck.uniform(10, layout.height - 10):.0f}q6 -5 12 0t12 0"
        for _place in range(int(layout.width * layout.height / 14_000))
    )
    return f"<path d='{strokes or 'M0 0'}' fill='none' stroke='{SHALLOW}' stroke-width='1.5'/>"


def _way(way: Way, curve: _Curve, id_: str, *, titled: bool) -> str:
    sign = curve.at(0.5)
    parts = [f"<g><title>{escape(way.title)}</title>"]
    parts.append(
        f"<path id='{id_}' d='{curve.path}' fill='none' stroke='{INK}' stroke-width='1.8' {LINES[way.worth]}/>"
    )
    for place, stop in enumerate(way.stops):
        at = curve.at((place + 0.6) / (len(way.stops) + 0.2))
        parts.append(
            f"<g><title>{escape(stop)}</title><rect x='{at.x - 4:.1f}' y='{at.y - 4:.1f}' width='8' height='8' "
            f"fill='#fff' stroke='{INK}' stroke-width='1.5'/></g>"
        )
    if titled and way.sign:
        # The words of a long way stand behind the lands that it passes.
        length = math.dist(curve.start, curve.end)
        words = escape(short(way.title, 24 if length > 450 else max(12, int(0.94 * length / 5.9) - 4)))
        middle = 82 if length > 450 else 53
        parts.append(
            f"<text fill='{INK}' font-size='11.5' dy='-7' {HALO.replace('#fff', SEA)}><textPath href='#{id_}' "
            f"startOffset='{middle}%' text-anchor='middle'>{escape(way.sign)} · {words}</textPath></text>"
        )
    elif way.sign:
        parts.append(f"<circle cx='{sign.x:.1f}' cy='{sign.y:.1f}' r='10' fill='#fff' stroke='{INK}'/>")
        parts.append(text(sign.x, sign.y + 4, way.sign, anchor="middle", extra="font-weight='600'"))
    return "".join(parts) + "</g>"


def _lines(chart: Chart, land: Land, layout: _Layout) -> str:
    """What was asked of a State and where that is, below it: what goes on first."""
    found = [mover for mover in chart.movers if mover.state == land.id]
    found.sort(key=lambda mover: (mover.leg == "over", -mover.number))
    at, parts = layout.places[land.id], []
    for place, mover in enumerate(found[: layout.lines]):
        words = f"{mover.number} · {mover.line}"
        if place == layout.lines - 1 and len(found) > layout.lines:
            words = many("{n} more, listed below", "{n} more, listed below", len(found) - layout.lines + 1)
        y = at.y + REACH * layout.radius + 10 + 16 * place
        parts.append(text(at.x, y, short(words, 36), anchor="middle", extra=HALO.replace("#fff", SEA)))
    return "".join(parts)


def _house_lines(house: House, at: Point, layout: _Layout) -> str:
    ends = [layout.home, *(layout.places[state] for state in house.states if state in layout.places)]
    return "".join(
        f"<path d='M{end.x:.1f} {end.y:.1f}L{at.x:.1f} {at.y:.1f}' fill='none' stroke='{FAINT}' stroke-width='1.2' "
        "stroke-dasharray='1 5' stroke-linecap='round'/>"
        for end in ends
    )


def _house(house: House, at: Point) -> str:
    front = f"M{at.x - 15:.1f} {at.y - 4:.1f}l15 -11l15 11z"
    walls = f"<rect x='{at.x - 12:.1f}' y='{at.y - 4:.1f}' width='24' height='13' fill='#fff' stroke='{INK}'/>"
    words = short(house.title, 34)
    if house.waiting:
        words = _("{institution}: asked").format(institution=words)
    name = text(at.x, at.y + 23, words, anchor="middle", extra=HALO.replace("#fff", SEA))
    return f"<g><title>{escape(house.title)}</title><path d='{front}' fill='#fff' stroke='{INK}'/>{walls}{name}</g>"


def _movers(chart: Chart, layout: _Layout, curves: Mapping[tuple[str, str], _Curve]) -> list[str]:
    """The marks, each where it is now; one that has moved comes from where it was."""
    now = _spots(chart.movers, [(mover.leg, mover.share) for mover in chart.movers], layout, curves)
    before = _spots(chart.movers, [mover.was or ("here", 0.0) for mover in chart.movers], layout, curves)
    return [
        _mark(mover, at, was, _course(layout, mover)) for mover, at, was in zip(chart.movers, now, before, strict=True)
    ]


def _course(layout: _Layout, mover: Mover) -> float:
    """In which direction it travels, in degrees."""
    there = layout.places.get(mover.state, layout.home)
    course = math.degrees(math.atan2(there.y - layout.home.y, there.x - layout.home.x))
    return course if mover.leg == "out" else course + 180


def _spots(
    movers: Sequence[Mover],
    where: Sequence[tuple[Leg, float]],
    layout: _Layout,
    curves: Mapping[tuple[str, str], _Curve],
) -> list[Point]:
    """A place for each: on the land where it is worked on, in rows, or along its way, none on another."""
    on_land: Counter[str] = Counter()
    at_home = sum(leg == "here" for leg, _share in where)
    taken: list[Point] = []
    for mover, (leg, share) in zip(movers, where, strict=True):
        curve = curves.get((mover.state, mover.channel))
        if leg in ("out", "back") and curve is not None and mover.state in layout.places:
            gone = 0.1 + 0.8 * (share if leg == "out" else 1 - share)
            steps = sorted((step / 20 for step in range(1, 20)), key=lambda step: abs(step - gone))
            free = (point for point in map(curve.at, [gone, *steps]) if all(math.dist(point, t) >= 20 for t in taken))
            taken.append(next(free, curve.at(gone)))
            continue
        there = leg in ("there", "out", "back") and mover.state in layout.places
        land = layout.places[mover.state] if there else layout.home
        name = mover.state if there else "over" if leg == "over" else "here"
        in_a_row = 4 if there else IN_A_ROW
        # What is over stands in rows of its own, below what is at home.
        place = on_land[name] + (in_a_row * math.ceil(at_home / in_a_row) if name == "over" else 0)
        on_land[name] += 1
        row, across = divmod(place, in_a_row)
        taken.append(
            Point(
                land.x + 23 * (across - (in_a_row - 1) / 2),
                land.y + (17 if there else 12 - 0.3 * (layout.home_radius - 62)) + 21 * row,
            )
        )
    return taken


def _mark(mover: Mover, at: Point, was: Point, course: float) -> str:
    colour, over = COLOURS[mover.kind], mover.leg == "over"
    look = f"fill='{'#fff' if over else colour}' stroke='{colour if over else '#fff'}' stroke-width='1.5'"
    shape = {
        "letter": f"<rect x='-10' y='-8' width='20' height='16' rx='2' {look}/>",
        "preservation": f"<circle r='9.5' {look}/>",
        "proposal": f"<path d='M0 -11L11 0L0 11L-11 0z' {look}/>",
        "paper": f"<rect x='-8' y='-10' width='16' height='20' {look}/>",
    }[mover.kind]
    number = text(0, 4, str(mover.number), anchor="middle", fill=colour if over else "#fff", extra="font-weight='600'")
    moved = math.dist(at, was) >= 1
    motion = f" class='goes' style='--from:translate({was.x - at.x:.1f}px,{was.y - at.y:.1f}px)'" if moved else ""
    heading = ""
    if mover.leg in ("out", "back"):
        heading = f"<path d='M14 -4l6 4l-6 4z' transform='rotate({course:.0f})' fill='{colour}'/>"
    return (
        f"<g transform='translate({at.x:.1f} {at.y:.1f})'><g{motion}><title>{escape(mover.line)}</title>"
        f"{shape}{number}{heading}</g></g>"
    )
