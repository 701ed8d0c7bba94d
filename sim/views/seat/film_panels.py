"""One's own play beside the book's, as pieces of HTML: a day of both with a map each, all days on a line, and both as a
table for a page that needs nobody behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from html import escape

from sim.i18n import _, many
from sim.training.debrief_records import RequestLine
from sim.training.film import Film, Scene, Taken, film
from sim.training.session import Session
from sim.training.telling import Message
from sim.views import dates, svg
from sim.views.map_picture import Chart, chart_pictures
from sim.views.seat.clocks import Clock, clocks_of
from sim.views.seat.panels import authors
from sim.views.seat.pictures import chart_of

NEWEST = 4
"""Messages of a day that are shown before the others are folded."""


@dataclass(frozen=True)
class Look:
    """What is seen of a play on a day."""

    chart: Chart
    clocks: tuple[Clock, ...]


SeatFilm = Film[Look]
"""A film of what stands on the seat's map and clocks."""


def film_of(session: Session) -> SeatFilm | None:
    """The film of a play that is over; None where there is none to be had (`sim.training.film.film`)."""
    return film(session, lambda at: Look(chart_of(at), tuple(clocks_of(at))))


def film_title() -> str:
    """What stands above the film."""
    return _("Your play beside the book's, day by day")


def columns() -> tuple[str, str]:
    """What stands above the two plays."""
    return _("Your play"), _("By the book, with the same luck")


def day_in_words(found: SeatFilm, place: int) -> str:
    """Which day is shown, and that the two part there."""
    scene = found.mine[place]
    words = _("Day {day}: {date}").format(day=scene.day, date=dates.in_full(scene.date))
    if place == found.parts:
        return _("{day}. Here the two part.").format(day=words)
    return words


def parting(found: SeatFilm) -> str:
    """Where the two plays part, in a sentence."""
    if found.parts is None:
        return _("Every step of yours was the book's: the two plays are the same.")
    scene = found.mine[found.parts]
    if found.parts == 0:
        return _("The two plays part on the first day, {date}.").format(date=dates.in_full(scene.date))
    return _("The two plays are the same until day {day}, {date}: there they part.").format(
        day=scene.day, date=dates.in_full(scene.date)
    )


# A day of both


def scenes(found: SeatFilm, place: int, language: str, before: int | None = None) -> str:
    """A day of both plays side by side; ``before`` is the place that was shown until now, from which things move."""
    day = escape(day_in_words(found, place))
    parts = " parts" if place == found.parts else ""
    plays = (found.mine, found.book)
    shown = "".join(
        _scene(name, play[place], ending, language, None if before is None else play[before])
        for name, play, ending in zip(columns(), plays, found.endings, strict=True)
    )
    return f"<h3 class='film-day{parts}'>{day}</h3><div class='film'>{shown}</div>"


def _scene(name: str, scene: Scene[Look], ending: str, language: str, before: Scene[Look] | None) -> str:
    steps = "".join(f"<li>{_step(taken, language)}</li>" for taken in scene.taken)
    steps = f"<ul class='steps'>{steps}</ul>" if steps else f"<p class='quiet'>{escape(_('Nothing was decided.'))}</p>"
    over = f"<p class='outcome'>{escape(_('The case is over: {ending}').format(ending=ending))}</p>"
    chart = scene.seen.chart if before is None else _moving(scene.seen.chart, before.seen.chart)
    return (
        f"<section aria-label='{escape(name)}'><h4>{escape(name)}</h4><div>{steps}{over if scene.over else ''}</div>"
        f"<div><div class='picture'>{chart_pictures(chart)}</div>{_where(scene)}</div>"
        f"<div>{_clocks(scene.seen.clocks)}</div><div>{_came(scene.came)}</div></section>"
    )


def _moving(chart: Chart, before: Chart) -> Chart:
    """A map whose marks come from where they stood on another day."""
    were = {mover.number: (mover.leg, mover.share) for mover in before.movers}
    return replace(chart, movers=[replace(mover, was=were.get(mover.number)) for mover in chart.movers])


