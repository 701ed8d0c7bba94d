"""The debrief as pieces of HTML, shared by the notebook and the printed page. Everything that goes in is escaped.

It comes in three parts: what came of the play, the decisions beside their alternatives, what to take home.
"""

from __future__ import annotations

from datetime import datetime
from html import escape

from sim.training.debrief import Debrief, DecisionReview, RequestLine
from sim.training.scoring import AxisScore
from sim.views import svg
from sim.views.clocks import days
from sim.views.panels import AVAILABLE, STATES, feeling, paragraphs, provisions, worth


def debrief_panel(debrief: Debrief, *, starts: datetime | None = None) -> str:
    """The whole debrief as one piece. ``starts``, the story's first day, puts dates on the timeline."""
    return outcome(debrief, starts=starts) + decisions(debrief) + lessons(debrief)


def outcome(debrief: Debrief, *, starts: datetime | None = None) -> str:
    """How it ended, the score and its reasons, where the days went, evidence and people."""
    return (
        f"<div class='outcome'><h3>{escape(debrief.ending_title)}</h3>{paragraphs(debrief.ending_text)}"
        f"<p>Score <b>{debrief.total:.0f}</b> of 100</p></div>"
        f"<h2>Score by axis</h2>{scores(debrief)}"
        f"<h2>Where the days went</h2>{timeline(debrief, starts=starts)}{days_by_cause(debrief)}{chances(debrief)}"
        f"<h2>Evidence and people</h2>{evidence(debrief)}{people(debrief)}"
    )


def decisions(debrief: Debrief) -> str:
    """Every decision beside its alternatives."""
    reviews = "".join(review(item, debrief) for item in debrief.decisions)
    return f"<h2>Your decisions beside the others</h2><p class='quiet'>{_replayed(debrief)}</p>{reviews}"


def lessons(debrief: Debrief) -> str:
    """What to take home."""
    items = "".join(f"<li>{escape(lesson)}</li>" for lesson in debrief.lessons)
    return f"<h2>To take home</h2><ol>{items}</ol>" if items else ""


def scores(debrief: Debrief) -> str:
    """Score by axis, with the reasons."""
    picture = svg.score_bars([(axis.title, axis.value) for axis in debrief.scores])
    cited = {cite.reference: cite.article for item in debrief.decisions for cite in item.cites}
    rows = "".join(_reasons(axis, cited) for axis in debrief.scores)
    return f"{picture}<table><tr><th>Axis</th><th>Why</th><th>Provision</th></tr>{rows}</table>"


def _reasons(axis: AxisScore, cited: dict[str, str]) -> str:
    if not axis.reasons:
        return f"<tr class='first'><td>{escape(axis.title)}</td><td class='quiet'>nothing to judge</td><td></td></tr>"
    rows, first = [], " class='first'"
    for place, reason in enumerate(axis.reasons):
        kind = "" if axis.axis == "outcome" else f" class='{'good' if reason.good else 'bad'}'"
        rows.append(
            f"<tr{first if place == 0 else ''}>"
            f"<td>{'' if place else escape(axis.title)}</td><td{kind}>{escape(reason.text)}</td>"
            f"<td class='quiet'>{escape(cited.get(reason.cites, reason.cites))}</td></tr>"
        )
    return "".join(rows)


def timeline(debrief: Debrief, *, starts: datetime | None = None) -> str:
    """The debrief's timeline: requests, deadlines, and when the holders would have deleted."""
    marks = [svg.Mark(deadline["day"], deadline["title"]) for deadline in debrief.deadlines]
    marks += [
        svg.Mark(item["erased day"], f"{item['title']}: deleted by the holder unless preserved", "clock")
        for item in debrief.evidence
        if item["erased day"] is not None
    ]
    return svg.timeline(svg.bars_of(debrief.requests), debrief.days, marks, starts=starts)


def days_by_cause(debrief: Debrief) -> str:
    """A table of days by request and cause; each row adds up to the days the request took."""
    if not debrief.requests:
        return "<p class='quiet'>Nothing was sent.</p>"
    causes = [
        cause
        for cause in debrief.requests[0].days_by_cause
        if any(line.days_by_cause[cause] >= 0.05 for line in debrief.requests)
    ]
    head = "".join(f"<th class='number'>{escape(cause)}</th>" for cause in causes)
    rows = []
    for line in debrief.requests:
        cells = "".join(f"<td class='number'>{line.days_by_cause[cause]:.1f}</td>" for cause in causes)
        total = sum(line.days_by_cause.values())
        rows.append(
            f"<tr><td>{escape(line.subject)} <span class='quiet'>({escape(line.id)})</span></td>{cells}"
            f"<td class='number'><b>{total:.1f}</b></td></tr>"
        )
    return (
        f"<table class='days'><tr><th>Days by cause</th>{head}<th class='number'>together</th></tr>{''.join(rows)}"
        "</table><p class='quiet'>A bar runs through nights, weekends and holidays; the table counts them apart, as "
        "closed hours.</p>"
    )


