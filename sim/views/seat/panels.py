"""Pieces of HTML that a trainee looks at while playing, and the style of all. Everything that goes in is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from sim.case.evidence import EvidenceInCase
from sim.case.people import PersonInCase
from sim.i18n import _, marked, right_to_left
from sim.law import ProvisionAnswer
from sim.law.drafting import Drafted, Point
from sim.law.terms import assurances_in_words
from sim.model.base import MARKS
from sim.model.durations import DAY
from sim.model.natures import Nature
from sim.model.outcomes import state_in_words
from sim.model.roles import Role
from sim.training.debrief import citation
from sim.training.debrief_records import Citation, LetterReview
from sim.training.messages import SUPPORT
from sim.training.session import Session
from sim.training.story import Question
from sim.training.telling import INJECT, Message
from sim.views import dates
from sim.views.glossary import list_of_terms, with_terms
from sim.views.seat.clocks import clocks_of, practice
from sim.views.seat.style import STYLE
from sim.views.seat.tabs import TABS

WELLBEING = (
    (0.7, marked("doing well")),
    (0.5, marked("holding up")),
    (0.3, marked("under strain")),
    (0.0, marked("in distress")),
)
WORTH = (
    (6, marked("decisive")),
    (4, marked("strong")),
    (2, marked("useful")),
    (1, marked("slight")),
    (0, marked("none")),
)
STATES = {
    "pending": marked("not in the file"),
    "preserved": marked("preserved, still to be requested"),
    "obtained": marked("in the file"),
    "lead only": marked("a lead only, not usable in court"),
    "excluded": marked("left out by the court"),
    "lost": marked("lost"),
}
AVAILABLE = {
    "available": marked("yes"),
    "withdrawn": marked("no longer"),
    "gone home": marked("yes, from home"),
}


def style() -> str:
    """The style that every piece on a page needs, once."""
    return f"<style>{STYLE}</style>"


def wrap(body: str) -> str:
    """A piece in its frame."""
    return f"<div class='mla'>{body}</div>"


def authors(language: str, body: str, tag: str = "div", kind: str = "") -> str:
    """A container of an author's text, marked with its language for screen readers, hyphenation and direction."""
    direction = "rtl" if right_to_left(language) else "ltr"
    of_kind = f" class='{kind}'" if kind else ""
    return f"<{tag}{of_kind} lang='{escape(language)}' dir='{direction}'>{body}</{tag}>"


def remark(language: str, text: str) -> str:
    """A short text of an author as one block; nothing where there is none."""
    return authors(language, escape(" ".join(text.split()))) if text else ""


def paragraphs(text: str) -> str:
    """Plain text as paragraphs."""
    blocks = [" ".join(block.split()) for block in text.strip().split("\n\n")]
    return "".join(f"<p>{escape(block)}</p>" for block in blocks if block)


def header(session: Session) -> str:
    """Whose case it is, and who plays it."""
    case = session.case
    whose = authors(case.language, escape(case.role.title), "p", "quiet")
    return f"<div class='head'>{authors(case.language, escape(case.title), 'h2')}{whose}</div>"


def content_note(session: Session) -> str:
    """What participants should know beforehand, and where the story stands."""
    case = session.case
    note = escape(" ".join(case.content_note.split()))
    where = escape(_("What has happened so far: under “{tab}”.").format(tab=_(TABS["story"])))
    return f"<p><b>{escape(_('Before you begin.'))}</b> {authors(case.language, note, 'span')} {where}</p>"


def introduction(session: Session) -> str:
    """Story and objectives; above them the content note, unless it still stands above the first question."""
    case = session.case
    note = authors(case.language, escape(" ".join(case.content_note.split())), "span")
    before = f"<p><b>{escape(_('Before you begin.'))}</b> {note}</p>" if session.steps else ""
    goals = "".join(f"<li>{escape(goal)}</li>" for goal in case.objectives)
    return (
        f"{before}{authors(case.language, with_terms(paragraphs(case.story), session.scenario))}"
        f"<p><b>{escape(_('What this case is for'))}</b></p>"
        f"{authors(case.language, with_terms(goals, session.scenario), 'ul')}{list_of_terms(session.scenario)}"
    )


