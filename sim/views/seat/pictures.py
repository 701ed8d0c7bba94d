"""The seat's two pictures: where the requests are in time, and where they are among States."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from string import ascii_uppercase
from weakref import WeakKeyDictionary

from sim.case.requests import PreservationRequest, TeamProposal
from sim.i18n import _, many
from sim.law.terms import outcome_in_words
from sim.model.outcomes import state_in_words
from sim.model.procedure import Channel, Step
from sim.training.session import Session
from sim.training.whereabouts import Whereabouts, asked_of_institutions, known_lines, last_look, whereabouts
from sim.views import svg
from sim.views.glossary import with_terms
from sim.views.map_picture import Chart, House, Kind, Land, Mover, Way, Worth, chart_pictures
from sim.views.seat.clocks import clocks_of

AHEAD = (7.0, 0.35)
"""Days that a timeline shows beyond today: so many at least, and such a share of those that have passed."""
WORTH: dict[str, Worth] = {"evidence": "evidence", "lead only": "no evidence", "none": "no evidence"}
"""How what a channel brings is drawn; on conditions otherwise."""


def timeline_of(session: Session) -> str:
    """Requests as bars, as far as the trainee knows, with every clock, over the days that have passed and some more."""
    run = session.run
    marks = [clock.mark for clock in clocks_of(session)]
    if not session.ended:
        marks.append(svg.Mark(run.day, _("today, day {day}").format(day=session.day), "today"))
    bars, until = svg.bars_of(known_lines(session)), run.day + max(AHEAD[0], AHEAD[1] * run.day)
    return svg.in_two_widths(
        lambda width: svg.timeline(bars, run.day, marks, starts=run.starts, width=width, until=until)
    )


# The map

_DRAWN: WeakKeyDictionary[Session, tuple[int, int]] = WeakKeyDictionary()
"""The moment of each session's last map, and of the one before, from which what is asked for has moved."""


def map_of(session: Session) -> str:
    """Who has been asked for what and where that is now, as a picture and as a list; at a desk of requests from abroad,
    who has asked for what."""
    now = session.run.now
    drawn, before = _DRAWN.get(session, (last_look(session), last_look(session)))
    if drawn != now:
        drawn, before = now, min(drawn, now)
    _DRAWN[session] = drawn, before
    chart, lines = _described(session, before)
    facts = "".join(
        f"<div><h3>{escape(title)}</h3><ul>{''.join(f'<li>{escape(words)}</li>' for words in said)}</ul></div>"
        for title, said in lines
    )
    return (
        f"<div class='picture'>{chart_pictures(chart)}</div>{_ways(session, chart)}"
        f"<h2>{escape(_('The same in words'))}</h2><div class='facts'>{facts}</div>"
    )


def chart_of(session: Session) -> Chart:
    """All that the map shows now, everything standing still."""
    return _described(session, session.run.now)[0]


def _described(session: Session, before: int) -> tuple[Chart, list[tuple[str, list[str]]]]:
    """The map, and the same in words; what has moved comes from where it was at a moment ``before``."""
    chart = _incoming(session, before) if session.run.incoming else _asked(session, before)
    lines = list(_facts(session, chart))
    return replace(chart, described=" ".join(f"{title}: {'; '.join(said)}." for title, said in lines)), lines


def _land(session: Session, id_: str) -> Land:
    profile = session.scenario.jurisdictions[id_]
    team = id_ in session.run.team
    own = _("your State") if id_ == session.run.home else _("in a team with you") if team else ""
    return Land(id_, profile.title, own, team)


def _asked(session: Session, before: int) -> Chart:
    """What the trainee has asked for."""
    run = session.run
    found = whereabouts(session)
    earlier = found if before == run.now else whereabouts(session, before)
    were = {one.id: (one.leg, one.share) for one in earlier}
    states = dict.fromkeys(item.record.at for item in run.evidence.values() if item.record.at != run.home)
    states |= dict.fromkeys(one.to for one in found)
    signs: dict[str, str] = {}
    ways = {}
    for one in found:
        channel = session.scenario.find("channel", one.channel) if one.channel else None
        if channel is not None:
            sign = signs.setdefault(channel.id, _sign(len(signs)))
            ways[one.to, one.channel] = _way(session, one.to, channel, sign)
    movers = [
        Mover(place, _kind(session, one), one.to, one.channel, one.leg, one.share, _line(one), were.get(one.id))
        for place, one in enumerate(found, 1)
    ]
    houses: dict[str, House] = {}
    for request, answered in asked_of_institutions(session):
        title = session.scenario.service(request.service).institution
        house = houses.get(title, House(title))
        states_there = dict.fromkeys([*house.states, *([request.to] if request.to != run.home else [])])
        houses[title] = House(title, tuple(states_there), house.waiting + (not answered))
    lands = [_land(session, id_) for id_ in states]
    return Chart(_land(session, run.home), lands, list(ways.values()), movers, list(houses.values()))


