"""The debrief as pieces of HTML, shared by the notebook and the printed page. Everything that goes in is escaped.

A first page says what came of the play, what cost most, what to take home and where the days went; details are folded.
"""

from __future__ import annotations

from datetime import datetime
from html import escape

from sim.i18n import _, many, marked
from sim.model.base import MARKS
from sim.model.causes import cause_named
from sim.model.natures import NATURES
from sim.training.costliest_decisions import ENOUGH, SAME, Comparison
from sim.training.debrief_records import Debrief, DecisionReview, Lesson
from sim.training.scoring import AxisScore, points_lost
from sim.views import svg
from sim.views.glossary import with_terms
from sim.views.seat.decision_reviews import decisions, predictions, strip
from sim.views.seat.evidence_tables import evidence_and_people
from sim.views.seat.film_panels import SeatFilm, film_title, side_by_side
from sim.views.seat.panels import (
    authors,
    checklist,
    heads,
    paragraphs,
    provisions,
    with_mark,
)


def debrief_panel(debrief: Debrief, *, starts: datetime | None = None, film: SeatFilm | None = None) -> str:
    """The whole debrief as one piece: a first page, then the details, folded. ``starts``, the story's first day, puts
    dates on the timeline; ``film`` adds the play beside the book's."""
    return notes(debrief) + first_page(debrief, starts=starts) + details(debrief, film)


def notes(debrief: Debrief) -> str:
    """What is to be said about the session's file: lines changed after they were written, other versions."""
    return "".join(f"<p class='mark' role='note'>{escape(str(note))}</p>" for note in debrief.notes)


def first_page(debrief: Debrief, *, starts: datetime | None = None) -> str:
    """What came of it, what cost most, what to take home, and where the days went."""
    total = escape(_("Score {score} of 100").format(score=f"{debrief.total:.0f}"))
    ended = (
        f"<div class='outcome'>{authors(debrief.language, escape(debrief.ending_title), 'h3')}"
        f"{authors(debrief.language, paragraphs(debrief.ending_text))}<p><b>{total}</b></p></div>"
    )
    days_ = f"<h2>{escape(_('Where the days went'))}</h2>{timeline(debrief, starts=starts)}"
    halves = f"<div class='halves'><div>{costliest(debrief)}</div><div>{lessons(debrief)}</div></div>"
    return with_terms(f"<div class='first-page'>{ended}{halves}{days_}</div>", keep=False)


def details(debrief: Debrief, film: SeatFilm | None = None) -> str:
    """Everything behind the first page, folded, then what the case assumes and what the play hangs on."""
    folded = "".join(_folded(f"part-{id_}", title, body) for id_, (title, body) in parts(debrief).items() if body)
    # By its name it is no part that is printed: it would double the pages.
    beside = _folded("film", film_title(), side_by_side(film, debrief.language)) if film is not None else ""
    return beside + folded + small_print(debrief)


def _folded(id_: str, title: str, body: str) -> str:
    return f"<details id='{id_}'><summary><h2>{escape(title)}</h2></summary>{body}</details>"


def parts(debrief: Debrief) -> dict[str, tuple[str, str]]:
    """Title and body of every part behind the first page; the body is empty where there is nothing to say."""
    found = {
        "score": (_("Score by axis"), scores(debrief)),
        "days": (_("Days by cause, and what moved the chances"), f"{days_by_cause(debrief)}{chances(debrief)}"),
        "evidence": (_("Evidence and people"), evidence_and_people(debrief)),
        "letters": (_("Your letters"), letters(debrief)),
        "expected": (_("What you expected"), predictions(debrief)),
        "luck": (_("Skill and luck"), skill_and_luck(debrief)),
        "decisions": (_("Your decisions beside the others"), decisions(debrief)),
    }
    return {name: (title, with_terms(body, keep=False)) for name, (title, body) in found.items()}


def small_print(debrief: Debrief) -> str:
    """What the case assumes otherwise than the library, and on which calendars the play hangs."""
    return assumed(debrief) + "".join(f"<p class='quiet'>{escape(str(words))}</p>" for words in debrief.hangs_on)


