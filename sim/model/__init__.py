"""What a file may say: frozen records, YAML loading, problems with file, line and column."""

from sim.model.loading import (
    Library,
    Scenario,
    available,
    examine,
    load,
    load_lever,
    load_text,
    shipped_folder,
)
from sim.model.problems import CODES, Problem

__all__ = [
    "CODES",
    "Library",
    "Problem",
    "Scenario",
    "available",
    "examine",
    "load",
    "load_lever",
    "load_text",
    "shipped_folder",
]
