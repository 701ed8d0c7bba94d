"""A case in a terminal: the story, the inbox, the questions, and the debrief, at eighty columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from sim.i18n import _
from sim.law.terms import outcome_in_words
from sim.model.base import MARKS
from sim.model.causes import cause_named
from sim.model.natures import NATURES
from sim.training.action_rules import action_of, described
from sim.training.debrief import citation
from sim.training.debrief_records import DeadlineLine, Debrief, DecisionReview, RequestLine
from sim.training.session import Session
from sim.training.session_records import Entry
from sim.training.story import Question
from sim.training.telling import INJECT, Message
from sim.views import dates
from sim.views.seat.clocks import days
from sim.views.seat.panels import how_it_stands
from sim.views.terminal.actions import act

_BAR, _INDENT = 46, "    "


def play(session: Session, console: Console) -> Session | None:
    """Play a session with a person; None if they leave before the end (the session's file keeps everything).

    Leaving is `q` or the end of the input (Ctrl-D). Ctrl-C is passed on as `KeyboardInterrupt`, after the same words.
    """
    file = session.file
    try:
        finished = _play(session, console)
    except EOFError:
        finished = None
    except KeyboardInterrupt:
        _say_kept(file, console)
        raise
    if finished is None:
        _say_kept(file, console)
    return finished


def _say_kept(file: Path | None, console: Console) -> None:
    kept = _("Everything is kept in {file}. The same command goes on from there.").format(file=file)
    console.print()
    console.print(kept if file else _("This play is not kept."), highlight=False, markup=False, soft_wrap=True)


def _play(session: Session, console: Console) -> Session | None:
    told = 0
    if not session.entries:
        show_intro(session, console)
    while not session.ended:
        told = _tell(session, told, console)
        question = session.question
        if question is None:  # a session from a notebook, left while time stood still
            session.go_on()
            continue
        show_question(session, question, console)
        answer = _ask(question, console)
        if answer == "q":
            return None
        if answer == "u":
            if session.entries:
                session = session.undo()
                told = min(told, len(session.inbox))
                console.print(_("The last decision is taken back."), style="italic")
            else:
                console.print(_("There is nothing to take back yet."), style="italic")
        elif answer == "?":
            show_law(session, question, console)
        elif answer == "r":
            show_requests(session, console)
        elif answer == "a":
            act(session, console)
        else:
            session.choose(
                answer, because=console.input(Text(_("Why? (Enter to leave out)") + " ", style="dim")).strip()
            )
    _tell(session, told, console)
    return session


def show_intro(session: Session, console: Console) -> None:
    """Title, seat, content note, story and objectives."""
    case = session.case
    console.print(Panel(Text(f"{case.title}\n{case.about}", justify="left"), title="mlasim", title_align="left"))
    console.print(Text(_("Before you begin.") + " ", style="bold") + Text(case.content_note.strip(), style="italic"))
    console.print()
    console.print(Text(_("You are: {title}.").format(title=case.role.title), style="bold"))
    console.print(Text(case.story.strip()))
    console.print()
    for objective in case.objectives:
        console.print(Padding(Text(f"• {objective}"), (0, 0, 0, 2)))
    console.print()


def show_messages(messages: Sequence[Message], session: Session, console: Console) -> None:
    """New lines of the inbox."""
    for message in messages:
        moment = session.run.moment(message.moment)
        whose = session.case.injects[message.about].for_ if message.kind == INJECT else None
        private = ""
        if whose in session.case.team:
            private = "  " + _("(for: {role})").format(role=session.case.team[whose].title)
        head = Text(
            f"{dates.in_columns(moment)}  {message.sender}{private}",
            style="bold cyan" if message.kind == INJECT else "bold",
        )
        console.print(head)
        console.print(Padding(Text(message.text), (0, 0, 0, 2)))


def show_question(session: Session, question: Question, console: Console) -> None:
    """The decision that waits, with what a guide says, its options, and what the clocks say."""
    console.print()
    body: list[RenderableType] = [Text(question.decision.question.strip()), Text()]
    if question.decision.guide:
        body[:0] = [Text(" ".join(question.decision.guide.split()), style="italic green"), Text()]
    for number, option in enumerate(question.options.values(), 1):
        line = Table.grid(padding=(0, 1))
        line.add_row(Text(f"{number}", style="bold"), Text(option.text.strip()))
        body.append(line)
    title = _("Day {day} · {date} · {title}").format(
        day=session.day, date=dates.in_columns(session.now), title=question.decision.title
    )
    console.print(
        Panel(
            Group(*body), title=Text(title), title_align="left", subtitle=Text(clocks(session)), subtitle_align="left"
        )
    )


def clocks(session: Session) -> str:
    """The deadlines that have not passed, in days."""
    run = session.run
    left = {d.title: (run.deadline(id_) - run.now) // 86400 for id_, d in session.case.deadlines.items()}
    return " · ".join(
        _("{title}: {days}").format(title=title, days=days(count)) for title, count in left.items() if count >= 0
    )


def show_law(session: Session, question: Question, console: Console) -> None:
    """What the options cite, in words."""
    seen = dict.fromkeys(reference for option in question.options.values() for reference in option.cites)
    for reference in seen:
        found = citation(session, reference)
        console.print(Text(found.article, style="bold") + Text(f"  {found.says} [{_(MARKS[found.sureness])}]"))
    if not seen:
        console.print(_("No provision is cited here."), style="italic")


def show_requests(session: Session, console: Console) -> None:
    """The trainee's requests as they stand."""
    from sim.training.whereabouts import known_lines

    lines = known_lines(session)
    if lines:
        console.print(timeline(lines, session.run.day))
    else:
        console.print(_("Nothing has been sent yet."), style="italic")


def show_play(session: Session, console: Console) -> None:
    """A play that nobody watched: its decisions and what came of them."""
    console.print(Text(_("{title}, seed {seed}").format(title=session.case.title, seed=session.seed), style="bold"))
    by_moment: list[tuple[int, int, Message | Entry]] = [(m.moment, 0, m) for m in session.inbox]
    by_moment += [(e.moment, 1, e) for e in session.steps]
    for moment, _kind, what in sorted(by_moment, key=lambda item: item[:2]):
        if isinstance(what, Message):
            show_messages([what], session, console)
        elif what.action is not None and not what.decision:
            head = _("{date}  You act").format(date=dates.in_columns(session.run.moment(moment)))
            console.print(Text(head, style="bold green"))
            console.print(Padding(Text(str(described(session.run, action_of(what.action)))), (0, 0, 0, 2)))
        else:
            option = session.case.decisions[what.decision].options[what.option]
            head = _("{date}  You decide: {title}").format(
                date=dates.in_columns(session.run.moment(moment)), title=session.case.decisions[what.decision].title
            )
            console.print(Text(head, style="bold green"))
            console.print(Padding(Text(option.text.strip()), (0, 0, 0, 2)))


def show_debrief(debrief: Debrief, console: Console) -> None:
    """Outcome, scores, where the days went, the alternatives, what to take home."""
    console.print()
    for note in debrief.notes:
        console.print(Text(str(note), style="bold"))
    console.print(
        Panel(
            Text(debrief.ending_text.strip() or _("The case is not over.")),
            title=Text(debrief.ending_title),
            title_align="left",
            subtitle=Text(_("score {total} of 100").format(total=f"{debrief.total:.0f}")),
            subtitle_align="right",
        )
    )
    console.print(_scores(debrief))
    if debrief.requests:
        console.print(Text("\n" + _("Where the days went"), style="bold"))
        console.print(timeline(debrief.requests, debrief.days, debrief.deadlines))
        console.print(_causes(debrief.requests))
    console.print(Text("\n" + _("Evidence"), style="bold"))
    stands = [how_it_stands(item["state"], NATURES[item["nature"]]) for item in debrief.evidence]
    wide = max(map(len, stands), default=0)
    for item, state in zip(debrief.evidence, stands, strict=True):
        console.print(Text(f"  {state:<{wide}}  {item['title']}"))
        if item["in court"]:
            console.print(Padding(Text(" ".join(item["in court"].split()), style="italic"), (0, 0, 0, wide + 4)))
    console.print(
        Text("\n" + _("Your decisions, and what the others would have brought with the same luck"), style="bold")
    )
    for review in debrief.decisions:
        _show_review(review, debrief, console)
    if debrief.assumed:
        console.print(Text("\n" + _("What this case assumes otherwise than usual"), style="bold"))
        for one in debrief.assumed:
            console.print(Padding(Text(f"• {one.figure} {one.value} ({one.mark}: {one.source})"), (0, 0, 0, 2)))
    for words in debrief.hangs_on:
        console.print(Text(f"\n{words}", style="dim"))
    if debrief.lessons:
        console.print(Text("\n" + _("To take home"), style="bold"))
        for lesson in debrief.lessons:
            console.print(Padding(Text(f"• {lesson}"), (0, 0, 0, 2)))
    console.print()


def _scores(debrief: Debrief) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
    for axis in debrief.scores:
        if axis.value is None:
            table.add_row(axis.title, Text(_("nothing to judge"), style="dim"), "")
        else:
            filled = round(20 * axis.value)
            bar = Text("█" * filled, style="green") + Text("░" * (20 - filled), style="dim")
            table.add_row(axis.title, bar, f"{100 * axis.value:.0f}")
    return table


def timeline(lines: Sequence[RequestLine], days: float, deadlines: Sequence[DeadlineLine] = ()) -> Group:
    """Each request with its number and name, and below it a bar of marks, one per cause, with a legend."""
    longest = max(1.0, days)
    rows: list[Text] = []
    used: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        bar = [(" ", "")] * _BAR
        for segment in line.segments:
            drawn = cause_named(segment.cause)
            used[segment.cause] = None
            first, last = int(_BAR * segment.start / longest), int(_BAR * segment.end / longest)
            for place in range(max(0, first), min(_BAR, max(last, first + 1))):
                bar[place] = (drawn.mark, drawn.style)
        text = Text(_INDENT)
        for mark, style in bar:
            text.append(mark, style=style)
        rows += [Text(f"{number:>2}  {line.name}"), text + Text(f" {outcome_in_words(line.outcome)}")]
    begins, ends = _("day {day}").format(day=0), f"{longest:.0f}"
    axis = f"{_INDENT}{begins}{'':<{max(_BAR - len(begins) - len(ends), 1)}}{ends}"
    legend = Text(_INDENT)
    for cause in used:
        drawn = cause_named(cause)
        legend.append(f"{drawn.mark} ", style=drawn.style)
        legend.append(f"{drawn.words}  ")
    for deadline in deadlines:
        words = _("day {day}: {title}").format(day=f"{deadline['day']:.0f}", title=deadline["title"])
        legend.append(f"\n{_INDENT}{words}")
    return Group(*rows, Text(axis, style="dim"), legend)


def _causes(lines: Sequence[RequestLine]) -> Group:
    """Days by request and cause; the causes are called by their marks, which are explained below."""
    causes = [cause for cause in lines[0].days_by_cause if any(line.days_by_cause[cause] >= 0.05 for line in lines)]
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(_("days by cause"))
    for head in [*(cause_named(cause).mark for cause in causes), "Σ"]:
        table.add_column(head, justify="right", min_width=5, no_wrap=True)
    for number, line in enumerate(lines, 1):
        spent = [*(line.days_by_cause[cause] for cause in causes), sum(line.days_by_cause.values())]
        table.add_row(Text(f"{number:>2}  {line.name}"), *(f"{days_:.1f}" for days_ in spent))
    legend = "  ".join(f"{cause_named(cause).mark} {cause_named(cause).words}" for cause in causes)
    return Group(table, Padding(Text(legend, style="dim"), (0, 0, 0, len(_INDENT))))


def _show_review(review: DecisionReview, debrief: Debrief, console: Console) -> None:
    console.print(Text("\n  " + _("Day {day} · {title}").format(day=review.day, title=review.title), style="bold"))
    if review.because:
        console.print(
            Padding(Text(_("Because: {because}").format(because=review.because), style="italic"), (0, 0, 0, 4))
        )
    for alternative in review.alternatives:
        text = review.texts[alternative.option].strip()
        taken = "▸ " if alternative.taken else "  "
        line = Text(taken + text, style="bold" if alternative.taken else "")
        if alternative.plays:
            scores = sorted(play.score for play in alternative.plays)
            endings = ", ".join(
                f"{debrief.endings.get(ending, ending)} {count}×"
                for ending, count in list(alternative.endings().items())[:3]
            )
            line.append(
                "\n    "
                + _("score {mean} ({low}–{high}, {count} replays) — {endings}").format(
                    mean=f"{alternative.mean:.0f}",
                    low=f"{scores[0]:.0f}",
                    high=f"{scores[-1]:.0f}",
                    count=len(scores),
                    endings=endings,
                ),
                style="dim",
            )
        console.print(Padding(line, (0, 0, 0, 2)))
    if broken := review.breaks.get(review.chosen):
        articles = "; ".join(cite.article for cite in broken)
        words = _("The law does not allow what you chose: {articles}.").format(articles=articles)
        console.print(Padding(Text(words, style="bold"), (0, 0, 0, 4)))
    if review.remark:
        console.print(Padding(Text(review.remark.strip(), style="italic"), (0, 0, 0, 4)))
    if review.cites:
        console.print(Padding(Text("; ".join(cite.article for cite in review.cites), style="dim"), (0, 0, 0, 4)))


def _tell(session: Session, told: int, console: Console) -> int:
    show_messages(session.inbox[told:], session, console)
    return len(session.inbox)


def _ask(question: Question, console: Console) -> str:
    """An option's id, or one of the letters a, u, q, ?, r."""
    options = list(question.options)
    while True:
        prompt = Text(
            _("1–{count} decide · a act · ? the law · r my requests · u take back · q leave:").format(
                count=len(options)
            )
            + " "
        )
        prompt.highlight_regex(r"1–\d+|(?<!\w)[a?ruq](?!\w)", "bold")
        words = console.input(prompt)
        answer = words.strip().lower()
        if answer in ("a", "u", "q", "?", "r"):
            return answer
        if answer.isdecimal() and 1 <= int(answer) <= len(options):
            return options[int(answer) - 1]
        if answer in options:
            return answer
        console.print(
            _("Please write a number from 1 to {count}, or a, u, q, ? or r.").format(count=len(options)), style="italic"
        )