def question(session: Session, waiting: Question) -> str:
    """The question that waits, whose it is where a team plays, and above it what a guide says."""
    decision = waiting.decision
    seat = session.case.team.get(decision.for_ or "")
    words = _("This one is for: {role}. The others may advise.")
    whose = f"<p class='quiet'>{escape(words.format(role=seat.title))}</p>" if seat is not None else ""
    language = session.case.language
    asked = authors(language, with_terms(paragraphs(decision.question), session.scenario))
    title = authors(language, escape(decision.title), "h2")
    return f"{_guide(language, decision.guide)}<div role='status'>{title}{whose}{asked}</div>"


def _guide(language: str, text: str) -> str:
    """What a guide says beside a question, as a note of its own; nothing where there is none."""
    note = authors(language, paragraphs(text))
    return f"<div class='guide' role='note' aria-label='{escape(_('Guide'))}'>{note}</div>" if text else ""


def nothing_waits() -> str:
    """What to do while no question waits."""
    words = _("Nothing waits for an answer. Act, write a letter, or let time pass.")
    return f"<h2>{escape(_('Your move'))}</h2><p>{escape(words)}</p>"


def cited(session: Session, waiting: Question) -> str:
    """The provisions that the options of a question rest on."""
    references = dict.fromkeys(reference for option in waiting.options.values() for reference in option.cites)
    found = provisions([citation(session, reference) for reference in references])
    none = f"<p>{escape(_('No provision is cited here.'))}</p>"
    body = with_terms(found, session.scenario) or none
    return f"<h3>{escape(_('Cited by the options before you'))}</h3>{body}"


def role(session: Session, id_: str) -> str:
    """What one role at the table knows, wants, and has been told."""
    seat, language = session.case.team[id_], session.case.language
    told = [
        message
        for message in session.inbox
        if message.kind == INJECT and session.case.injects[message.about].for_ == id_
    ]
    return (
        f"{authors(language, escape(seat.title), 'h3')}<p><b>{escape(_('Only you know'))}</b></p>"
        f"{authors(language, paragraphs(seat.knows))}<p><b>{escape(_('You look after'))}</b></p>"
        f"{authors(language, paragraphs(seat.wants))}{inbox(told, session) if told else ''}"
    )


def _asking(point: Point, provisions: Mapping[Role, ProvisionAnswer]) -> str:
    return "; ".join(with_mark(provisions[role]) for role in point.roles if role in provisions)


def with_mark(found: ProvisionAnswer | None) -> str:
    """A provision, one whose reading is not sure with its mark; nothing for none."""
    if found is None:
        return ""
    mark = f" <span class='mark'>{escape(found.doubt)}</span>" if found.doubt else ""
    return f"{escape(str(found))}{mark}"


def checklist(drafted: Drafted | LetterReview, provisions: Mapping[Role, ProvisionAnswer]) -> str:
    """What a draft holds and lacks of the six contents, with the ``provisions`` that ask for them."""
    items = "".join(
        f"<tr><td>{escape(_(ITEMS[point.item]))}</td><td>{escape(_(HOW_FULL[point.state]))}</td>"
        f"<td>{escape(point.because)}</td><td class='quiet'>{_asking(point, provisions)}</td></tr>"
        for point in drafted.points
    )
    more = [
        *([_("It asks for more than the facts support.")] if drafted.scope == "broad" else []),
        *([_("It gives away who a victim is.")] if drafted.names_victim else []),
    ]
    notes = "".join(f"<p class='mark'>{escape(words)}</p>" for words in more)
    return f"<table>{items}</table>{notes}"


