"""Keeping a session in a file while it is played: what cannot be written now is written as soon as it can be."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Unpack

from sim.errors import SessionError
from sim.i18n import Words, joined
from sim.training.session_records import Entry, InPost
from sim.training.storage import NotWrittenError, SessionFile

logger = logging.getLogger("mlasim.training.keeping")


class Keeper:
    """Writes a session down at every step. It never stops a play: it says what is not kept, and tries again."""

    def __init__(self, file: SessionFile):
        self.file = file
        self.unkept: Words | None = None
        """Why the last step is not in the file; None: it is."""

    def keep(self, entries: Sequence[Entry]) -> bool:
        """Write all steps; whether that went well."""
        try:
            self.file.write(entries)
        except SessionError as error:
            logger.warning("a session is not kept at the moment: %s", error)
            self.unkept = joined([error], "")
            return False
        self.unkept = None
        return True

    def check(self, entry: Entry) -> None:
        """Raise `SessionError` if a step could not be read again, or if something else has written the file."""
        self.file.check(entry)
        self.untouched()

    def untouched(self) -> None:
        """Raise `OpenElsewhereError` if something else has written the file. That it cannot be read says nothing."""
        with suppress(NotWrittenError):
            self.file.untouched()

    def rename(self, **names: Unpack[InPost]) -> None:
        """Have the first line say something else from the next time on. Raises `OpenElsewhereError`."""
        self.untouched()
        self.file.header = replace(self.file.header, **names)
