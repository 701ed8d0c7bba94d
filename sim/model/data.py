"""What files hold before it has been held against a record, and places in it."""

from __future__ import annotations

from typing import Any

Data = Any
"""Data of a file as its author wrote it: a mapping, a list, text, a number. `Any`, because nothing is known of it until
a record has been made of it (`sim.model.validation`); what only passes it on or asks for its type takes ``object``."""

Path = tuple[str | int, ...]
"""A place in a file: keys and positions in lists, from the root."""
