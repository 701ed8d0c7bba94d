"""The seat's two pictures: where the requests are in time, and where they are among States."""

from __future__ import annotations

from sim.case.requests import DeskWork
from sim.i18n import _
from sim.training.debrief import request_lines
from sim.training.session import Session
from sim.training.telling import subject
from sim.views import svg
from sim.views.seat.clocks import clocks_of


def timeline_of(session: Session) -> str:
    """Requests as bars coloured by cause of time, with every clock."""
    run = session.run
    marks = [clock.mark for clock in clocks_of(session)]
    if not session.ended:
        marks.append(svg.Mark(run.day, _("today, day {day}").format(day=session.day), "today"))
    return svg.timeline(svg.bars_of(request_lines(session)), run.day, marks, starts=run.starts)


def map_of(session: Session) -> str:
    """Who has been asked for what; at a desk of requests from abroad, who has asked for what."""
    run = session.run
    states: dict[str, list[tuple[str, str]]] = {
        item.record.at: [] for item in run.evidence.values() if item.record.at != run.home
    }
    for request in run.requests.values():
        if not isinstance(request, DeskWork):
            states.setdefault(request.to, []).append((str(subject(run, request.id)), request.state))
    for paper in run.incoming.values():
        if paper.state != "not arrived":
            states.setdefault(paper.record.from_, []).append((paper.record.title, paper.state))
    titles = {id_: profile.title for id_, profile in session.scenario.jurisdictions.items()}
    return svg.request_map(run.home, states, titles, incoming=bool(run.incoming))
