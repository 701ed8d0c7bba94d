"""Pieces of HTML that the notebook app and the printed debrief share. Everything that goes in is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sim.training.debrief import Debrief, DecisionReview
from sim.training.messages import Message
from sim.training.session import Session
from sim.views import svg

STYLE = """
.mla{font:15px/1.5 system-ui,sans-serif;color:#1f2933;max-width:72rem}
.mla h2{font-size:1.15rem;line-height:1.35;margin:1.6em 0 .5em;padding-bottom:.2em;border-bottom:1px solid #cbd2d9}
.mla>h2:first-child,.mla .outcome h3{margin-top:.3em}
.mla h3{font-size:1rem;margin:1.2em 0 .3em}
.mla p{margin:.4em 0;max-width:46rem}
.mla table{border-collapse:collapse;font-size:.92em;margin:.6em 0 1.2em}
.mla th,.mla td{padding:.25em .8em .25em 0;text-align:left;vertical-align:top}
.mla th{font-weight:600;color:#52606d;border-bottom:1px solid #cbd2d9}
.mla td.number{text-align:right;font-variant-numeric:tabular-nums}
.mla .outcome{border-left:4px solid #2f6db5;padding:.2em 1em;background:#f5f8fb}
.mla .quiet{color:#52606d}
.mla .taken{font-weight:600}
.mla .mark{font-size:.82em;color:#7a4b00;background:#fff4dc;padding:0 .4em;border-radius:3px}
.mla ol,.mla ul{margin:.3em 0 .3em 1.2em;padding:0}
.mla .message{margin:0 0 .7em}
.mla .message b{font-weight:600}
.mla .message.inject{border-left:3px solid #c98a12;padding-left:.6em}
.mla .option{margin:.3em 0 .5em .6em}
.mla .clock{display:inline-block;margin:0 1.2em .2em 0}
.mla .clock b{font-variant-numeric:tabular-nums}
.mla-seat{background:#fff;padding:4px 14px 14px;--jp-widgets-label-color:#1f2933;--jp-widgets-input-color:#1f2933;
--jp-widgets-input-background-color:#fff;--jp-widgets-input-border-color:#8795a1;--jp-ui-font-color0:#1f2933;
--jp-ui-font-color1:#1f2933;--jp-ui-font-color2:#52606d;--jp-ui-font-color3:#52606d;--jp-layout-color1:#fff;
--jp-layout-color2:#eef1f4;--jp-layout-color3:#dde3e9;--jp-border-color1:#cbd2d9;--jp-border-color2:#dde3e9}
.mla-seat .widget-html-content{line-height:1.5;white-space:normal}
.rtl .mla,.rtl.mla{direction:rtl;text-align:right}
"""

WELLBEING = ((0.7, "doing well"), (0.5, "holding up"), (0.3, "under strain"), (0.0, "in distress"))


def wrap(body: str) -> str:
    """A piece with the style it needs."""
    return f"<style>{STYLE}</style><div class='mla'>{body}</div>"


def paragraphs(text: str) -> str:
    """Plain text as paragraphs."""
    blocks = [" ".join(block.split()) for block in text.strip().split("\n\n")]
    return "".join(f"<p>{escape(block)}</p>" for block in blocks if block)


def header(session: Session) -> str:
    """Title, seat, date and day."""
    case = session.case
    return (
        f"<h2>{escape(case.title)}</h2><p><b>Day {session.day}</b> · {session.now:%A, %d %B %Y} · "
        f"<span class='quiet'>{escape(case.role.title)}</span></p>"
    )


def introduction(session: Session) -> str:
    """Content note, story, objectives."""
    case = session.case
    goals = "".join(f"<li>{escape(goal)}</li>" for goal in case.objectives)
    return (
        f"<p><b>Before you begin.</b> {escape(' '.join(case.content_note.split()))}</p>"
        f"{paragraphs(case.story)}<p><b>What this case is for</b></p><ul>{goals}</ul>"
    )


def clocks(session: Session) -> str:
    """What does not wait: deadlines and preservations, in days."""
    run = session.run
    found = []
    for id_, deadline in session.case.deadlines.items():
        days = (run.deadline(id_) - run.now) // 86400
        words = "passed" if days < 0 or session.ended else f"in <b>{days}</b> days" if days else "<b>today</b>"
        found.append(f"<span class='clock'>{escape(deadline.title)}: {words}</span>")
    for item in run.evidence.values():
        if item.state(run.now) == "preserved" and item.preserved_until is not None:
            days = (item.preserved_until - run.now) // 86400
            found.append(f"<span class='clock'>{escape(item.record.title)}: preserved for <b>{days}</b> days</span>")
    return f"<p aria-label='Clocks'>{''.join(found)}</p>"


def inbox(messages: Sequence[Message], session: Session, *, newest: int = 40) -> str:
    """Messages, the newest first."""
    rows = []
    for message in reversed(messages[-newest:]):
        moment = session.run.moment(message.moment)
        kind = " inject" if message.kind == "inject" else ""
        rows.append(
            f"<div class='message{kind}'><span class='quiet'>{moment:%d %b}</span> <b>{escape(message.sender)}</b><br>"
            f"{escape(message.text)}</div>"
        )
    return "".join(rows) or "<p class='quiet'>No messages yet.</p>"


def case_file(session: Session) -> str:
    """Evidence with its state and worth; people and how they are."""
    run = session.run
    rows = []
    for item in run.evidence.values():
        # A trainee cannot see into the holder's archive: what is gone without a word still counts as sought.
        state = item.state(run.now)
        rows.append(
            f"<tr><td>{escape(item.record.title)}</td><td>{escape(item.record.holder)}</td><td>{escape(state)}</td>"
            f"<td>{_keeps(item.record)}</td></tr>"
        )
    people = []
    for id_, person in run.people.items():
        feeling = next(words for least, words in WELLBEING if person.wellbeing >= least)
        people.append(
            f"<tr><td>{escape(person.record.title)}</td><td>{run.person_state(id_)}</td><td>{feeling}</td>"
            f"<td>{escape(', '.join(sorted(person.supports)) or 'no support arranged')}</td></tr>"
        )
    return (
        "<table><tr><th>Evidence</th><th>Held by</th><th>State</th><th>Kept</th></tr>" + "".join(rows) + "</table>"
        "<table><tr><th>People</th><th>Reach</th><th>Seems</th><th>Support</th></tr>" + "".join(people) + "</table>"
    )


def _keeps(record: object) -> str:
    return "for a time only" if getattr(record, "retention", None) is not None else "does not perish"


def scores(debrief: Debrief) -> str:
    """Score by axis, with the reasons."""
    picture = svg.score_bars([(axis.title, axis.value) for axis in debrief.scores])
    reasons = "".join(
        f"<li><b>{escape(axis.title)}</b>: "
        + escape("; ".join(reason.text for reason in axis.reasons) or "nothing to judge")
        + "</li>"
        for axis in debrief.scores
    )
    return f"{picture}<details><summary>Why</summary><ul>{reasons}</ul></details>"


def days_by_cause(debrief: Debrief) -> str:
    """A table of days by request and cause; each column adds up to the days the request took."""
    if not debrief.requests:
        return "<p class='quiet'>Nothing was sent.</p>"
    causes = list(debrief.requests[0].days_by_cause)
    head = "".join(f"<th>{escape(line.id)}</th>" for line in debrief.requests)
    rows = []
    for cause in causes:
        if any(line.days_by_cause[cause] >= 0.05 for line in debrief.requests):
            cells = "".join(f"<td class='number'>{line.days_by_cause[cause]:.1f}</td>" for line in debrief.requests)
            rows.append(f"<tr><td>{escape(cause)}</td>{cells}</tr>")
    total = "".join(
        f"<td class='number'><b>{sum(line.days_by_cause.values()):.1f}</b></td>" for line in debrief.requests
    )
    return (
        f"<table><tr><th>Days by cause</th>{head}</tr>{''.join(rows)}<tr><td><b>together</b></td>{total}</tr></table>"
    )


def timeline(debrief: Debrief) -> str:
    """The debrief's timeline."""
    marks = [svg.Mark(deadline["day"], deadline["title"]) for deadline in debrief.deadlines]
    marks += [
        svg.Mark(item["erased day"], f"{item['title']}: deleted by the holder unless preserved", "clock")
        for item in debrief.evidence
        if item["erased day"] is not None
    ]
    return svg.timeline(svg.bars_of(debrief.requests), debrief.days, marks)


def review(item: DecisionReview, debrief: Debrief) -> str:
    """One decision beside its alternatives."""
    rows = []
    for alternative in item.alternatives:
        values = [play.score for play in alternative.plays]
        endings = "; ".join(
            f"{escape(debrief.endings.get(ending, ending))} {count}×" for ending, count in alternative.endings().items()
        )
        mean = f"{alternative.mean:.0f}" if values else "–"
        rows.append(
            f"<tr><td class='{'taken' if alternative.taken else ''}'>{'▸ ' if alternative.taken else ''}"
            f"{escape(item.texts[alternative.option].strip())}</td><td class='number'>{mean}</td>"
            f"<td>{svg.strip(values, yours=debrief.total if alternative.taken else None, label=alternative.option)}"
            f"<span class='quiet'>{endings}</span></td></tr>"
        )
    cites = "".join(
        f"<li><b>{escape(cite.article)}</b> {escape(cite.says)} <span class='mark'>{escape(cite.sureness)}</span></li>"
        for cite in item.cites
    )
    said = f"<p><b>You wrote:</b> {escape(item.because)}</p>" if item.because else ""
    expected = f"<p><b>You expected:</b> {escape(item.predict)}</p>" if item.predict else ""
    remark = f"<p class='quiet'>{escape(' '.join(item.remark.split()))}</p>" if item.remark else ""
    return (
        f"<h3>Day {item.day}: {escape(item.title)}</h3><p>{escape(' '.join(item.question.split()))}</p>{said}{expected}"
        f"<table><tr><th>Options</th><th>Score</th><th>Replays with the same luck, 0 to 100</th></tr>"
        f"{''.join(rows)}</table>{remark}<ul>{cites}</ul>"
    )


def debrief_panel(debrief: Debrief) -> str:
    """The whole debrief as one piece."""
    lessons = "".join(f"<li>{escape(lesson)}</li>" for lesson in debrief.lessons)
    evidence = "".join(
        f"<tr><td>{escape(item['title'])}</td><td>{escape(item['state'])}</td></tr>" for item in debrief.evidence
    )
    return (
        f"<div class='outcome'><h3>{escape(debrief.ending_title)}</h3>{paragraphs(debrief.ending_text)}"
        f"<p>Score <b>{debrief.total:.0f}</b> of 100</p></div>"
        f"<h2>Score by axis</h2>{scores(debrief)}"
        f"<h2>Where the days went</h2>{timeline(debrief)}{days_by_cause(debrief)}"
        f"<h2>Evidence</h2><table>{evidence}</table>"
        f"<h2>Your decisions beside the others</h2>"
        f"<p class='quiet'>{_replayed(debrief.replays)}</p>"
        + "".join(review(item, debrief) for item in debrief.decisions)
        + (f"<h2>To take home</h2><ol>{lessons}</ol>" if lessons else "")
    )


def _replayed(times: int) -> str:
    if not times:
        return "The other options have not been replayed yet."
    return (
        f"Each option was replayed {times} time{'s' * (times > 1)} with the same luck as your play; "
        "all other decisions stayed as they were."
    )