def _step(taken: Taken, language: str) -> str:
    words = authors(language, escape(str(taken.words)), "span") if taken.title else escape(str(taken.words))
    title = authors(language, escape(taken.title), "span") if taken.title else escape(_("Done unasked"))
    own = f" <span class='mark'>{escape(_('with a letter of your own'))}</span>" if taken.own_letter else ""
    return f"<b>{title}</b><br>{words}{own}"


def _clocks(clocks: Sequence[Clock]) -> str:
    items = "".join(
        f"<li class='clock{' near' if clock.near else ''}'><b>{escape(clock.title)}</b>{escape(clock.words)}</li>"
        for clock in clocks
    )
    return f"<ul class='clocks' aria-label='{escape(_('Clocks'))}'>{items}</ul>"


def _came(messages: Sequence[Message]) -> str:
    """What came in, the latest first."""
    rows = [
        f"<p class='message'><b>{escape(message.sender)}</b><br>{escape(message.text)}</p>"
        for message in reversed(messages)
    ]
    if not rows:
        return f"<p class='quiet'>{escape(_('Nothing came in.'))}</p>"
    more = ""
    if len(rows) > NEWEST:
        words = many("{n} more message", "{n} more messages", len(rows) - NEWEST)
        more = f"<details><summary>{escape(words)}</summary>{''.join(rows[NEWEST:])}</details>"
    return f"<h4>{escape(_('What came in'))}</h4>{''.join(rows[:NEWEST])}{more}"


# All days on a line

EDGE = 12.0
MINE, BOOK = "#1f4e8c", "#2f5d3a"
APART = 12.0
"""Points by which two steps on a line lie apart at least; nearer ones stand in a row above."""


def days_line(found: SeatFilm, shown: int | None = None) -> str:
    """Both plays as lines of days, for a wide and for a narrow window, with a mark for each day on which something was
    decided: round for the trainee's, pointed for the book's. A rule marks where they part, another the day that is
    ``shown``."""
    return svg.in_two_widths(lambda width: _line(found, shown, width))


def _line(found: SeatFilm, shown: int | None, width: float) -> str:
    last = max(scene.day for scene in found.mine)
    lanes = ((columns()[0], found.mine, 42.0, MINE), (columns()[1], found.book, 98.0, BOOK))

    def x(day: int) -> float:
        return EDGE + (width - 2 * EDGE) * (day - 1) / max(1, last - 1)

    body = []
    if found.parts is not None:
        at, end = x(found.mine[found.parts].day), x(last)
        body.append(f"<rect x='{at:.1f}' y='22' width='{max(0.0, end - at):.1f}' height='96' fill='#fdf3f0'/>")
        body.append(f"<line x1='{at:.1f}' y1='14' x2='{at:.1f}' y2='118' stroke='#a33d28' stroke-width='2'/>")
        side = "end" if at > width * 0.7 else "start"
        body.append(svg.text(at + (-5 if side == "end" else 5), 18, _("here they part"), anchor=side, fill="#a33d28"))
    for name, play, y, colour in lanes:
        body.append(f"<line x1='{EDGE}' y1='{y}' x2='{width - EDGE}' y2='{y}' stroke='{svg.RULE}' stroke-width='2'/>")
        body.append(svg.text(EDGE, y + 20, name, fill=svg.FAINT, extra=svg.HALO))
        body += _marks(play, y, colour, x, pointed=colour == BOOK)
    if shown is not None:
        at = x(found.mine[shown].day)
        body.append(f"<line x1='{at:.1f}' y1='24' x2='{at:.1f}' y2='118' stroke='{svg.INK}' stroke-dasharray='3 3'/>")
        side = "end" if at > width * 0.8 else "start"
        words = _("day {day}").format(day=found.mine[shown].day)
        body.append(svg.text(at + (-4 if side == "end" else 4), 132, words, anchor=side))
    return svg.picture(width, 138, _("The days of both plays"), _line_in_words(found), "".join(body))