def costliest(debrief: Debrief) -> str:
    """The decisions that cost most, in plain words; then those that made no difference."""
    if not debrief.decisions:
        return ""
    verdicts = {item.id: item.verdict.kind for item in debrief.decisions}
    found = debrief.costliest
    head = _("The three decisions that cost most") if len(found) == 3 else _("The decisions that cost most")
    parts = [f"<h2>{escape(head)}</h2>"]
    if found:
        times = many("{n} replay", "{n} replays", min(better.replays for _item, better in found))
        sure = _("Means over {times} with the same luck, and their 95 % intervals.").format(times=times)
        items = "".join(_costly(item, better, debrief) for item, better in found)
        parts.append(f"<ol>{items}</ol><p class='quiet'>{escape(sure)}</p>")
    elif "waiting" in verdicts.values():
        parts.append(_usually(debrief) or f"<p class='quiet'>{escape(_too_few())}</p>")
    else:
        none = _("With the same luck, no other option would clearly have done better. These decisions held.")
        if any(item.breaks.get(item.chosen) for item in debrief.decisions):
            none = _("With the same luck, no other option would clearly have done better.")
        parts.append(f"<p>{escape(none)}</p>")
    parts += [_against_the_law(item) for item in debrief.decisions if item.breaks.get(item.chosen)]
    return "".join(parts)


def _usually(debrief: Debrief) -> str:
    """What these decisions usually cost, while there are no replays of the play itself."""
    found = debrief.beforehand
    if found is None or not found.known:
        return ""
    if not found.costs:
        held = _(
            "From {plays} plays made beforehand, with luck of their own: of the {n} decisions of yours that were tried "
            "there, none usually costs anything that can be felt. Replays of your own play take the place of this as "
            "they arrive."
        )
        return f"<p>{escape(held.format(plays=found.plays, n=found.known))}</p>"
    by_id, items = {item.id: item for item in debrief.decisions}, []
    for cost in found.costs[:3]:
        item = by_id[cost.decision]
        lost = _("about {points} points lost ({low} to {high}).").format(
            points=f"{cost.points:.1f}", low=f"{cost.low:.1f}", high=f"{cost.high:.1f}"
        )
        items.append(
            f"<li><b>{escape(_('Day {day}: {title}').format(day=item.day, title=item.title))} · {escape(lost)}</b><br>"
            f"<span class='quiet'>{escape(_('You chose:'))}</span> {escape(' '.join(item.text.split()))}<br>"
            f"<span class='quiet'>{escape(_('Would have cost less:'))}</span> "
            f"{escape(' '.join(item.texts[cost.instead].split()))}</li>"
        )
    says = _(
        "From {n} plays made beforehand, with luck of their own and everything else by the book. Replays of your own "
        "play take their place as they arrive."
    ).format(n=max(cost.plays for cost in found.costs))
    return f"<ol>{''.join(items)}</ol><p class='quiet'>{escape(says)}</p>"


def _against_the_law(item: DecisionReview) -> str:
    """What is said of a decision that the law forbids, whatever came of it."""
    words = _("Day {day}: {title}. The law does not allow what you chose, whatever it scored.")
    said = escape(words.format(day=item.day, title=item.title))
    return f"<p class='mark'>{said}</p>{provisions(item.breaks[item.chosen])}"


def _too_few() -> str:
    words = _("Not yet enough replays of your play with other choices: {count} of each option are needed.")
    return words.format(count=ENOUGH)


def _costly(item: DecisionReview, better: Comparison, debrief: Debrief) -> str:
    """One decision that cost something: what was chosen, what would have cost less, and how much."""
    other = " ".join(item.texts[better.option].split())
    if better.as_written:
        other = _("the same, with the letter as an experienced drafter writes it.")
    lost = _("{points} points lost on average ({low} to {high}).").format(
        points=f"{better.points:.1f}", low=f"{better.low:.1f}", high=f"{better.high:.1f}"
    )
    more = []
    if better.with_this_luck is not None and better.with_this_luck <= 0:
        more.append(_("This time luck covered for it: it cost you nothing."))
    if better.endings:
        ending, mine, theirs = better.endings[0]
        words = _("The ending “{ending}” would have come in {theirs} % of replays instead of {mine} %.")
        title = debrief.endings.get(ending, ending)
        more.append(words.format(ending=title, theirs=f"{100 * theirs:.0f}", mine=f"{100 * mine:.0f}"))
    return (
        f"<li><b>{escape(_('Day {day}: {title}').format(day=item.day, title=item.title))} · {escape(lost)}</b><br>"
        f"<span class='quiet'>{escape(_('You chose:'))}</span> {escape(' '.join(item.text.split()))}<br>"
        f"<span class='quiet'>{escape(_('Would have cost less:'))}</span> {escape(other)} {escape(' '.join(more))}</li>"
    )


