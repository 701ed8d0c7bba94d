"""Every decision of a play beside its alternatives, and what was done unasked, as pieces of HTML."""

from __future__ import annotations

from html import escape

from sim.i18n import _, many, marked
from sim.law.terms import outcome_in_words
from sim.training.costliest_decisions import ENOUGH
from sim.training.debrief_records import ActReview, Debrief, DecisionReview, RequestLine
from sim.views import svg
from sim.views.seat.clocks import days
from sim.views.seat.panels import authors, heads, provisions


def decisions(debrief: Debrief) -> str:
    """Every decision beside its alternatives."""
    mattered = [item for item in debrief.decisions if item.verdict.kind != "equal"]
    idle = [item for item in debrief.decisions if item.verdict.kind == "equal"]
    reviews = "".join(review(item, debrief) for item in mattered)
    if idle:
        names = "; ".join(item.title for item in idle)
        words = many("{n} decision made no difference here", "{n} decisions made no difference here", len(idle))
        folded = "".join(review(item, debrief) for item in idle)
        reviews += f"<details><summary>{escape(words)}: {escape(names)}</summary>{folded}</details>"
    replayed = f"<p class='quiet'>{escape(_replayed(debrief))}</p>"
    return f"{replayed}{_in_lines(debrief)}<div class='on-screen'>{reviews}</div>{acts(debrief)}"


def _in_lines(debrief: Debrief) -> str:
    """Every decision in a line: what was chosen, and what the others would have brought."""
    rows = []
    for item in debrief.decisions:
        found = item.verdict
        said = VERDICTS[found.kind]
        if found.better is not None:
            said = _("−{points} ({low} to {high})").format(
                points=f"{found.better.points:.1f}", low=f"{found.better.low:.1f}", high=f"{found.better.high:.1f}"
            )
        rows.append(
            f"<tr><td class='number'>{item.day}</td><td>{escape(item.title)}</td>"
            f"<td>{escape(' '.join(item.text.split()))}</td><td class='whole'>{escape(_(said))}</td></tr>"
        )
    head = heads(_("Day"), _("Decision"), _("You chose"), _("Cost, in points"))
    return f"<table>{head}{''.join(rows)}</table>" if rows else ""


VERDICTS = {
    "costly": marked("an option did better"),
    "unlawful": marked("the law does not allow it"),
    "best": marked("none: the best"),
    "equal": marked("none"),
    "open": marked("too close to tell"),
    "waiting": marked("not known yet"),
}
"""What the replays say about a decision, in a word."""


def review(item: DecisionReview, debrief: Debrief) -> str:
    """One decision beside its alternatives."""
    rows = []
    for alternative in item.alternatives:
        values = [play.score for play in alternative.plays]
        endings = "; ".join(
            f"{escape(debrief.endings.get(ending, ending))} {count}×" for ending, count in alternative.endings().items()
        )
        mean = f"{alternative.mean:.0f}" if len(values) >= ENOUGH else "–"
        text = " ".join(item.texts[alternative.option].split())
        if alternative.as_written:
            text = _("The same, with the letter as an experienced drafter writes it")
        yours = f" ({escape(_('yours'))})" if alternative.taken else ""
        said = " ".join(item.remarks[alternative.option].split()) if not alternative.as_written else ""
        said = f"<br><span class='quiet'>{escape(_colleague(said))}</span>" if said else ""
        cites = "" if alternative.as_written else provisions(item.citations[alternative.option])
        rows.append(
            f"<tr class='first'><td class='{'taken' if alternative.taken else ''}'>"
            f"{'▸ ' if alternative.taken else ''}{escape(text)}{yours}{said}{cites}</td>"
            f"<td class='number'>{mean}</td>"
            f"<td>{strip(values, text, debrief.total if alternative.taken else None)}"
            f"<span class='quiet'>{endings}</span></td></tr>"
        )
    wrote = f"<p><b>{escape(_('You wrote:'))}</b> {escape(item.because)}</p>" if item.because else ""
    head = escape(_("Day {day}: {title}").format(day=item.day, title=item.title))
    asked = authors(debrief.language, escape(" ".join(item.question.split())), "p")
    scale = escape(_("Replays with the same luck, 0 to 100"))
    return (
        f"<section><h3>{head}</h3>{asked}"
        f"{wrote}{_expected(item, debrief)}"
        f"<table class='review'><tr><th scope=col>{escape(_('Options'))}</th>"
        f"<th scope=col class='number'>{escape(_('Mean score'))}</th><th scope=col>{scale}</th></tr>"
        f"{''.join(rows)}</table></section>"
    )


