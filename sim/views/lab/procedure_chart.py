"""A procedure as a chart: its stages from top to bottom, with the ways between them."""

from __future__ import annotations

from textwrap import wrap

from sim.i18n import _
from sim.law.procedure_terms import stage_in_words
from sim.model.procedure import Procedure
from sim.views.svg import FAINT, INK, RULE, picture, text

_WIDTH, _BOX, _HIGH, _ROW = 860.0, 150.0, 32.0, 60.0


def procedure_chart(procedure: Procedure) -> str:
    """Stages by their distance from the first one; ways back are dashed, ends are rounded. All refusals are one end."""
    rows = _rows(procedure)
    places: dict[str, tuple[float, float, float]] = {}
    for depth, row in enumerate(rows):
        box = min(_BOX, 0.94 * _WIDTH / len(row))
        for place, name in enumerate(row):
            places[name] = (_WIDTH * (place + 0.5) / len(row), 8 + _ROW * depth, box)
    ways, boxes = [], []
    for name, (x, y, box) in places.items():
        stage = procedure.stages[name]
        for to in _next(procedure, name):
            ways.append(_way(places[name], places[to]))
        radius, fill = (_HIGH / 2, "#f5f8fb") if stage.end else (3, "#fff")
        boxes.append(
            f"<rect x='{x - box / 2:.1f}' y='{y:.1f}' width='{box:.1f}' height='{_HIGH:.0f}' rx='{radius:g}' "
            f"fill='{fill}' stroke='{INK if stage.performer or stage.end else RULE}'/>"
        )
        lines = wrap(_title(procedure, name), max(int(box / 5.2), 6), max_lines=2, placeholder=" …")
        top = y + _HIGH / 2 + 4 - 6 * (len(lines) - 1)
        for line, words in enumerate(lines):
            boxes.append(text(x, top + 12 * line, words, anchor="middle", extra="font-size='10'"))
    height = 8 + _ROW * len(rows)
    title = _("Stages of the procedure: {title}").format(title=procedure.title)
    return picture(_WIDTH, height, title, in_order(procedure), "".join(ways + boxes))


def in_order(procedure: Procedure) -> str:
    """Every stage and where it goes on, in words."""
    found = []
    for row in _rows(procedure):
        for name in row:
            ways = " / ".join(_title(procedure, to) for to in _next(procedure, name))
            found.append(f"{_title(procedure, name)} → {ways}." if ways else f"{_title(procedure, name)}.")
    return " ".join(found)


def _rows(procedure: Procedure) -> list[list[str]]:
    """Stages by the number of steps to them from the start; those that nothing leads to are left out."""
    rows, seen = [[procedure.start]], {procedure.start}
    while rows[-1]:
        following = [to for name in rows[-1] for to in _next(procedure, name)]
        fresh = [name for name in dict.fromkeys(following) if name not in seen]
        seen.update(fresh)
        rows.append(fresh)
    return rows[:-1]


def _next(procedure: Procedure, name: str) -> list[str]:
    """Where a stage can go on; the first refusal stands for all."""
    refusals = [id_ for id_, stage in procedure.stages.items() if stage.end == "refused"]
    ways = [branch.to for branch in procedure.stages[name].then]
    return list(dict.fromkeys(refusals[0] if to in refusals else to for to in ways))


def _title(procedure: Procedure, name: str) -> str:
    stage = procedure.stages[name]
    return _("refused") if stage.end == "refused" else str(stage_in_words(stage))


def _way(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    (x, y, box), (to_x, to_y, to_box) = start, end
    if to_y > y:
        y += _HIGH
        middle = (y + to_y) / 2
        path = f"M{x:.1f} {y:.1f}C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}"
        head = f"<path d='M{to_x:.1f} {to_y:.1f}l-3 -6h6z' fill='{FAINT}'/>"
        return f"<path d='{path}' fill='none' stroke='{FAINT}'/>{head}"
    side = 1 if to_x >= x else -1
    x, to_x = x + side * box / 2, to_x + side * to_box / 2
    out = (max(x, to_x) + 14) if side > 0 else (min(x, to_x) - 14)
    path = f"M{x:.1f} {y + 15:.1f}C{out:.1f} {y + 15:.1f} {out:.1f} {to_y + 15:.1f} {to_x:.1f} {to_y + 15:.1f}"
    return f"<path d='{path}' fill='none' stroke='{FAINT}' stroke-dasharray='4 3'/>"
