"""Pieces of HTML that a trainee looks at while playing, and the style of all. Everything that goes in is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sim.engine.evidence import EvidenceInCase
from sim.training.debrief import Citation
from sim.training.messages import Message
from sim.training.session import Session
from sim.views.clocks import clocks_of, practice

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
.mla .clocks{display:flex;flex-wrap:wrap;gap:.4em .6em;margin:.2em 0;padding:0;list-style:none;max-width:none}
.mla .clock{border:1px solid #cbd2d9;border-radius:4px;padding:.25em .7em;font-size:.92em;
font-variant-numeric:tabular-nums}
.mla .clock.near{border-color:#b2452e;border-left-width:4px}
.mla .clock b{display:block;font-weight:600}
.mla td.good::before{content:"+ ";color:#176b4e}
.mla td.bad::before{content:"\\2212  ";color:#a33d28}
.mla tr.first>td{border-top:1px solid #e4e9ee}
.mla-seat{background:#fff;padding:4px 14px 14px;--jp-widgets-label-color:#1f2933;--jp-widgets-input-color:#1f2933;
--jp-widgets-input-background-color:#fff;--jp-widgets-input-border-color:#8795a1;--jp-ui-font-color0:#1f2933;
--jp-ui-font-color1:#1f2933;--jp-ui-font-color2:#52606d;--jp-ui-font-color3:#52606d;--jp-layout-color1:#fff;
--jp-layout-color2:#eef1f4;--jp-layout-color3:#dde3e9;--jp-border-color1:#cbd2d9;--jp-border-color2:#dde3e9}
.mla-seat textarea,.mla-seat input[type=text]{font:14px/1.45 system-ui,sans-serif}
.mla-seat .jupyter-button{width:auto;padding:0 14px}
.mla-seat .widget-html-content{line-height:1.5;white-space:normal}
.rtl .mla,.rtl.mla{direction:rtl;text-align:right}
"""

WELLBEING = ((0.7, "doing well"), (0.5, "holding up"), (0.3, "under strain"), (0.0, "in distress"))
WORTH = ((6, "decisive"), (4, "strong"), (2, "useful"), (1, "slight"), (0, "none"))
STATES = {
    "pending": "still abroad",
    "preserved": "preserved, still to be requested",
    "obtained": "in the file",
    "lead only": "a lead only, not usable in court",
    "excluded": "left out by the court",
    "lost": "lost",
}
AVAILABLE = {"available": "yes", "withdrawn": "no longer", "gone home": "yes, from home"}


def style() -> str:
    """The style that every piece on a page needs, once."""
    return f"<style>{STYLE}</style>"


def wrap(body: str) -> str:
    """A piece in its frame."""
    return f"<div class='mla'>{body}</div>"


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
    """What does not wait: deadlines, preservations, and what a holder may delete."""
    items = "".join(
        f"<li class='clock{' near' if clock.near else ''}'><b>{escape(clock.title)}</b>{escape(clock.words)}</li>"
        for clock in clocks_of(session)
    )
    return f"<ul class='clocks' aria-label='Clocks'>{items}</ul>" if items else ""


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
    """Evidence with its state and worth in court; people, whether they can be reached, and how they are."""
    run = session.run
    rows = []
    for item in run.evidence.values():
        rows.append(
            f"<tr><td>{escape(item.record.title)}</td><td>{escape(item.record.holder)}</td>"
            f"<td>{escape(STATES[item.state(run.now)])}</td><td>{worth(item.record.weight)}</td>"
            f"<td>{escape(_kept(item, session))}</td></tr>"
        )
    people = []
    for id_, person in run.people.items():
        people.append(
            f"<tr><td>{escape(person.record.title)}</td><td>{escape(AVAILABLE[run.person_state(id_)])}</td>"
            f"<td>{feeling(person.wellbeing)}</td>"
            f"<td>{escape(', '.join(sorted(person.supports)) or 'no support arranged')}</td></tr>"
        )
    return (
        "<table><tr><th>Evidence</th><th>Held by</th><th>State</th><th>Worth in court</th><th>Kept by the holder</th>"
        f"</tr>{''.join(rows)}</table>"
        f"<table><tr><th>People</th><th>Takes part</th><th>Seems</th><th>Support</th></tr>{''.join(people)}</table>"
    )


def _kept(item: EvidenceInCase, session: Session) -> str:
    if item.state(session.run.now) == "preserved" and item.preserved_until is not None:
        return f"preserved until {session.run.moment(item.preserved_until):%d %B %Y}"
    return practice(item)


def worth(weight: int) -> str:
    """What evidence is worth to the case, in a word and a number."""
    return f"{next(words for least, words in WORTH if weight >= least)} ({weight} of 10)"


def feeling(wellbeing: float) -> str:
    """How somebody is, in words: a number would say more than anybody can see."""
    return next(words for least, words in WELLBEING if wellbeing >= least)


def provisions(cites: Sequence[Citation]) -> str:
    """Provisions as a list: article, our words, and how sure the wording is."""
    rows = "".join(
        f"<li><b>{escape(cite.article)}</b> {escape(cite.says)} <span class='mark'>{escape(cite.sureness)}</span></li>"
        for cite in cites
    )
    return f"<ul>{rows}</ul>" if rows else ""
