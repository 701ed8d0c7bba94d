"""Jurisdictions: a fictional State's legal practice. Performance (staff, speed) belongs to the world."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from sim.i18n import say
from sim.model.assurances import Assurance
from sim.model.base import Header, Id, Language, Origins, Prose, Record, Text, fail, require_origins
from sim.model.durations import Duration, Period
from sim.model.offences import PUNISHED_EVERYWHERE
from sim.model.problems import did_you_mean


def _check_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):  # a path, a folder or nothing by that name
        raise fail(
            "F209", say("{value!r} is not a time zone", value=value[:60]), say("write a name such as Europe/Oslo")
        ) from None
    return value


@cache
def _kept() -> frozenset[str]:
    """Ids of the calendars that the library keeps."""
    from sim.model.library import FOLDERS, shipped_folder  # which knows profiles

    return frozenset(path.stem for path in (shipped_folder() / FOLDERS["holidays"]).glob("*.yaml"))


@cache
def _calendars() -> dict[str, tuple[str, str]]:
    """Module and class of every country whose holidays are known, by its code; none is loaded for it."""
    from holidays.registry import COUNTRIES  # slow to import, so only here

    return {code: (module, name) for module, (name, *codes) in COUNTRIES.items() for code in codes}


@cache
def _regions(code: str) -> tuple[str, ...]:
    """Regions of a country that have holidays of their own.

    The country's module is run by itself: importing it from its package would load some 250 countries, a quarter of the
    time that loading a case takes.
    """
    import holidays

    module, name = _calendars()[code]
    place = Path(holidays.__file__).parent / "countries" / f"{module}.py"
    return tuple(run_path(str(place))[name].subdivisions)


TimeZone = Annotated[str, AfterValidator(_check_zone)]


@cache
def _locales() -> frozenset[str]:
    """Locales that faker can invent people for: it has a folder for each, and none is loaded for it."""
    found = find_spec("faker")
    providers = Path(found.origin).parent / "providers" if found is not None and found.origin else None
    return frozenset(path.name for path in providers.glob("*/[a-z]*") if path.is_dir()) if providers else frozenset()


def _check_locale(value: str) -> str:
    if _locales() and value not in _locales():
        hint = did_you_mean(value[:20], _locales(), say("write a locale of faker such as en_GB"))
        raise fail("F209", say("{value!r} is not a locale for invented names", value=value[:60]), hint)
    return value


Locale = Annotated[str, AfterValidator(_check_locale)]


Concern = Literal[
    "torture-or-ill-treatment",
    "denial-of-fair-trial",
    "refoulement",
    "life-sentence-without-review",
    "danger-to-person-or-investigation",
]
"""Grounds of protection that a State's practice can give reason to look at, beside the death penalty."""

Standard = Literal["reasonable grounds", "probable cause"]
"""How strong a case a request must make for a measure, as courts of common-law States ask it of their own police."""


class HolidayCalendar(Record):
    """Public holidays borrowed from a real calendar, since the States are invented."""

    like: str = Field(pattern=r"^[A-Z]{2}$")
    """Two-letter code of the country whose public holidays are kept."""
    region: str | None = None
    """A region of that country with its own holidays."""

    @property
    def id(self) -> str:
        """The id of the file in which the library keeps it, where it does."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")

    @property
    def title(self) -> str:
        """Country and region by their codes."""
        return " ".join(filter(None, (self.like, self.region)))

    @model_validator(mode="after")
    def _calendar_exists(self) -> HolidayCalendar:
        if self.id in _kept() and self.title.isupper():  # the package need not be asked, nor be there
            return self
        if self.like not in _calendars():
            hint = say("write a two-letter country code such as NO")
            raise fail("F209", say("no holiday calendar for {like!r}", like=self.like), hint, ("like",))
        if self.region is not None and self.region not in _regions(self.like):
            known = did_you_mean(self.region, _regions(self.like))
            raise fail(
                "F209",
                say("{like} has no holiday region {region!r}", like=self.like, region=self.region[:40]),
                known,
                ("region",),
            )
        return self


class CriminalProvision(Record):
    """The provision of a State's criminal law on one offence, as a letter annexes it."""

    article: Prose
    """Where it stands."""
    says: Prose
    """Its text, invented as the State is."""
    maximum_penalty_years: Annotated[int, Field(ge=1, le=100)]
    """The longest imprisonment it threatens, in years."""