def lessons(debrief: Debrief) -> str:
    """What to take home, and where it is taught."""
    items = "".join(f"<li>{escape(lesson.text)}{_taught(lesson)}</li>" for lesson in debrief.lessons)
    return f"<h2>{escape(_('To take home'))}</h2><ol>{items}</ol>" if items else ""


def _taught(lesson: Lesson) -> str:
    """What the course says of it, to be opened; the page's name where the course is not at hand."""
    title = escape(_(lesson.module))
    if not lesson.says:
        return f"<br><span class='quiet'>{title}: <span dir='ltr'>{escape(lesson.page)}</span></span>"
    return f"<details><summary class='quiet'>{title}</summary>{authors('en', paragraphs(lesson.says))}</details>"


def skill_and_luck(debrief: Debrief) -> str:
    """How much was the decisions and how much the luck of this one play."""
    apart = debrief.skill_and_luck
    if apart is None:
        if not any(alternative.plays for item in debrief.decisions for alternative in item.alternatives):
            return ""
        return f"<p class='quiet'>{escape(_too_few())}</p>"
    same = next(a for d in debrief.decisions for a in d.alternatives if a.taken)
    luck = _(
        "Luck: the same decisions, played {times}, scored {mean} on average; this play scored more than "
        "{share} % of them."
    ).format(
        times=many("{n} time", "{n} times", apart.replays),
        mean=f"{apart.mean:.0f}",
        share=f"{100 * apart.luckier_than:.0f}",
    )
    skill = _(
        "Skill: with the same luck, these decisions score better on average than {share} % of {count} strategies "
        "of automatic players."
    ).format(share=f"{100 * apart.better_than:.0f}", count=apart.strategies)
    yours = svg.strip([play.score for play in same.plays], yours=debrief.total, label=_("your decisions"))
    rows = [f"<tr class='first'><td class='taken'>▸ {escape(_('your decisions'))}</td><td>{yours}</td></tr>"]
    for strategy in debrief.strategies:
        name = _(PLAYERS[strategy.player]) + (f" {strategy.seed + 1}" if strategy.player == "random" else "")
        rows.append(f"<tr><td>{escape(name)}</td><td>{strip([play.score for play in strategy.plays], name)}</td></tr>")
    if all(strategy.player != "greedy" for strategy in debrief.strategies):
        why = _(
            "A player that looks one decision ahead is not among them: each of its plays takes about thirty, which is "
            "too much here."
        )
        rows.append(f"<tr><td colspan='2' class='quiet'>{escape(why)}</td></tr>")
    return (
        f"<p>{escape(luck)}</p>"
        f"{f'<p>{escape(skill)}</p>' if apart.strategies else ''}"
        f"<details><summary>{escape(_('Every strategy'))}</summary><table>{''.join(rows)}</table></details>"
    )


PLAYERS = {
    "textbook": marked("by the book"),
    "naive": marked("new and in a hurry"),
    "greedy": marked("looking one decision ahead"),
    "random": marked("blindly, number"),
}


def letters(debrief: Debrief) -> str:
    """Letters of the trainee's own: what was there, what was missing."""
    if not debrief.letters:
        return ""
    parts = []
    for letter in debrief.letters:
        head = _("Day {day}: letter “{name}”").format(day=letter.day, name=letter.name)
        parts.append(f"<h3>{escape(head)}</h3>{checklist(letter, letter.provisions)}")
    return "".join(parts)


def scores(debrief: Debrief) -> str:
    """Score by axis, with the reasons."""
    picture = svg.score_bars([(axis.title, axis.value) for axis in debrief.scores])
    lost = points_lost(debrief.scores)
    rows = "".join(_reasons(axis, felt=lost[axis.axis] >= SAME) for axis in debrief.scores)
    return f"{picture}<table>{heads(_('Axis'), _('Why'), _('Provision'))}{rows}</table>"


