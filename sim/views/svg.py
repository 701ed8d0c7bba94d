"""Pictures as SVG strings: quick to redraw, readable by a screen reader, needing no library.

Every text that goes in is escaped; every picture has a title and a description; colour is never the only sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape as escape_html
from math import ceil
from zlib import crc32

from sim.i18n import Words, _, many
from sim.law.terms import outcome_in_words
from sim.model.causes import cause_named
from sim.training.debrief_records import RequestLine
from sim.views import dates

_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])
FONT = "font-family='system-ui, sans-serif' font-size='12'"
INK, FAINT, RULE = "#1f2933", "#52606d", "#cbd2d9"
HALO = "paint-order='stroke' stroke='#fff' stroke-width='3' stroke-linejoin='round'"
"""Keeps words readable where a line runs behind them."""


@dataclass(frozen=True)
class Bar:
    """One row of a timeline. Days are counted from the beginning of the story."""

    label: str
    note: str
    segments: Sequence[tuple[float, float, str, str]]
    """(first day, last day, cause, stage)."""


@dataclass(frozen=True)
class Mark:
    """A day that matters: a deadline, data erased, today."""

    day: float
    label: str
    kind: str = "deadline"
    """``deadline``, ``clock`` or ``today``."""


def escape(words: str | Words) -> str:
    """Text that is safe in an element and between quotes, without the characters XML does not know."""
    return escape_html(str(words).translate(_CONTROLS), quote=True)


WIDTHS = {"wide": 900.0, "narrow": 480.0}
"""Of pictures of days, in a wide window and in a narrow one."""


def in_two_widths(draw: Callable[[float], str]) -> str:
    """A picture for a wide and for a narrow window, in a frame of which the style shows one."""
    drawn = "".join(f"<div class='{name}'>{draw(width)}</div>" for name, width in WIDTHS.items())
    return f"<div class='picture'>{drawn}</div>"


def picture(width: float, height: float, title: str, description: str, body: str) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' role='img' viewBox='0 0 {width:.0f} {height:.0f}' "
        f"style='display:block;width:100%;max-width:{width:.0f}px;height:auto' aria-label='{escape(title)}' {FONT}>"
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{body}</svg>"
    )


def patterns(key: str) -> str:
    """Hatching laid over colours, so that they can be told apart in black and white.

    ``key`` keeps the ids of two pictures on a page apart: a pattern inside a hidden picture is not painted.
    """
    return (
        "<defs>"
        f"<pattern id='mla-diagonal-{key}' width='6' height='6' patternUnits='userSpaceOnUse' "
        "patternTransform='rotate(45)'>"
        "<line x1='0' y1='0' x2='0' y2='6' stroke='#fff' stroke-width='1.6'/></pattern>"
        f"<pattern id='mla-dots-{key}' width='5' height='5' patternUnits='userSpaceOnUse'>"
        "<circle cx='2.5' cy='2.5' r='1' fill='#fff'/></pattern>"
        f"<pattern id='mla-stripes-{key}' width='4' height='4' patternUnits='userSpaceOnUse'>"
        "<line x1='0' y1='2' x2='4' y2='2' stroke='#fff' stroke-width='1'/></pattern>"
        f"<pattern id='mla-cross-{key}' width='6' height='6' patternUnits='userSpaceOnUse'>"
        "<path d='M0 0L6 6M6 0L0 6' stroke='#fff' stroke-width='0.9'/></pattern>"
        "</defs>"
    )


def text(x: float, y: float, words: str | Words, *, anchor: str = "start", fill: str = INK, extra: str = "") -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' fill='{fill}' {extra}>{escape(words)}</text>"


def block(x: float, y: float, width: float, height: float, cause: str, tip: str, key: str) -> str:
    drawn = cause_named(cause)
    place = f"x='{x:.1f}' y='{y:.1f}' width='{max(width, 1.0):.1f}' height='{height:.1f}'"
    hatch = f"<rect {place} fill='url(#mla-{drawn.pattern}-{key})'/>" if drawn.pattern else ""
    return f"<g><title>{escape(tip)}</title><rect {place} fill='{drawn.colour}'/>{hatch}</g>"


def timeline(
    bars: Sequence[Bar],
    days: float,
    marks: Sequence[Mark] = (),
    *,
    starts: datetime | None = None,
    width: float = 860.0,
    until: float | None = None,
) -> str:
    """Requests as bars coloured by cause of time, against days of the story, each bar below its name.

    The days are those up to today (``days``) and the last mark, or up to ``until``; a mark later than that stands at
    the edge with its day. ``starts`` puts dates below the days. Day 1 is the first.
    """
    left, right, row = 12.0, 12.0, 50.0
    top = 34.0 + 15 * max(0, len(marks) - 1)
    end = max(1.0, days, until) if until is not None else max([1.0, days] + [m.day for m in marks])
    scale = (width - left - right) / end

    def x(day: float) -> float:
        return left + scale * min(max(day, 0.0), end)

    bottom = top + row * max(1, len(bars))
    key = f"{crc32(_describe(bars, marks).encode(errors='replace')):x}-{len(bars)}-{days:.0f}-{width:.0f}"
    body = [patterns(key)]
    if until is not None and days < end:
        body.append(
            f"<rect x='{x(days):.1f}' y='{top}' width='{x(end) - x(days):.1f}' height='{bottom - top}' fill='#f5f8fb'/>"
        )
    body += _days(x, end, top, bottom, starts, most=width / 62)
    if not bars:
        body.append(text(left + 8, top + 19, _("Nothing has been sent yet."), fill=FAINT, extra=HALO))
    used: dict[str, None] = {}
    letters = int((width - left - right) / 7)
    for place, bar in enumerate(bars):
        y = top + row * place + 22
        # Where there is no room for all of a note, its last part goes first.
        note = bar.note if len(bar.note) <= letters // 2 else bar.note.rpartition(" · ")[0] or bar.note
        named = short(bar.label, max(12, letters - len(note) - 4))
        body.append(
            f"<text x='{left}' y='{y - 5:.1f}' fill='{INK}' {HALO}>{escape(named)} "
            f"<tspan fill='{FAINT}'>{escape(short(note, letters // 2))}</tspan></text>"
        )
        for first, final, cause, stage in bar.segments:
            used[cause] = None
            tip = _("{stage}: {cause}, {days} days (day {first} to {last})").format(
                stage=stage,
                cause=cause_named(cause).words,
                days=f"{final - first:.1f}",
                first=day_number(first),
                last=max(day_number(first), ceil(final)),
            )
            body.append(block(x(first), y, scale * (final - first), 18, cause, tip, key))
    # By their days; today stands lowest, so that its line crosses no words.
    marks = sorted(marks, key=lambda mark: (mark.kind == "today", mark.day))
    for place, mark in enumerate(marks):
        dash = {"deadline": "", "clock": "stroke-dasharray='5 3'", "today": "stroke-dasharray='1 3'"}[mark.kind]
        y = 22 + 15 * place
        body.append(
            f"<line x1='{x(mark.day):.1f}' y1='{y}' x2='{x(mark.day):.1f}' y2='{bottom}' stroke='{INK}' {dash}/>"
        )
    for place, mark in enumerate(marks):
        words, at = mark.label, x(mark.day)
        if mark.day > end:
            words = _("{what}, day {day} →").format(what=short(mark.label, letters - 14), day=day_number(mark.day))
        side = "end" if at > width * 0.6 else "start"
        room = int((at - left if side == "end" else width - right - at) / 6)
        shown = short(words, max(room, 12))
        body.append(text(at + (-4 if side == "end" else 4), 23 + 15 * place, shown, anchor=side, extra=HALO))
    height = bottom + (40 if starts is not None else 26)
    in_a_row = max(1, int(width / 280))
    body.append(_legend(used, height, key, in_a_row))
    height += 18 * ceil(len(used) / in_a_row) + 6
    return picture(width, height, _("Timeline of requests"), _describe(bars, marks), "".join(body))


def day_number(day: float) -> int:
    """Days that have passed, as the number of the day that runs: the first is day 1."""
    return int(day) + 1


def _days(
    x: Callable[[float], float], end: float, top: float, bottom: float, starts: datetime | None, *, most: float
) -> Iterator[str]:
    """The beginnings of days as lines, ``most`` of them at most, with their numbers and dates."""
    step = next((s for s in (1, 2, 7, 14, 30, 60, 90, 180, 365) if end / s <= most), 365)
    for tick in range(0, int(end) + 1, step):
        yield f"<line x1='{x(tick):.1f}' y1='{top}' x2='{x(tick):.1f}' y2='{bottom}' stroke='{RULE}'/>"
        anchor = "start" if tick == 0 else "end" if x(tick) > x(end) - 20 else "middle"
        words = _("day {day}").format(day=tick + 1)
        yield text(x(tick), bottom + 15, words, anchor=anchor, fill=FAINT)
        if starts is not None:
            date = dates.in_short(starts + timedelta(days=tick))
            yield text(x(tick), bottom + 29, date, anchor=anchor, fill=FAINT, extra="font-size='11'")


def _legend(causes: Mapping[str, None], top: float, key: str, in_a_row: int) -> str:
    parts = []
    for place, cause in enumerate(causes):
        words = cause_named(cause).words
        x, y = 12 + 280 * (place % in_a_row), top + 18 * (place // in_a_row)
        parts.append(block(x, y, 14, 11, cause, str(words), key) + text(x + 20, y + 10, words))
    return "".join(parts)


def _describe(bars: Sequence[Bar], marks: Sequence[Mark]) -> str:
    """The picture in words, for those who do not see it."""
    words = []
    for bar in bars:
        sums: dict[str, float] = {}
        for first, final, cause, _stage in bar.segments:
            sums[cause] = sums.get(cause, 0.0) + final - first
        parts = ", ".join(
            f"{cause_named(cause).words} {many('{n} day', '{n} days', round(total))}" for cause, total in sums.items()
        )
        words.append(f"{bar.label} ({bar.note}): {parts or _('not begun')}.")
    for mark in marks:
        words.append(_("Day {day}: {what}.").format(day=day_number(mark.day), what=mark.label))
    return " ".join(words) or _("Nothing has been sent yet.")


def strip(
    values: Sequence[float], *, low: float = 0.0, high: float = 100.0, yours: float | None = None, label: str = ""
) -> str:
    """A distribution as dots on a line: each replay a dot, the mean a bar, your own play a diamond."""
    width, height = 260.0, 26.0

    def x(value: float) -> float:
        return 6 + (width - 12) * (min(max(value, low), high) - low) / (high - low)

    body = [f"<line x1='6' y1='19' x2='{width - 6}' y2='19' stroke='{RULE}'/>"]
    stacked: dict[int, int] = {}
    for value in sorted(values):
        slot = round(x(value) / 3)
        stacked[slot] = stacked.get(slot, 0) + 1
        body.append(
            f"<circle cx='{x(value):.1f}' cy='{19 - 2.5 * min(stacked[slot] - 1, 5):.1f}' r='2.2' "
            "fill='#2f6db5' fill-opacity='0.6'/>"
        )
    words = _("{label}: no replays yet").format(label=label) if not values else ""
    if values:
        mean = sum(values) / len(values)
        body.append(f"<line x1='{x(mean):.1f}' y1='2' x2='{x(mean):.1f}' y2='25' stroke='{INK}' stroke-width='2'/>")
        words = _("{label}: mean {mean}, from {least} to {most}, {count} replays").format(
            label=label, mean=f"{mean:.0f}", least=f"{min(values):.0f}", most=f"{max(values):.0f}", count=len(values)
        )
    if yours is not None:
        at = x(yours)
        body.append(f"<path d='M{at:.1f} 13l5 6l-5 6l-5 -6z' fill='#b2452e' stroke='#fff'/>")
        words += _("; yours {score}").format(score=f"{yours:.0f}")
    return picture(width, height, words, words, "".join(body))


def score_bars(scores: Sequence[tuple[str, float | None]]) -> str:
    """Axes of the score as bars from 0 to 100."""
    width, row = 520.0, 22.0
    body = []
    for place, (title, value) in enumerate(scores):
        y = 4 + row * place
        body.append(text(180, y + 12, title, anchor="end"))
        body.append(f"<rect x='190' y='{y}' width='280' height='14' fill='#eef1f4'/>")
        if value is None:
            body.append(text(194, y + 12, _("nothing to judge"), fill=FAINT))
        else:
            body.append(f"<rect x='190' y='{y}' width='{280 * value:.1f}' height='14' fill='#2f6db5'/>")
            body.append(text(478, y + 12, f"{100 * value:.0f}"))
    words = "; ".join(f"{t}: {_('nothing to judge') if v is None else f'{100 * v:.0f}'}" for t, v in scores)
    return picture(width, 8 + row * len(scores), _("Score by axis"), words, "".join(body))


def short(words: str, length: int) -> str:
    return words if len(words) <= length else words[: length - 1] + "…"


def bars_of(lines: Sequence[RequestLine]) -> list[Bar]:
    """Timeline rows from the request lines of a debrief."""
    return [
        Bar(
            line.name,
            str(outcome_in_words(line.outcome)),
            [(s.start, s.end, s.cause, s.title) for s in line.segments],
        )
        for line in lines
    ]