def _expected(item: DecisionReview, debrief: Debrief) -> str:
    """What the trainee expected, beside what came of what was sent with the decision."""
    came = _came(item.sent, debrief)
    came = came and f"<p><b>{escape(_('Sent with it:'))}</b> {escape(came)}.</p>"
    if not item.predict:
        return came
    nothing = _("nothing was sent with it; in the end: {ending}.").format(ending=debrief.ending_title)
    came = came or f"<p><b>{escape(_('What came:'))}</b> {escape(nothing)}</p>"
    return f"<p><b>{escape(_('You expected:'))}</b> {escape(item.predict)}</p>{came}"


def acts(debrief: Debrief) -> str:
    """What was done unasked."""
    rows = "".join(
        f"<tr><td>{act.day}</td><td>{escape(str(act.text))}</td><td>{escape(act.because)}</td><td>{escape(act.predict)}</td>"
        f"<td>{escape(_came(act.sent, debrief))}</td></tr>"
        for act in debrief.acts
    )
    head = heads(_("Day"), _("What you did"), _("Why"), _("What you expected"), _("What came"))
    return f"<h3>{escape(_('What you did unasked'))}</h3><table>{head}{rows}</table>" if rows else ""


def predictions(debrief: Debrief) -> str:
    """What was expected, in days, against what happened."""
    steps: list[DecisionReview | ActReview] = [*debrief.decisions, *debrief.acts]
    rows = []
    for item in sorted((step for step in steps if step.days), key=lambda step: step.day):
        title = item.title if isinstance(item, DecisionReview) else str(item.text)
        came = _("nothing came") if item.took is None else days(item.took)
        off = "" if item.took is None else f"{item.took - item.days:+d}"
        rows.append(
            f"<tr><td>{item.day}</td><td>{escape(title)}</td><td class='number'>{item.days}</td>"
            f"<td class='number'>{escape(came)}</td><td class='number'>{off}</td></tr>"
        )
    if not rows:
        return ""
    head = heads(_("Day"), _("Step"), _("Days expected"), _("What came"), _("Off by"))
    return f"<table>{head}{''.join(rows)}</table>"


def _came(sent: tuple[str, ...], debrief: Debrief) -> str:
    """What came of requests, in words; nothing for none."""
    return "; ".join(came_of(line) for line in debrief.requests if line.id in sent)


def came_of(line: RequestLine) -> str:
    """What came of a request, in words."""
    if line.ended is None:
        return _("{request}: still {state}").format(request=line.name, state=outcome_in_words(line.outcome))
    taken = days(round(line.ended - line.sent))
    return _("{request}: {outcome} after {days}").format(
        request=line.name, outcome=outcome_in_words(line.outcome), days=taken
    )


def _replayed(debrief: Debrief) -> str:
    counts = [len(alternative.plays) for item in debrief.decisions for alternative in item.alternatives]
    if not any(counts):
        return _("The other options have not been replayed yet.")
    least, most = min(counts), max(counts)
    times = many("{n} time", "{n} times", most)
    if least != most:
        times = many("at most {n} time so far", "at most {n} times so far", most)
    return _(
        "Each option was replayed {times} with the same luck as your play; all other decisions stayed as they were. "
        "Each dot is a replay, the bar their mean, the diamond your play."
    ).format(times=times)


def _colleague(remark: str) -> str:
    """What the author lets a colleague say of an option. It is about other cases: of this one the replays tell."""
    return _("A colleague remembers other cases: “{remark}”").format(remark=remark)


def strip(values: list[float], label: str, yours: float | None = None) -> str:
    """The picture of some replays, once there are enough of them."""
    if len(values) < ENOUGH:
        return f"<span class='quiet'>{escape(_('not yet enough replays'))}</span> "
    return svg.strip(values, yours=yours, label=label)
