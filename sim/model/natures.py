"""What kind of thing a measure brings, and how one speaks of it: data are deleted, papers destroyed, people found.

A sentence about an item is chosen here by what the item is, so that nobody reads of a person what is true of a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sim.i18n import marked

NatureName = Literal["data", "records", "objects", "assets", "testimony", "people", "step"]


@dataclass(frozen=True)
class Nature:
    """How things of one kind are lost, kept and spoken of. Sentences are keys of the catalogue."""

    name: NatureName
    preservable: bool
    """Whether a holder can be told to keep it until a request comes."""
    of_people: bool
    """Whether it is people who are to be found or brought to safety, and no evidence."""
    came: str
    """Of ``{title}``: what was asked for is there."""
    ended: str
    """Of ``{title}``: its time was over before anybody came."""
    warned: str
    """Of ``{title}``: gone because somebody had been warned."""
    withdrew: str
    """Of ``{title}``: not to be had because the person whom it hangs on no longer takes part."""
    states: Mapping[str, str]
    """How it stands, where that is said otherwise than of data."""
    came_on: str
    """The same with its ``{day}``."""
    lost_on: str
    lasts: str
    """How long it is usually there: ``{length}``."""
    any_day: str
    """What may happen any day."""
    in_time: str
    """What may happen in ``{when}``."""
    from_here: str
    """A mark in a timeline: from when on."""
    gone: str
    """Of ``{title}``, looking back: when it would have been gone if nobody had done anything."""
    not_found: str
    """Why a request brought nothing: nothing was come upon. What was looked for may be there all the same, and be found
    or lost later."""
    too_late: str
    """The same: it had been there, and was no longer when it was to be taken."""


_DATA = Nature(
    name="data",
    not_found=marked("the holder found no data under what was named"),
    too_late=marked("the data had been deleted before they were taken"),
    preservable=True,
    of_people=False,
    came=marked("{title}: now in your file."),
    ended=marked("{title}: no longer to be had — deleted when the holder's retention period ended."),
    warned=marked("{title}: no longer to be had — deleted by those who had been warned."),
    withdrew=marked("{title}: no longer to be had — the person no longer takes part."),
    states={},
    came_on=marked("came on day {day}"),
    lost_on=marked("lost on day {day}"),
    lasts=marked("usually {length}"),
    any_day=marked("not preserved; may be deleted any day"),
    in_time=marked("not preserved; may be deleted in {when}"),
    from_here=marked("may be deleted from here"),
    gone=marked("{title}: deleted by the holder unless preserved"),
)


_THINGS = replace(
    _DATA,
    name="objects",
    not_found=marked("nothing of the kind was found there"),
    too_late=marked("what was looked for was no longer where it had been"),
    preservable=False,
    ended=marked("{title}: no longer to be had — gone from where it was."),
    warned=marked("{title}: no longer to be had — moved or destroyed by those who had been warned."),
    lasts=marked("may be there for {length}"),
    any_day=marked("not secured; may be gone any day"),
    in_time=marked("not secured; may be gone in {when}"),
    from_here=marked("may be gone from here"),
    gone=marked("{title}: no longer there from here on"),
)


NATURES: dict[NatureName, Nature] = {
    "data": _DATA,
    "records": replace(
        _DATA,
        name="records",
        not_found=marked("the holder found no records under what was named"),
        too_late=marked("the records had been destroyed before they were taken"),
        ended=marked("{title}: no longer to be had — destroyed when the holder's retention period ended."),
        warned=marked("{title}: no longer to be had — moved or destroyed by those who had been warned."),
        any_day=marked("not preserved; may be destroyed any day"),
        in_time=marked("not preserved; may be destroyed in {when}"),
        from_here=marked("may be destroyed from here"),
        gone=marked("{title}: destroyed by the holder unless preserved"),
    ),
    "objects": _THINGS,
    "assets": replace(
        _THINGS,
        name="assets",
        not_found=marked("no assets were found under what was named"),
        too_late=marked("the assets had been moved on before they were secured"),
        came=marked("{title}: secured."),
        ended=marked("{title}: no longer to be had — moved on before anybody secured them."),
        warned=marked("{title}: no longer to be had — moved on by those who had been warned."),
        states={"pending": marked("not secured"), "obtained": marked("secured")},
        came_on=marked("secured on day {day}"),
    ),
    "testimony": replace(
        _THINGS,
        name="testimony",
        not_found=marked("nobody could be heard"),
        too_late=marked("nobody could be heard any more"),
        ended=marked("{title}: can no longer be taken down."),
        warned=marked("{title}: can no longer be taken down; somebody had been warned."),
        withdrew=marked("{title}: can no longer be taken down — the person no longer takes part."),
        lost_on=marked("could not be taken down from day {day} on"),
    ),
    "people": replace(
        _THINGS,
        name="people",
        not_found=marked("nobody was met there"),
        too_late=marked("they were no longer where they had been"),
        of_people=True,
        came=marked("{title}: reached, and in safety."),
        ended=marked("{title}: no longer there; nobody reached them in time."),
        warned=marked("{title}: taken elsewhere by those who had been warned."),
        withdrew=marked("{title}: no longer looked for, as whoever it concerns does not wish it."),
        states={
            "pending": marked("not yet reached"),
            "obtained": marked("in safety"),
            "lost": marked("no longer there"),
        },
        came_on=marked("in safety since day {day}"),
        lost_on=marked("could not be reached there from day {day} on"),
        any_day=marked("not yet reached; may be taken elsewhere any day"),
        in_time=marked("not yet reached; may be taken elsewhere in {when}"),
        from_here=marked("may be taken elsewhere from here"),
    ),
    "step": replace(
        _THINGS,
        name="step",
        not_found=marked("it could not be done"),
        too_late=marked("it could no longer be done"),
        came=marked("{title}: done."),
        ended=marked("{title}: too late; it can no longer be done."),
        warned=marked("{title}: can no longer be done; those concerned had been warned."),
        states={"pending": marked("not done"), "obtained": marked("done"), "lost": marked("no longer possible")},
        came_on=marked("done on day {day}"),
        lost_on=marked("no longer possible from day {day} on"),
    ),
}
"""Every kind of thing that a measure can bring."""