def clocks(session: Session) -> str:
    """The day, and what does not wait: deadlines, preservations, and what a holder may delete."""
    now, day = session.now, _("Day {day}").format(day=session.day)
    when = _("{weekday}, {date}, {time}").format(
        weekday=dates.weekday(now), date=dates.in_full(now), time=f"{now:%H:%M}"
    )
    today = f"<b>{escape(day)}</b>{escape(when)}"
    items = "".join(
        f"<li class='clock{' near' if clock.near else ''}'><b>{escape(clock.title)}</b>{escape(clock.words)}</li>"
        for clock in clocks_of(session)
    )
    name = escape(_("Today, and the clocks"))
    return f"<ul class='clocks' aria-label='{name}'><li class='clock now'>{today}</li>{items}</ul>"


def inbox(messages: Sequence[Message], session: Session, *, newest: int = 40) -> str:
    """Messages, the newest first."""
    rows = []
    for message in reversed(messages[-newest:]):
        moment = session.run.moment(message.moment)
        kind, day = " inject" if message.kind == INJECT else "", escape(dates.in_short(moment))
        text = with_terms(escape(message.text), session.scenario)
        if message.kind == INJECT:
            text = authors(session.case.language, text, "span")
        rows.append(
            f"<div class='message{kind}'><span class='quiet'>{day}</span> <b>{escape(message.sender)}</b><br>"
            f"{text}</div>"
        )
    return "".join(rows) or f"<p class='quiet'>{escape(_('No messages yet.'))}</p>"


def log_of_messages(session: Session) -> str:
    """The inbox as everybody at the table may read it, as a log that a screen reader follows."""
    messages, name = inbox(for_all(session), session), escape(_("Inbox"))
    return f"<div class='inbox' role='log' aria-label='{name}' tabindex='0'>{messages}</div>"


def for_all(session: Session) -> list[Message]:
    """The inbox as everybody at the table may read it: of a message for one role, only that it has come."""
    case = session.case
    return [
        m if (whose := _for_whom(session, m)) is None else _sealed(m, case.team[whose].title) for m in session.inbox
    ]


def _for_whom(session: Session, message: Message) -> str | None:
    """The role whose eyes alone a message is for; None if all may read it."""
    case = session.case
    whose = case.injects[message.about].for_ if message.kind == INJECT else None
    return whose if whose in case.team else None


def _sealed(message: Message, role: str) -> Message:
    words = _("A message for: {role}. Open “At the table”; the others look away.").format(role=role)
    return replace(message, from_=role, says=words)


def case_file(session: Session) -> str:
    """Evidence with its state and worth in court; people, whether they can be reached, and how they are."""
    run = session.run
    if run.incoming:
        return desk(session)
    rows, sought = [], []
    for item in run.evidence.values():
        shows = session.case.evidence[item.id].shows if item.obtained_at is not None else ""
        shows = remark(session.case.language, shows)
        first = f"<tr><td>{escape(item.record.title)}{shows}</td><td>{escape(item.record.holder)}</td>"
        state, kept = f"<td>{escape(_state(item, run.now))}</td>", f"<td>{escape(_kept(item, session))}</td></tr>"
        if item.nature.of_people:
            sought.append(f"{first}{state}{kept}")
        else:
            rows.append(f"{first}{state}<td class='whole'>{worth(round(item.worth))}</td>{kept}")
    people = []
    for id_, person in run.people.items():
        supports = ", ".join(_(SUPPORT[name]) for name in sorted(person.supports))
        people.append(
            f"<tr><td>{escape(_who(person))}</td><td>{escape(_(AVAILABLE[run.person_state(id_)]))}</td>"
            f"<td>{feeling(person.wellbeing)}</td>"
            f"<td>{escape(supports or _('no support arranged'))}</td></tr>"
        )
    things = heads(_("Evidence"), _("Held by"), _("How it stands"), _("Worth in court"), _("Kept by the holder"))
    persons = heads(_("People"), _("Takes part"), _("Seems"), _("Support"))
    to_find = heads(_("People to be reached"), _("Where"), _("How it stands"), _("How long they may be there"))
    found = ((to_find, sought), (things, rows), (persons, people))
    return "".join(f"<table>{head}{''.join(body)}</table>" for head, body in found if body or head == things)


