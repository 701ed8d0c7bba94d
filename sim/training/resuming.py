"""Going on with a session from its file, or only reading it; and taking its steps again in a case edited since."""

from __future__ import annotations

from pathlib import Path

from sim.errors import SessionError
from sim.i18n import Words, marked, say
from sim.model.loading import Scenario
from sim.training.keeping import Keeper
from sim.training.session import Session
from sim.training.session_records import Provenance
from sim.training.storage import EditedSinceError, Kept, is_edited, read_kept, scenario_of
from sim.versions import versions


def resume(
    path: str | Path, scenario: Scenario | None = None, *, writing: bool = True, edited: bool = False
) -> Session:
    """A session from its file, as it stood after its last decision; it goes on writing there, unless ``writing`` is
    false. Reading alone changes nothing in the file. `Session.remarks` says what is to be said about it.

    Raises `SessionError` if the file is no session, `EditedSinceError` if the scenario has changed since in what can
    change a play. With ``edited`` its steps are taken again in the scenario as it is now, as far as they go; that play
    is not kept until it is saved, and the remarks say where it differs.

    >>> import sim
    >>> path = sim.play("silent-harbour", seed=7).save("mine.session.jsonl")
    >>> sim.resume(path).question.id
    'first-steps'
    """
    kept = read_kept(Path(path))
    header = kept.file.header
    scenario = scenario_of(kept.file, scenario, edited=edited)
    session = Session(
        scenario,
        seed=header.seed,
        replication=header.replication,
        partner=header.partner,
        exchange=header.exchange,
        peer=header.peer,
    )
    session.provenance = header.provenance
    session.remarks = [*kept.remarks, *_played_with(header.provenance, kept.file.path)]
    if is_edited(scenario, header):
        session.remarks += _replayed_as_far_as_it_goes(session, kept)
        return session
    if writing:
        session.remember()
    session.replay(kept.entries, kept.places)
    if writing:
        session.keeper = Keeper(kept.file)
    return session


MATTER = ("mlasim", "time zones")
"""Versions that a play can hang on. The same results are promised, and tested, over Python and SimPy; of holidays it is
said apart where they are not the library's (`sim.engine.public_holidays`)."""


def _played_with(provenance: Provenance, path: Path) -> list[Words]:
    """That a play was begun with other versions than those it is taken up with: its outcome can hang on them."""
    now = versions()
    others = [
        f"{name} {number} → {now.get(name, '')}"
        for name, number in provenance.versions.items()
        if name in MATTER and now.get(name, "") != number
    ]
    if not others:
        return []
    changed = ", ".join(others)
    return [say("{path}: played with other versions than now: {changed}", path=path, changed=changed)]


def _replayed_as_far_as_it_goes(session: Session, kept: Kept) -> list[Words]:
    """Take the steps of a session in a scenario that was edited since; where the play differs from what it was."""
    words = say(
        "{path}: the case was edited since; its steps were taken again in the case as it is now", path=kept.file.path
    )
    found: list[Words] = [words]
    for entry, place in zip(kept.entries, kept.places, strict=True):
        try:
            session.reach_question(entry.decision)
            asked = session.question
            moved = asked is not None and asked.id == entry.decision and asked.moment != entry.moment
            if moved and len(found) == 1:
                differs = marked("{place}: from here on the play differs: this was asked at another time")
                found.append(say(differs, place=place))
            session.replay([entry], [place])
        except SessionError as error:
            found.append(say("{place}: this step and what follows are left out: {why}", place=place, why=error))
            break
    if kept.entries and not session.entries:
        raise EditedSinceError(
            say("{path}: none of its steps fits the case as it is now: {why}", path=kept.file.path, why=found[-1])
        )
    return found