def _incoming(session: Session, before: int) -> Chart:
    """What has been asked of the trainee's desk."""
    run = session.run
    papers = [paper for paper in run.incoming.values() if paper.state != "not arrived"]
    come: dict[str, int] = {}
    for message in session.inbox:
        come.setdefault(message.about, message.moment)
    ways = {paper.record.from_: Way(paper.record.from_, "", "", "") for paper in papers}
    movers = [
        Mover(
            place,
            "paper",
            paper.record.from_,
            "",
            "there" if paper.closed else "here",
            0.0,
            f"{paper.record.title}: {state_in_words(paper.state)}",
            ("there", 0.0) if come.get(paper.id, 0) > before else None,
        )
        for place, paper in enumerate(papers, 1)
    ]
    return Chart(_land(session, run.home), [_land(session, id_) for id_ in ways], list(ways.values()), movers)


def _kind(session: Session, one: Whereabouts) -> Kind:
    request = session.run.requests[one.id]
    if isinstance(request, PreservationRequest):
        return "preservation"
    return "proposal" if isinstance(request, TeamProposal) else "letter"


def _line(one: Whereabouts) -> str:
    """Where something is, with the day from which that is known."""
    words = _("{stage}, day {day}").format(stage=one.words, day=one.since)
    return _("{stage}; no word yet").format(stage=words) if one.leg == "out" else words


def _sign(place: int) -> str:
    """A letter for a channel, two of them after the alphabet."""
    more, letter = divmod(place, len(ascii_uppercase))
    return ascii_uppercase[letter] * (more + 1)


def _way(session: Session, state: str, channel: Channel, sign: str) -> Way:
    worth = WORTH.get(channel.evidence, "on conditions")
    stops = dict.fromkeys(filter(None, (_office(session, state, step) for step in channel.there)))
    # One office alone is the sender's own, and no stop on the way.
    return Way(state, channel.id, sign, channel.title, worth, tuple(stops) if len(stops) > 1 else ())


def _office(session: Session, state: str, step: Step) -> str:
    """The office of the world that does a step of a channel."""
    who, world = step.performer, session.scenario.world
    if who is None:
        return ""
    if who.office is not None:
        return world.offices[who.office].title if who.office in world.offices else ""
    at = session.run.home if who.side == "requesting" else state
    offices = [office for office in world.offices.values() if office.jurisdiction == at]
    return next((o.title for o in offices if who.role in (o.role, *o.also)), "")


def _ways(session: Session, chart: Chart) -> str:
    """What the lines and the marks mean: each channel with what it is, and the offices it goes through."""
    signs: dict[str, list[Way]] = {}
    for way in chart.ways:
        if way.sign:
            signs.setdefault(way.sign, []).append(way)
    rows = "".join(_legend(session, sign, ways) for sign, ways in signs.items())
    if not rows:
        return ""
    lines = _(
        "An unbroken line brings evidence, a dashed one on conditions; a dotted one a lead, or nothing for a court."
    )
    marks = _("Letters are oblong, preservations round, proposals of a team pointed; what is over is white, at home.")
    return f"<p class='quiet'>{escape(lines)} {escape(marks)}</p><ul class='ways'>{rows}</ul>"


def _legend(session: Session, sign: str, ways: list[Way]) -> str:
    about = " ".join(session.scenario.channel(ways[0].channel).about.split())
    stops = "".join(f"<br>{escape(' → '.join(way.stops))}" for way in ways if way.stops)
    told = f"<span class='quiet'>{with_terms(escape(about), session.scenario)}</span>"
    return f"<li><b>{escape(sign)}</b> {escape(ways[0].title)}. {told}{stops}</li>"


def _facts(session: Session, chart: Chart) -> Iterator[tuple[str, list[str]]]:
    """All that the map shows, State by State, in words."""
    found = {place: one for place, one in enumerate(whereabouts(session), 1)} if not session.run.incoming else {}
    for land in chart.lands:
        said = [land.below] if land.below else []
        for mover in (mover for mover in chart.movers if mover.state == land.id):
            one = found.get(mover.number)
            said.append(f"{mover.number} · {mover.line}" if one is None else _told(session, mover, one))
        yield land.title, said or [_("nothing asked")]
    for house in chart.houses:
        waits = many("{n} answer awaited", "{n} answers awaited", house.waiting) if house.waiting else _("has answered")
        about = [session.scenario.jurisdictions[state].title for state in house.states]
        yield house.title, [", ".join([waits, *about])]


def _told(session: Session, mover: Mover, one: Whereabouts) -> str:
    """One thing that was asked for: its number, what it is, how it goes, where it is."""
    channel = session.scenario.find("channel", one.channel) if one.channel else None
    asked = _("{request}, asked on day {day}").format(request=one.name, day=one.sent)
    if channel is not None:
        asked = _("{what} ({channel})").format(what=asked, channel=channel.title)
    state = mover.line
    outcome = session.run.requests[one.id].outcome
    if outcome is not None:
        state = _("{stage}, day {day}").format(stage=outcome_in_words(str(outcome)), day=one.since)
    return f"{mover.number} · {asked}: {state}"