def desk(session: Session) -> str:
    """Requests on the trainee's own desk: from whom, what, until when it helps, and how far it is."""
    run = session.run
    rows = []
    for paper in run.incoming.values():
        record = paper.record
        if paper.state == "not arrived":
            continue
        limit = _until(round(record.useful_for.seconds()), session) if record.useful_for else ""
        urgent = {"no": "", "stamped": _("URGENT"), "with reasons": _("with reasons")}[record.urgent]
        busy = f" ({_('a lawyer works on it')})" if paper.busy else ""
        if paper.assured:
            promised = assurances_in_words(sorted(paper.assured))
            busy += _("; assured: {assurances}").format(assurances=promised)
        state = run.scenario.jurisdictions[record.from_].title
        told = f"<b>{escape(record.title)}</b><br><span class='quiet'>{escape(record.says)}</span>"
        rows.append(
            f"<tr class='first'>{authors(session.case.language, told, 'td')}"
            f"<td>{escape(state)}</td><td>{escape(urgent)}</td><td>{escape(limit)}</td>"
            f"<td>{escape(f'{state_in_words(paper.state)}{busy}')}</td></tr>"
        )
    head = heads(_("Request"), _("From"), _("Urgency"), _("Of use until"), _("How it stands"))
    return f"<table>{head}{''.join(rows)}</table>"


def _who(person: PersonInCase) -> str:
    """A person's title, and that they are a child or may be one."""
    title = str(person.record.title)
    if person.record.age_in_doubt and person.counts_as_child:
        return _("{person} (age in doubt)").format(person=title)
    return _("{person} (a child)").format(person=title) if person.counts_as_child else title


def _until(seconds: int, session: Session) -> str:
    moment = session.run.moment(session.run.start + seconds)
    return _("{date}, day {day}").format(date=dates.with_weekday(moment), day=int(seconds / DAY) + 1)


def heads(*words: str) -> str:
    """The first row of a table."""
    return f"<tr>{''.join(f'<th scope=col>{escape(word)}</th>' for word in words)}</tr>"


def _state(item: EvidenceInCase, now: int) -> str:
    words = how_it_stands(item.state(now), item.nature)
    if item.conditions:
        words = _("{state}, under conditions").format(state=words)
    return _("{state}, without the forms our courts need").format(state=words) if item.lacks_form else words


def how_it_stands(state: str, nature: Nature) -> str:
    """The state of an item, as one says it of what it is."""
    return _(nature.states.get(state) or STATES.get(state, state))


def _kept(item: EvidenceInCase, session: Session) -> str:
    state = item.state(session.run.now)
    if state not in ("pending", "preserved"):
        return ""
    if state == "preserved" and item.preserved_until is not None:
        return _("preserved until {date}").format(date=dates.in_full(session.run.moment(item.preserved_until)))
    return practice(item)


ITEMS = {
    "authority": marked("Authority"),
    "nature": marked("Nature of the proceedings"),
    "facts": marked("Facts"),
    "assistance": marked("Assistance sought"),
    "persons": marked("Persons concerned"),
    "purpose": marked("Purpose"),
}
HOW_FULL = {"full": marked("there"), "partial": marked("thin"), "missing": marked("missing")}


def worth(weight: int) -> str:
    """What evidence is worth to the case, in a word and a number."""
    found = _(next(words for least, words in WORTH if weight >= least))
    return _("{words} ({weight} of 10)").format(words=found, weight=weight)


def feeling(wellbeing: float) -> str:
    """How somebody is, in words: a number would say more than anybody can see."""
    return _(next(words for least, words in WELLBEING if wellbeing >= least))


def provisions(cites: Sequence[Citation]) -> str:
    """Provisions as a list: article, our words, and how sure the wording is."""
    rows = "".join(
        f"<li><b>{escape(cite.article)}</b> {escape(cite.says)} "
        f"<span class='mark'>{escape(_(MARKS.get(cite.sureness, cite.sureness)))}</span></li>"
        for cite in cites
    )
    return f"<ul>{rows}</ul>" if rows else ""