class Jurisdiction(Header):
    """National practice of one State, as other States meet it. The States are invented; the instruments are real."""

    kind: Literal["jurisdiction"]
    """Always ``jurisdiction``."""
    likeness: Prose
    """What kind of real system it stands for, in a sentence; never a real State's name as a claim."""
    time_zone: TimeZone
    """IANA zone of the capital."""
    holidays: HolidayCalendar
    """Whose public holidays its offices keep."""
    faker_locale: Locale = "en_US"
    """Locale for invented names and places."""
    languages: tuple[Language, ...] = Field(min_length=1)
    """Official languages, the first being the one its offices write in."""
    accepts_languages: tuple[Language, ...] = ()
    """Further languages in which it accepts requests; its notification under UNTOC art. 18(14)."""
    instruments: tuple[Id, ...] = ()
    """Instruments to which it is a party or by which it is bound."""
    declarations: dict[Id, tuple[Text, ...]] = {}
    """Declarations and reservations it has made: for an instrument, the articles that apply by declaration only."""
    channels: tuple[Id, ...] = ()
    """Channels through which it accepts requests, in its own order of preference."""
    criminalises: tuple[Id, ...] = ()
    """Offences its law knows (for dual criminality), beside those that every State punishes."""
    does_not_punish: tuple[Id, ...] = ()
    """Of what every other State punishes, what its law does not know."""
    criminal_law: dict[Id, CriminalProvision] = {}
    """Its provisions on offences, by the offence's id: what its letters annex."""
    dual_criminality: Literal["as the instrument says", "always required", "waived for trafficking"] = (
        "as the instrument says"
    )
    """Practice on dual criminality."""
    forbids_measures: tuple[Id, ...] = ()
    """Measures its own law would not allow in a similar domestic case (UNTOC art. 18(21)(c))."""
    standard_of_proof: dict[Id, Standard] = {}
    """What the facts of a request must show before its courts order a measure, by measure; as in any request unless
    given."""
    federal: bool = False
    """Whether its central authority passes requests on to authorities of constituent units, which execute them."""
    legal_remedies: bool = False
    """Whether an affected person can appeal against handing evidence over."""
    remedies_against_orders: bool = True
    """Whether its own law lets those affected challenge an order that it issues for evidence abroad."""
    appeal_takes: Duration | None = None
    """How long such an appeal takes; as the procedure says unless given."""
    networks: tuple[Id, ...] = ()
    """Networks and organisations in which it takes part: interpol, europol, eurojust, ejn, wacap, seajust, …"""
    retention: dict[Id, Duration] = {}
    """How long holders keep data by its law or by their practice, by kind of evidence."""
    translators: Literal["anyone", "legal translators", "sworn translators"] = "anyone"
    """Whose translations it accepts."""
    formalities: tuple[Literal["oath", "caution", "recording", "counsel present", "interpreter"], ...] = ()
    """Forms its own courts ask of evidence; what was taken without them is worth less at home."""
    video_link: Literal["allowed", "with the accused's consent", "written questions only", "not allowed"] = "allowed"
    """Whether witnesses may be heard by video link from its territory."""
    reflection_period: Period | None = None
    """Recovery and reflection period for presumed victims (CETS 197 art. 13: at least 30 days); none: not provided."""
    detention_limit: Period | None = None
    """Longest detention before trial."""
    limitation_period: Period | None = None
    """When prosecution is barred by time."""
    limitation_suspended: Period | None = None
    """For how long at most a pending request abroad suspends the limitation period; none: not at all."""
    data_protection: Literal["adequate", "by agreement", "no guarantees"] = "by agreement"
    """What protects personal data sent there."""
    informs_persons: bool = False
    """Whether banks or providers have to tell the person concerned."""
    death_penalty: bool = False
    """Whether the offence may carry the death penalty, so that others ask for assurances."""
    concerns: tuple[Concern, ...] = ()
    """Further grounds of protection that others have reason to look at before they hand a person over to it."""
    asks_assurances: tuple[Assurance, ...] = ()
    """Assurances without which its own law forbids it to help, where what it would help with raises the ground."""
    de_minimis: bool = False
    """Whether it declines requests below a threshold of seriousness."""
    needs_treaty: bool = False
    """Whether it refuses to act without a treaty basis."""
    origins: Origins
    """Where its practice comes from."""

    @model_validator(mode="after")
    def _figures_have_origins(self) -> Jurisdiction:
        figures = ("appeal_takes", "reflection_period", "detention_limit", "limitation_period", "limitation_suspended")
        mappings = [name for name in ("retention", "criminal_law", "standard_of_proof") if getattr(self, name)]
        require_origins(self, (*figures, *mappings))
        return self

    def punishes(self, offence: str) -> bool:
        """Whether an act is an offence under its law, too."""
        everywhere = offence in PUNISHED_EVERYWHERE and offence not in self.does_not_punish
        return everywhere or offence in self.criminalises

    @model_validator(mode="after")
    def _annexes_what_it_criminalises(self) -> Jurisdiction:
        for name in self.criminal_law:
            if not self.punishes(name):
                hint = did_you_mean(name, self.criminalises)
                message = say("{name!r} is not among the offences that the State criminalises", name=name)
                raise fail("F210", message, hint, ("criminal law", name))
        return self