def _reasons(axis: AxisScore, *, felt: bool) -> str:
    """An axis with its reasons; what went wrong is marked as a cost where the points lost can be ``felt``."""
    if not axis.reasons:
        none = escape(_("nothing to judge"))
        return f"<tr class='first'><td>{escape(axis.title)}</td><td class='quiet'>{none}</td><td></td></tr>"
    rows, first = [], " class='first'"
    for place, reason in enumerate(axis.reasons):
        kind = "" if axis.axis == "outcome" or not (reason.good or felt) else "good" if reason.good else "bad"
        rows.append(
            f"<tr{first if place == 0 else ''}>"
            f"<td>{'' if place else escape(axis.title)}</td><td class='{kind}'>{escape(reason.text)}</td>"
            f"<td class='quiet'>{with_mark(reason.provision)}</td></tr>"
        )
    return "".join(rows)


def timeline(debrief: Debrief, *, starts: datetime | None = None) -> str:
    """The debrief's timeline: requests, deadlines, and when the holders would have deleted."""
    marks = [svg.Mark(deadline["day"], deadline["title"]) for deadline in debrief.deadlines]
    marks += [
        svg.Mark(
            item["erased day"],
            _(NATURES[item["nature"]].gone).format(title=item["title"]),
            "clock",
        )
        for item in debrief.evidence
        if item["erased day"] is not None
    ]
    bars = svg.bars_of(debrief.requests)
    return svg.in_two_widths(lambda width: svg.timeline(bars, debrief.days, marks, starts=starts, width=width))


def days_by_cause(debrief: Debrief) -> str:
    """A table of days by request and cause; each row adds up to the days the request took."""
    if not debrief.requests:
        return f"<p class='quiet'>{escape(_('Nothing was sent.'))}</p>"
    causes = [
        cause
        for cause in debrief.requests[0].days_by_cause
        if any(line.days_by_cause[cause] >= 0.05 for line in debrief.requests)
    ]
    head = "".join(f"<th scope=col class='number'>{escape(str(cause_named(cause).words))}</th>" for cause in causes)
    rows = []
    for line in debrief.requests:
        spent = [line.days_by_cause[cause] for cause in causes]
        cells = "".join(f"<td class='number'>{f'{days_:.1f}' if days_ >= 0.05 else '–'}</td>" for days_ in spent)
        total = sum(line.days_by_cause.values())
        rows.append(f"<tr><td>{escape(line.name)}</td>{cells}<td class='number'><b>{total:.1f}</b></td></tr>")
    note = _(
        "A bar runs through nights, weekends and holidays; the table counts them apart, as closed hours, unless the "
        "request was in a queue."
    )
    return (
        f"<table class='days'><tr><th scope=col>{escape(_('Days by cause'))}</th>{head}"
        f"<th scope=col class='number'>{escape(_('together'))}</th></tr>{''.join(rows)}</table>"
        f"<p class='quiet'>{escape(note)}</p>"
    )


def chances(debrief: Debrief) -> str:
    """What moved the chances of each request, with the provision and how sure the effect is."""
    rows = []
    for line in debrief.requests:
        for place, why in enumerate(line.why):
            rows.append(
                f"<tr><td>{'' if place else escape(line.name)}</td><td>{escape(why.because)}</td>"
                f"<td>{escape(str(why.likely))}: {100 * why.value:.0f} %</td>"
                f"<td class='quiet'>{with_mark(why.provision)}</td>"
                f"<td><span class='mark'>{escape(_(MARKS.get(why.mark, why.mark)))}</span></td></tr>"
            )
    if not rows:
        return ""
    head = heads(_("Request"), _("Because"), _("Chance then"), _("Provision"), _("Effect"))
    title = escape(_("What moved the chances of your requests"))
    return f"<details><summary>{title}</summary><table>{head}{''.join(rows)}</table></details>"


def assumed(debrief: Debrief) -> str:
    """What the case assumes otherwise than the library; nothing where it assumes nothing of its own."""
    rows = [
        f"<tr><td>{escape(one.figure)}</td><td>{escape(one.value)}</td>"
        f"<td class='quiet'>{escape(one.source)}</td><td><span class='mark'>{escape(one.mark)}</span></td></tr>"
        for one in debrief.assumed
    ]
    head = heads(_("Figure"), _("Value"), _("Where it comes from"), _("Mark"))
    title = escape(_("What this case assumes otherwise than usual"))
    return f"<details><summary>{title}</summary><table>{head}{''.join(rows)}</table></details>" if rows else ""