def _marks(play: Sequence[Scene[Look]], y: float, colour: str, x: object, *, pointed: bool) -> Iterator[str]:
    assert callable(x)
    before, height = -APART, 0
    for scene in play:
        if not scene.taken:
            continue
        at = x(scene.day)
        height = height + 1 if at - before < APART and height < 1 else 0
        before, top = at, y - 11 * height
        shape = f"<circle cx='{at:.1f}' cy='{top:.1f}' r='5' fill='{colour}' stroke='#fff'/>"
        if pointed:
            shape = f"<path d='M{at:.1f} {top - 6:.1f}l6 6l-6 6l-6 -6z' fill='{colour}' stroke='#fff'/>"
        said = "; ".join(taken.title or str(taken.words) for taken in scene.taken)
        tip = _("Day {day}: {what}.").format(day=scene.day, what=said)
        yield f"<g><title>{svg.escape(tip)}</title>{shape}</g>"


def _line_in_words(found: SeatFilm) -> str:
    told = []
    for name, play in zip(columns(), (found.mine, found.book), strict=True):
        steps = "; ".join(
            _("day {day}").format(day=scene.day) + f" {', '.join(t.title or str(t.words) for t in scene.taken)}"
            for scene in play
            if scene.taken
        )
        told.append(f"{name}: {steps}.")
    return " ".join([parting(found), *told])


# Both as a table


def side_by_side(found: SeatFilm, language: str) -> str:
    """The steps of both plays beside each other, with where everything stood then, for a page that stands alone."""
    rows = []
    for place, (mine, book) in enumerate(zip(found.mine, found.book, strict=True)):
        if not (mine.taken or book.taken or place == len(found.mine) - 1):
            continue
        parts = place == found.parts
        mark = f"<br><span class='mark'>{escape(_('here they part'))}</span>" if parts else ""
        day = f"<b>{escape(_('Day {day}').format(day=mine.day))}</b><br>{escape(dates.in_columns(mine.date))}{mark}"
        cells = "".join(
            f"<td>{_cell(scene, ending, language)}</td>"
            for scene, ending in zip((mine, book), found.endings, strict=True)
        )
        rows.append(f"<tr class='first{' parts' if parts else ''}'><td class='whole'>{day}</td>{cells}</tr>")
    head = f"<tr><th scope=col>{escape(_('Day'))}</th>" + "".join(f"<th scope=col>{escape(n)}</th>" for n in columns())
    return (
        f"<p>{escape(parting(found))}</p>{days_line(found)}{_timelines(found)}"
        f"<table class='beside'><thead>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _timelines(found: SeatFilm) -> str:
    """What was sent in both plays as bars over the same days."""
    first, until = found.mine[0], max(found.lasted)
    starts = first.date - timedelta(days=first.day - 1)
    drawn = []
    for name, lines, lasted in zip(columns(), found.requests, found.lasted, strict=True):
        draw = partial(_bars, lines, lasted, starts, until)
        drawn.append(f"<h3>{escape(name)}</h3>{svg.in_two_widths(draw)}")
    return "".join(drawn)


def _bars(lines: Sequence[RequestLine], lasted: float, starts: datetime, until: float, width: float) -> str:
    return svg.timeline(svg.bars_of(lines), lasted, starts=starts, until=until, width=width)


def _cell(scene: Scene[Look], ending: str, language: str) -> str:
    steps = "".join(f"<p>{_step(taken, language)}</p>" for taken in scene.taken)
    over = f"<p><b>{escape(_('The case is over: {ending}').format(ending=ending))}</b></p>" if scene.over else ""
    return f"{steps or '<p>–</p>'}{over}{'' if scene.over else _where(scene)}"


def _where(scene: Scene[Look]) -> str:
    """Where everything is that goes on, in words."""
    chart = scene.seen.chart
    names = {land.id: land.title for land in [chart.home, *chart.lands]}
    lines = [
        _("{number} · {state}: {where}").format(number=one.number, state=names[one.state], where=one.line)
        for one in chart.movers
        if one.leg != "over"
    ]
    return f"<ul class='where quiet'>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""