def chances(debrief: Debrief) -> str:
    """What moved the chances of each request, with the provision and how sure the effect is."""
    rows = []
    for line in debrief.requests:
        for place, why in enumerate(line.why):
            rows.append(
                f"<tr><td>{'' if place else escape(line.subject)}</td><td>{escape(why.because)}</td>"
                f"<td>{escape(why.chance.replace('-', ' '))}: {100 * why.value:.0f} %</td>"
                f"<td class='quiet'>{escape(why.cites)}</td><td><span class='mark'>{escape(why.mark)}</span></td></tr>"
            )
    if not rows:
        return ""
    return (
        "<h3>What moved the chances of your requests</h3><table><tr><th>Request</th><th>Because</th>"
        f"<th>Chance then</th><th>Provision</th><th>Effect</th></tr>{''.join(rows)}</table>"
    )


def evidence(debrief: Debrief) -> str:
    """Evidence: what became of it, when, and what it is worth."""
    rows = "".join(
        f"<tr><td>{escape(item['title'])}</td><td>{escape(STATES.get(item['state'], item['state']))}</td>"
        f"<td>{worth(item['weight'])}</td><td>{_when(item)}</td></tr>"
        for item in debrief.evidence
    )
    return f"<table><tr><th>Evidence</th><th>State</th><th>Worth in court</th><th>When</th></tr>{rows}</table>"


def _when(item: dict[str, float | None]) -> str:
    if item["obtained day"] is not None:
        return f"came on day {int(item['obtained day']) + 1}"
    return "" if item["lost day"] is None else f"lost on day {int(item['lost day']) + 1}"


def people(debrief: Debrief) -> str:
    """People: whether they still take part, and how they are."""
    rows = "".join(
        f"<tr><td>{escape(person['title'])}</td><td>{escape(AVAILABLE.get(person['state'], person['state']))}</td>"
        f"<td>{feeling(person['wellbeing'])}</td></tr>"
        for person in debrief.people
    )
    return f"<table><tr><th>People</th><th>Takes part</th><th>Seems</th></tr>{rows}</table>" if rows else ""


def review(item: DecisionReview, debrief: Debrief) -> str:
    """One decision beside its alternatives."""
    rows = []
    for alternative in item.alternatives:
        values = [play.score for play in alternative.plays]
        endings = "; ".join(
            f"{escape(debrief.endings.get(ending, ending))} {count}×" for ending, count in alternative.endings().items()
        )
        mean = f"{alternative.mean:.0f}" if values else "–"
        text = escape(" ".join(item.texts[alternative.option].split()))
        rows.append(
            f"<tr class='first'><td class='{'taken' if alternative.taken else ''}'>"
            f"{'▸ ' if alternative.taken else ''}{text}{' (yours)' if alternative.taken else ''}</td>"
            f"<td class='number'>{mean}</td>"
            f"<td>{svg.strip(values, yours=debrief.total if alternative.taken else None, label=alternative.option)}"
            f"<span class='quiet'>{endings}</span></td></tr>"
        )
    said = f"<p><b>You wrote:</b> {escape(item.because)}</p>" if item.because else ""
    remark = f"<p class='quiet'>{escape(' '.join(item.remark.split()))}</p>" if item.remark else ""
    return (
        f"<section><h3>Day {item.day}: {escape(item.title)}</h3><p>{escape(' '.join(item.question.split()))}</p>"
        f"{said}{_expected(item, debrief)}"
        "<table class='review'><tr><th>Options</th><th class='number'>Mean score</th>"
        f"<th>Replays with the same luck, 0 to 100</th></tr>{''.join(rows)}</table>"
        f"{remark}{provisions(item.cites)}</section>"
    )


def _expected(item: DecisionReview, debrief: Debrief) -> str:
    """What the trainee expected, beside what came of what was sent that day."""
    came = "; ".join(came_of(line) for line in debrief.requests if int(line.sent) + 1 == item.day)
    came = came and f"<p><b>Sent that day:</b> {escape(came)}.</p>"
    if not item.predict:
        return came
    came = came or f"<p><b>What came:</b> nothing was sent that day; in the end: {escape(debrief.ending_title)}.</p>"
    return f"<p><b>You expected:</b> {escape(item.predict)}</p>{came}"


def came_of(line: RequestLine) -> str:
    """What came of a request, in words."""
    if line.ended is None:
        return f"{line.subject}: still {line.outcome}"
    return f"{line.subject}: {line.outcome} after {days(round(line.ended - line.sent))}"


def _replayed(debrief: Debrief) -> str:
    counts = [len(alternative.plays) for item in debrief.decisions for alternative in item.alternatives]
    if not any(counts):
        return "The other options have not been replayed yet."
    least, most = min(counts), max(counts)
    times = f"{most} time{'s' * (most != 1)}" if least == most else f"{least} to {most} times so far"
    return (
        f"Each option was replayed {times} with the same luck as your play; all other decisions stayed as they were. "
        "Each dot is a replay, the bar their mean, the diamond your play."
    )
