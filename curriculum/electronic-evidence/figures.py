"""The figures of this module, made from the simulation: ``python curriculum/electronic-evidence/figures.py``.

Plays `silent-harbour` many times in three ways that differ in the first decision only, and writes `figures.json` and
two pictures beside this file. The same seed gives the same numbers on every machine.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from html import escape
from pathlib import Path
from statistics import NormalDist, median
from typing import Any

from sim.case.plan import compile_case
from sim.engine.plan import Plan
from sim.model.loading import load
from sim.training.players import Scripted, play_through

HERE = Path(__file__).parent
CASE, SEED, EVIDENCE = "silent-harbour", 7, "terminal-logs"
WAYS = {
    "preserve-first": "preserved on the first day, letter after it",
    "letter-now": "half-written letter at once, nothing preserved",
    "gather-first": "waited, nothing preserved",
}
_plans: dict[str, Plan] = {}


def play(argument: tuple[str, int]) -> dict[str, Any]:
    """One play: whether and when the logs came, and when they were deleted."""
    way, replication = argument
    scenario = load(CASE)
    plan = _plans.setdefault(CASE, compile_case(scenario)) if CASE not in _plans else _plans[CASE]
    session = play_through(scenario, Scripted({"first-steps": way}), seed=SEED, replication=replication, plan=plan)
    item, start = session.run.evidence[EVIDENCE], session.run.start
    return {
        "obtained": None if item.obtained_at is None else round((item.obtained_at - start) / 86400, 1),
        "erased": round((item.erased_at - start) / 86400, 1),
    }


def wilson(successes: int, count: int, level: float = 0.95) -> tuple[float, float]:
    """Interval for a share (Wilson 1927)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = successes / count, z * z / count
    middle = (share + spread / 2) / (1 + spread)
    width = z / (1 + spread) * (share * (1 - share) / count + z * z / (4 * count * count)) ** 0.5
    return middle - width, middle + width


def measure(plays: int, processes: int = 2) -> dict[str, Any]:
    """The numbers of the module from ``plays`` plays of each way."""
    jobs = [(way, replication) for way in WAYS for replication in range(plays)]
    if processes == 1:
        results = list(map(play, jobs))
    else:
        with ProcessPoolExecutor(processes) as executor:
            results = list(executor.map(play, jobs, chunksize=4))
    found: dict[str, Any] = {"case": CASE, "hash": load(CASE).hash, "seed": SEED, "plays": plays, "ways": {}}
    for place, way in enumerate(WAYS):
        mine = results[place * plays : (place + 1) * plays]
        days = [p["obtained"] for p in mine if p["obtained"] is not None]
        low, high = wilson(len(days), plays)
        found["ways"][way] = {
            "in the file": len(days),
            "per cent": round(100 * len(days) / plays),
            "from": round(100 * low),
            "to": round(100 * high),
            "median days": round(median(days)) if days else None,
            "days": sorted(days),
        }
    found["erased"] = sorted(p["erased"] for p in results[:plays])
    return found


def shares(found: dict[str, Any]) -> str:
    """Shares with their intervals, as bars."""
    body = []
    for place, (way, words) in enumerate(WAYS.items()):
        numbers, y = found["ways"][way], 18 + 46 * place
        x = [20 + 4.6 * numbers[key] for key in ("per cent", "from", "to")]
        body.append(f"<text x='20' y='{y}'>{escape(words)}: {numbers['per cent']} of 100</text>")
        body.append(f"<rect x='20' y='{y + 6}' width='460' height='14' fill='#eef1f4'/>")
        body.append(f"<rect x='20' y='{y + 6}' width='{x[0] - 20:.0f}' height='14' fill='#2f6db5'/>")
        body.append(f"<path d='M{x[1]:.0f} {y + 13}H{x[2]:.0f}' stroke='#1f2933' stroke-width='2'/>")
    words = "; ".join(f"{w}: {found['ways'][k]['per cent']} of 100 plays" for k, w in WAYS.items())
    return _picture(500, 150, "Plays in which the connection logs were in the file at the end", words, "".join(body))


def race(found: dict[str, Any]) -> str:
    """Day by day: logs that have arrived under each way, against logs the holder would have deleted."""
    plays, last = found["plays"], 330
    lines = {"deleted unless preserved": (found["erased"], "#b2452e", "6 3")}
    dashes = ("", "2 3", "8 2 2 2")
    for (way, words), dash in zip(WAYS.items(), dashes, strict=True):
        lines[words] = (found["ways"][way]["days"], "#2f6db5", dash)
    body = ["<path d='M40 10V210H500' fill='none' stroke='#52606d'/>"]
    for day in range(0, last + 1, 30):
        body.append(f"<text x='{40 + 460 * day / last:.0f}' y='224' text-anchor='middle' fill='#52606d'>{day}</text>")
    for place, (words, (days, colour, dash)) in enumerate(lines.items()):
        path = "M40 210"
        for count, day in enumerate(days, 1):
            x = 40 + 460 * min(day, last) / last
            path += f"H{x:.1f}"
            path += f"V{210 - 200 * count / plays:.1f}"
        path += "H500"
        style = f"stroke='{colour}' stroke-width='2' stroke-dasharray='{dash}'"
        body.append(f"<path d='{path}' fill='none' {style}/>")
        y = 244 + 16 * place
        body.append(f"<path d='M40 {y - 4}H70' {style}/><text x='78' y='{y}'>{escape(words)}</text>")
    title = "Share of plays, by day: logs arrived, and logs the provider would have deleted"
    return _picture(520, 304, title, title + ". Horizontal axis: days since the first day.", "".join(body))


def _picture(width: int, height: int, title: str, description: str, body: str) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' role='img' viewBox='0 0 {width} {height}' "
        f"font-family='system-ui, sans-serif' font-size='12' fill='#1f2933'><title>{escape(title)}</title>"
        f"<desc>{escape(description)}</desc>{body}</svg>\n"
    )


def table(found: dict[str, Any]) -> str:
    """The numbers as the learner's page shows them."""
    rows = [
        "| The first day | Logs in the file at the end | 95 % interval | Median day of arrival |",
        "|---|---|---|---|",
    ]
    for way, words in WAYS.items():
        n = found["ways"][way]
        days = "–" if n["median days"] is None else n["median days"]
        rows.append(f"| {words} | {n['per cent']} of 100 plays | {n['from']}–{n['to']} | {days} |")
    return "\n".join([*rows, "", f"{found['plays']} plays each, seed {found['seed']}."])


def main() -> None:
    """Measure, and write the numbers, the pictures, and the table of the learner's page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plays", type=int, default=100, help="plays of each way")
    found = measure(parser.parse_args().plays)
    (HERE / "figures.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (HERE / "shares.svg").write_text(shares(found), encoding="utf-8")
    (HERE / "race.svg").write_text(race(found), encoding="utf-8")
    page = HERE / "index.md"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- figures:begin -->")
    _, _, after = rest.partition("<!-- figures:end -->")
    page.write_text(f"{before}<!-- figures:begin -->\n{table(found)}\n<!-- figures:end -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
