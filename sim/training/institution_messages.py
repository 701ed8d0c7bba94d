"""What States and institutions write to the trainee: advice, thanks, agreements, what a service found."""

from __future__ import annotations

from sim.case.state import CaseState
from sim.i18n import LanguageName, Words, joined, marked, say
from sim.law.procedure_terms import network_in_words
from sim.model import events
from sim.training.telling import (
    Message,
    institution,
    sentence,
    the_state,
    title_of,
    told_by,
    with_article,
    written,
    your_office,
)


@told_by(events.InformationShared)
def _shared(run: CaseState, event: events.InformationShared) -> Message:
    if event.with_conditions:
        plain = say(
            "{title} thanks you for the information and will respect its conditions.", title=title_of(run, event)
        )
        words = with_article(run, event, plain, "conditions-on-information")
    else:
        words = say("{title} thanks you for the information.", title=title_of(run, event))
    return written(run, event, the_state, words)


sentence(
    events.NoBasisForTeam, the_state, marked("{title} and your State have no basis for a joint investigation team.")
)
sentence(events.TeamDeclined, the_state, marked("{title} does not join the team."))


@told_by(events.TeamAgreed)
def _team(run: CaseState, event: events.TeamAgreed) -> Message:
    state = run.scenario.jurisdictions[event.state].title
    words = say("{state} has signed the agreement on a joint investigation team.", state=state)
    return written(run, event, your_office, words)


@told_by(events.Consulted)
def _consulted(run: CaseState, event: events.Consulted) -> Message:
    before = [one for one in run.events if isinstance(one, events.Consulted) and one.about == event.about]
    if len(before) > 1:
        words = say("{title}: what we need is as we told you.", title=title_of(run, event))
        return written(run, event, the_state, words)
    return written(run, event, the_state, _advice(run, event.about))


def _advice(run: CaseState, state: str) -> Words:
    """What an authority says when it is contacted before a letter goes out: what it takes, and what it cannot do."""
    profile = run.scenario.jurisdictions[state]
    tongues = dict.fromkeys([*profile.languages, *profile.accepts_languages])
    ways = [run.scenario.channel(name).title for name in profile.channels[:2]]
    parts = [
        say("{state} says what it needs.", state=profile.title),
        say("Languages: {names}.", names=joined(LanguageName(code) for code in tongues)),
    ]
    if ways:
        parts.append(say("Best sent: {ways}.", ways="; ".join(ways).lower()))
    if profile.translators == "sworn translators":
        parts.append(say("Translations by sworn translators only."))
    if profile.video_link != "allowed":
        parts.append(say(_VIDEO[profile.video_link]))
    if profile.legal_remedies:
        parts.append(say("The person concerned may appeal against handing evidence over; reckon with that time."))
    if profile.informs_persons:
        parts.append(say("Holders have to tell the person concerned unless you ask for confidentiality."))
    return joined(parts, " ")


_VIDEO = {
    "with the accused's consent": marked("Hearings by video only with the consent of the accused."),
    "written questions only": marked("No hearings by video: we can put your questions in writing."),
    "not allowed": marked("No hearings by video."),
}
_ANSWERS = {
    "lead": marked("there is a lead"),
    "identity": marked("the identity could be established"),
    "whereabouts": marked("there is a trace of the whereabouts"),
    "link to another case": marked("there is a link to another case"),
    "contact": marked("here is whom to talk to"),
}


@told_by(events.ServiceHit)
def _hit(run: CaseState, event: events.ServiceHit) -> Message:
    if event.gives == "whereabouts" and _all_reached(run):
        return _too_late_to_look(run, event)
    places = {"title": title_of(run, event), "found": say(_ANSWERS[event.gives])}
    if run.scenario.service(event.about).worth != "none":
        words = say("{title} — {found}. It is no evidence.", **places)
    else:
        words = say("{title} — {found}.", **places)
    return written(run, event, institution, words)


_NO_ANSWERS = {
    "lead": marked("no lead"),
    "identity": marked("the identity could not be established"),
    "whereabouts": marked("no trace of the whereabouts"),
    "link to another case": marked("no link to another case"),
    "contact": marked("nobody could say whom to talk to"),
}


@told_by(events.ServiceFoundNothing)
def _no_hit(run: CaseState, event: events.ServiceFoundNothing) -> Message:
    hit = run.scenario.service(event.about).hit
    if hit is not None and hit.gives == "whereabouts" and _all_reached(run):
        return _too_late_to_look(run, event)
    found = say(_NO_ANSWERS[hit.gives]) if hit is not None else say("nothing was found")
    return written(run, event, institution, say("{title} — {found}.", title=title_of(run, event), found=found))


def _all_reached(run: CaseState) -> bool:
    """Whether there were people to be found, and all are in safety."""
    sought = [item for item in run.evidence.values() if item.nature.of_people]
    return bool(sought) and all(item.obtained_at is not None for item in sought)


def _too_late_to_look(run: CaseState, event: events.ServiceHit | events.ServiceFoundNothing) -> Message:
    words = say("{title} — no longer needed: whoever was looked for is in safety.", title=title_of(run, event))
    return written(run, event, institution, words)


sentence(events.ServiceDone, institution, marked("{title} — done."))


@told_by(events.ServiceUnavailable)
def _unavailable(run: CaseState, event: events.ServiceUnavailable) -> Message:
    words = say("{title} — not available: {why}.", title=title_of(run, event), why=why_unavailable(run, event))
    return written(run, event, institution, words)


LINKS = {
    "terrorism": marked("terrorism"),
    "danger to life": marked("danger to life"),
    "several States investigate": marked("several States investigate"),
    "child victim": marked("child victim"),
    "proceeds": marked("proceeds"),
}
"""Facts on which some institutions depend, in words."""


def why_unavailable(run: CaseState, event: events.ServiceUnavailable) -> Words:
    """Why an institution does not do it here, in words."""
    outside = joined((run.scenario.jurisdictions[id_].title for id_ in event.outside), marked(" and "))
    if event.lacking == "network":
        network = network_in_words(event.what)
        return say("not taking part in {network}: {states}", states=outside, network=network)
    if event.lacking == "instrument":
        record = run.scenario.instrument(event.what)
        return say("{instrument} does not bind {states}", instrument=record.short, states=outside)
    if event.lacking == "link":
        return say("nothing in the case points to it: {link}", link=say(LINKS[event.what]))
    return say("that channel is not used by {states}", states=outside)
