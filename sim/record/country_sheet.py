"""A State on one page, as practitioners keep it beside them: authorities, ways in, languages, forms, durations.

What its law and practice are comes from its profile, its offices from the world, how long requests took and how they
ended from a run of the world. Each line says where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.errors import LawError
from sim.i18n import LanguageName, Words, joined, marked, say, say_many
from sim.law.procedure_terms import chance_in_words, network_in_words
from sim.law.terms import (
    DUTIES_IN_WORDS,
    STANDARDS_IN_WORDS,
    VIDEO_IN_WORDS,
    assurances_in_words,
    ground_in_words,
    in_words,
    limit_in_words,
    outcome_in_words,
)
from sim.model.base import MARKS, Origin
from sim.model.durations import DAY
from sim.model.jurisdiction import Jurisdiction
from sim.model.office import hours_in_short
from sim.model.outcomes import Outcome
from sim.model.played import DUTIES
from sim.model.problems import did_you_mean
from sim.model.scenario import Scenario
from sim.record.run import Run


@dataclass(frozen=True)
class Line:
    """One thing to know."""

    label: Words
    value: Words
    source: Words | None = None
    """Where it comes from, with its mark; None where it is law or follows from the lines above."""


@dataclass(frozen=True)
class Section:
    """What belongs together."""

    title: Words
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class CountrySheet:
    """A State on one page."""

    id: str
    title: str
    likeness: str
    world: str
    """Title of the world in which it is met."""
    sections: tuple[Section, ...]


def country_sheet(scenario: Scenario, state: str, run: Run | None = None) -> CountrySheet:
    """The sheet of a State of a world or case; with a ``run`` of the world also how long requests to it took.

    Raises `LawError` for a State that is not in it.

    >>> import sim
    >>> sheet = country_sheet(sim.load("meridian"), "nor")
    >>> sheet.title, str(sheet.sections[0].title)
    ('Norvale', 'Authorities')
    """
    if state not in scenario.jurisdictions:
        hint = did_you_mean(state, scenario.jurisdictions)
        raise LawError(say("there is no jurisdiction {id} — {hint}", id=repr(state), hint=hint))
    profile = scenario.jurisdictions[state]
    found = (
        Section(say("Authorities"), tuple(_authorities(scenario, state))),
        Section(say("What binds it"), (*_bonds(scenario, state), *_not_played(scenario, profile))),
        Section(say("Ways in, the preferred one first"), tuple(_ways(scenario, profile))),
        Section(say("Languages"), tuple(_languages(profile))),
        Section(say("Forms and practice"), tuple(_forms(scenario, profile))),
        Section(say("How long data are kept"), tuple(_retention(scenario, profile))),
        Section(say("Times and limits"), tuple(_limits(profile))),
        Section(say("How long requests take, and what makes them fail"), tuple(_performance(scenario, state, run))),
    )
    sections = tuple(section for section in found if section.lines)
    return CountrySheet(state, profile.title, profile.likeness.strip(), scenario.world.title, sections)


def _authorities(scenario: Scenario, state: str) -> Iterator[Line]:
    world = scenario.world
    for office in world.offices.values():
        if office.jurisdiction != state:
            continue
        agency = world.agencies.get(office.agency) if office.agency else None
        parts: list[object] = [agency.title] if agency is not None else []
        parts += [say_many("{n} person at work", "{n} people at work", office.staff, n=office.staff)]
        parts += [say("day and night") if not office.hours else say("open {hours}", hours=hours_in_short(office.hours))]
        if office.languages:
            parts.append(say("reads {languages}", languages=_named(office.languages)))
        yield Line(say("{title}", title=office.title), joined(parts, "; "), _source(office.origins, "staff"))


def _bonds(scenario: Scenario, state: str) -> Iterator[Line]:
    profile = scenario.jurisdictions[state]
    treaties = {one.instrument: one.between for one in scenario.world.treaties if state in one.between}
    for id_, instrument in sorted(scenario.instruments.items(), key=lambda pair: pair[1].precedence):
        partners = [
            other.title
            for other in scenario.jurisdictions.values()
            if other is not profile and id_ in other.instruments and id_ in profile.instruments
        ]
        partners += [scenario.jurisdictions[one].title for one in treaties.get(id_, ()) if one != state]
        if partners:
            yield Line(say("{title}", title=instrument.short), say("with {states}", states=", ".join(partners)))


def _not_played(scenario: Scenario, profile: Jurisdiction) -> Iterator[Line]:
    """In one line, what is owed under what binds it and has no effect in a play."""
    owed = {
        provision.rule.duty.duty
        for id_ in profile.instruments
        if (record := scenario.instruments.get(id_)) is not None
        for provision in record.provisions
        if provision.rule.duty is not None
    }
    names = [say(DUTIES_IN_WORDS[duty]) for duty, places in DUTIES.items() if duty in owed and not places]
    if names:
        yield Line(say("Owed, and not played by the simulation"), joined(names, "; "))


def _ways(scenario: Scenario, profile: Jurisdiction) -> Iterator[Line]:
    for place, id_ in enumerate(profile.channels, 1):
        channel = scenario.find("channel", id_)
        if channel is not None:
            yield Line(say("{n}", n=place), say("{title}", title=channel.title), _source(profile.origins, "channels"))
    if profile.networks:
        yield Line(
            say("Networks"), joined(map(network_in_words, profile.networks), ", "), _source(profile.origins, "networks")
        )


def _languages(profile: Jurisdiction) -> Iterator[Line]:
    yield Line(say("Official"), _named(profile.languages), _source(profile.origins, "languages"))
    if profile.accepts_languages:
        accepted = _named(profile.accepts_languages)
        yield Line(say("Also accepted in requests"), accepted, _source(profile.origins, "accepts languages"))
    who = say("{who}", who=profile.translators)
    yield Line(say("Whose translations it accepts"), who, _source(profile.origins, "translators"))


def _named(languages: tuple[str, ...]) -> Words:
    return joined([LanguageName(language) for language in languages], ", ")


def _forms(scenario: Scenario, profile: Jurisdiction) -> Iterator[Line]:
    def line(label: Words, value: Words, field: str) -> Line:
        return Line(label, value, _source(profile.origins, field))

    if profile.formalities:
        forms = joined([say("{form}", form=form) for form in profile.formalities], ", ")
        yield line(say("Its courts ask of evidence"), forms, "formalities")
    yield line(say("Hearing by video link"), say(VIDEO_IN_WORDS[profile.video_link]), "video link")
    yield line(say("Dual criminality"), say("{practice}", practice=profile.dual_criminality), "dual criminality")
    yes_or_no = (
        (say("Needs a treaty"), profile.needs_treaty, "needs treaty"),
        (say("Declines what is below a threshold of seriousness"), profile.de_minimis, "de minimis"),
        (say("Requests are passed on to authorities of constituent units"), profile.federal, "federal"),
        (say("Somebody affected can appeal before evidence is handed over"), profile.legal_remedies, "legal remedies"),
        (say("Orders it issues can be challenged there"), profile.remedies_against_orders, "remedies against orders"),
        (say("Holders have to tell the person concerned"), profile.informs_persons, "informs persons"),
        (say("The death penalty is possible; ask for an assurance"), profile.death_penalty, "death penalty"),
    )
    for label, holds, field in yes_or_no:
        yield line(label, say("yes") if holds else say("no"), field)
    if profile.concerns:
        concerns = joined([ground_in_words(one) for one in profile.concerns])
        yield line(say("Before a person is handed over to it, look at"), concerns, "concerns")
    if profile.asks_assurances:
        yield line(say("Its law asks for assurances"), assurances_in_words(profile.asks_assurances), "asks assurances")
    if profile.forbids_measures:
        measures = joined([_measure(scenario, one).lower() for one in profile.forbids_measures], ", ")
        yield line(say("Its law does not know"), measures, "forbids measures")
    for id_, standard in profile.standard_of_proof.items():
        label = say("What the facts must show for: {measure}", measure=_measure(scenario, id_).lower())
        yield line(label, in_words(standard, STANDARDS_IN_WORDS), "standard of proof")
    protection = say("{protection}", protection=profile.data_protection)
    yield line(say("Protection of personal data"), protection, "data protection")


def _retention(scenario: Scenario, profile: Jurisdiction) -> Iterator[Line]:
    for kind, duration in profile.retention.items():
        label = say("{kind}", kind=_kept(scenario, kind))
        yield Line(label, limit_in_words(duration), _source(profile.origins, "retention"))


def _limits(profile: Jurisdiction) -> Iterator[Line]:
    limits = (
        (say("Recovery and reflection period of presumed victims"), profile.reflection_period, "reflection period"),
        (say("Longest detention before trial"), profile.detention_limit, "detention limit"),
        (say("Prosecution is barred after"), profile.limitation_period, "limitation period"),
        (say("A pending request suspends that by at most"), profile.limitation_suspended, "limitation suspended"),
    )
    for label, span, field in limits:
        if span is not None:
            days = round(span.seconds() / DAY)
            yield Line(label, say_many("{n} day", "{n} days", days, n=f"{days:,}"), _source(profile.origins, field))


def _performance(scenario: Scenario, state: str, run: Run | None) -> Iterator[Line]:
    if run is not None:
        yield from _simulated(run, state)
    performance = scenario.world.jurisdictions.get(state)
    for name, chance in (performance.chances if performance is not None else {}).items():
        label = say("Chance: {name}", name=chance_in_words(name))
        assert performance is not None
        yield Line(label, say("{share} %", share=f"{100 * chance:.0f}"), _source(performance.origins, "chances"))


def _simulated(run: Run, state: str) -> Iterator[Line]:
    flows = [id_ for id_, flow in run.scenario.world.demand.items() if flow.to == state]
    kpis = run.kpis(flows) if flows else None
    if kpis is None or not kpis.counted.days:
        return
    where = say("simulated: {world}, seed {seed}", world=run.scenario.title, seed=run.seed)
    middle, late = kpis["median days"], kpis["p90 days"]
    half = say("half are answered within {days} days", days=f"{middle:.0f}")
    most = say("nine in ten within {days} days", days=f"{late:.0f}")
    yield Line(say("Requests from abroad"), joined([half, most], "; "), where)
    finished = sum(kpis.outcomes.values())
    for written, count in sorted(kpis.outcomes.items(), key=lambda pair: -pair[1]):
        if not Outcome.of(written).done:
            share = say("{share} % of those that are over", share=f"{100 * count / finished:.1f}")
            yield Line(outcome_in_words(written), share, where)


def _measure(scenario: Scenario, id_: str) -> str:
    """What a measure is called; its id where there is none in the scenario."""
    record = scenario.find("measure", id_)
    return record.title if record is not None else id_


def _kept(scenario: Scenario, kind: str) -> Words | str:
    """What holders keep: what a measure asks for, or one of a few things that none is called by."""
    return in_words(kind, _KEPT_IN_WORDS) if kind in _KEPT_IN_WORDS else _measure(scenario, kind)


_KEPT_IN_WORDS = {"cctv": marked("Camera recordings"), "hotel-register": marked("Hotel registers")}


def _source(origins: Mapping[str, Origin], field: str) -> Words | None:
    """Where a figure or practice comes from."""
    origin = origins.get(field) or origins.get("all")
    return None if origin is None else say("{mark}: {source}", mark=say(MARKS[origin.mark]), source=origin.source)
