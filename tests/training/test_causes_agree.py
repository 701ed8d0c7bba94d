"""One play: debrief, terminal, page, table and figures give the same days by the same names."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

import sim
from sim.model.causes import CAUSES, UNDER_WAY
from sim.record import tables
from sim.record.causes import causes_of
from sim.training.debrief import debrief
from sim.views.seat import debrief_panels
from sim.views.terminal import play


def test_days_by_cause_are_the_same_wherever_they_are_shown() -> None:
    session = sim.play("silent-harbour", seed=7)
    while not session.ended:
        question = session.question
        if question is None:
            session.go_on()
        else:
            session.choose(next(iter(question.options)))
    found = debrief(session, replays=0)
    table = tables.requests(session.log).set_index("request")
    console = Console(file=io.StringIO(), width=400)
    console.print(play._causes(found.requests))
    assert isinstance(console.file, io.StringIO)
    head, *shown = console.file.getvalue().splitlines()
    rows = {line.id: row.partition(line.name)[2].split() for line, row in zip(found.requests, shown, strict=False)}
    marks = head.split()[-len(next(iter(rows.values()))) :]
    page = debrief_panels.days_by_cause(found)
    for name, cause in CAUSES.items():
        days = [line.days_by_cause[name] for line in found.requests]
        assert days == pytest.approx([table.loc[line.id, f"days {name}"] for line in found.requests])
        if max(days) >= 0.05:
            place = marks.index(cause.mark)
            assert [row[place] for row in rows.values()] == [f"{value:.1f}" for value in days]
            assert f"{cause.mark} {cause.words}" in " ".join(" ".join(shown).split())
            assert f">{cause.words}</th>" in page
    index = {name: place for place, name in session.log.names.items()}
    for line in found.requests:
        assert list(line.days_by_cause) == list(CAUSES)
        assert {segment.cause for segment in line.segments} <= {*CAUSES, UNDER_WAY.name}
        if line.ended is not None:
            assert sum(line.days_by_cause.values()) == pytest.approx(line.ended - line.sent)
        assert sum(causes_of(session.log, index[line.id]).values()) == pytest.approx(
            86_400 * sum(line.days_by_cause.values())
        )
    assert any(line.days_by_cause["transmission"] > 1 for line in found.requests)
