"""Small pictures for the cases, drawn here: a few flat shapes each, on a quiet ground."""

from __future__ import annotations

_GROUND, _FAR, _NEAR, _LIGHT, _DARK, _RED = "#e6eef7", "#a9c1dd", "#2f6db5", "#f6c667", "#1f2933", "#b2452e"


def _box(x: float, y: float, width: float, height: float, fill: str, edge: str = "none") -> str:
    return f"<rect x='{x}' y='{y}' width='{width}' height='{height}' fill='{fill}' stroke='{edge}'/>"


def _line(path: str, colour: str, width: float = 3) -> str:
    return f"<path d='{path}' fill='none' stroke='{colour}' stroke-width='{width}' stroke-linecap='round'/>"


def _shape(path: str, fill: str) -> str:
    return f"<path d='{path}' fill='{fill}'/>"


def _disc(x: float, y: float, radius: float, fill: str, edge: str = "none") -> str:
    return f"<circle cx='{x}' cy='{y}' r='{radius}' fill='{fill}' stroke='{edge}' stroke-width='4'/>"


def _flower(x: float, y: float) -> str:
    petals = f"M{x - 6} {y}a6 6 0 0 1 12 0 6 6 0 0 1-12 0"
    return _disc(x, y, 13, _RED) + _line(petals, "#fff", 2)


_WINDOWS = ((36, 44, _FAR), (52, 44, _LIGHT), (36, 60, _FAR), (86, 34, _FAR), (102, 34, _LIGHT), (110, 52, _FAR))

MOTIFS: dict[str, str] = {
    "harbour": _box(0, 56, 160, 34, _FAR)
    + _shape("M30 56h72l-10 16H42z", _NEAR)
    + _box(58, 40, 22, 16, _DARK)
    + _line("M69 18v22", _DARK)
    + _disc(130, 24, 9, _LIGHT)
    + _line("M0 76q10-6 20 0t20 0 20 0 20 0 20 0 20 0 20 0 20 0", "#fff", 2),
    "roses": _line("M62 82Q70 52 58 34M82 82V30M102 82Q94 56 108 36", _NEAR, 4)
    + "".join(_flower(x, y) for x, y in ((56, 28), (82, 22), (110, 30))),
    "walls": _box(28, 34, 42, 48, _NEAR)
    + _box(78, 24, 50, 58, _DARK)
    + "".join(_box(x, y, 8, 8, fill) for x, y, fill in _WINDOWS)
    + _line("M8 82h144M8 70h144", _DARK, 2)
    + "".join(_line(f"M{x} 66v20", _DARK, 2) for x in range(12, 152, 14)),
    "desk": _box(18, 62, 124, 8, _DARK)
    + _line("M30 70v18M130 70v18", _DARK, 5)
    + "".join(_box(40 + n, 56 - 7 * n, 46, 6, _FAR if n % 2 else "#fff", _NEAR) for n in range(5))
    + _line("M112 62V36l12-10", _NEAR, 4)
    + _shape("M112 30l22-8-4 16z", _LIGHT),
    "voice": _box(34, 18, 92, 54, _DARK)
    + _box(40, 24, 80, 42, _FAR)
    + _disc(80, 40, 9, _NEAR)
    + _shape("M62 66a18 16 0 0 1 36 0z", _NEAR)
    + _box(72, 72, 16, 8, _DARK)
    + _box(58, 80, 44, 4, _DARK),
    "clock": _disc(80, 46, 32, "#fff", _DARK)
    + _line("M80 46V24M80 46l16 10", _NEAR, 4)
    + "".join(_disc(x, y, 2.4, _DARK) for x, y in ((80, 19), (107, 46), (80, 73), (53, 46))),
    "letter": _box(36, 24, 88, 54, "#fff", _DARK) + _line("M38 27l42 30 42-30", _NEAR, 4),
}
"""What a case may be pictured by: the inside of an SVG of 160 by 90."""


def motif(name: str) -> str:
    """A picture; it says nothing that the words beside it do not say."""
    ground = _box(0, 0, 160, 90, _GROUND)
    fits = "preserveAspectRatio='xMidYMid slice'"
    return f"<svg viewBox='0 0 160 90' {fits} role='presentation' aria-hidden='true'>{ground}{MOTIFS[name]}</svg>"
