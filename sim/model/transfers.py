"""On what personal data may go to a State that an instrument on their protection does not bind."""

from __future__ import annotations

from typing import Literal

from sim.model.assurances import Assurance
from sim.model.base import Record

TransferGround = Literal[
    "adequacy decision", "binding safeguards", "assessed safeguards", "vital interests", "individual case"
]
"""On what personal data may leave the area of protection; `sim.law.terms` has them in words."""


class DataTransferRule(Record):
    """A ground on which personal data may go to a State that the instrument does not bind."""

    ground: TransferGround
    """Which ground."""
    assurances: tuple[Assurance, ...] = ()
    """What the receiving State has to have promised; of the death penalty only where it may impose it."""
    documented: bool = False
    """Whether date, recipient, reason and data have to be noted for the supervisory authority."""
