"""Grounds for refusal by name: one vocabulary for all instruments."""

from __future__ import annotations

from typing import Literal

Ground = Literal[
    "not-in-conformity",
    "sovereignty-or-security",
    "national-security",
    "own-law-forbids",
    "own-system",
    "political-offence",
    "military-offence",
    "ne-bis-in-idem",
    "discrimination",
    "fiscal",
    "bank-secrecy",
    "immunity",
    "fundamental-rights",
    "dual-criminality",
    "extraterritoriality",
    "no-reciprocity",
    "death-penalty",
    "de-minimis",
    "no-legal-basis",
    "consent-missing",
    "non-criminal-proceeding",
    "measure-limited",
    "detention-prolonged",
    "presence-needed",
    "nationality",
    "territoriality",
    "lapse-of-time",
    "pending-proceedings",
    "amnesty",
    "age-of-responsibility",
    "trial-in-absence",
    "third-party-rights",
    "offence-not-covered",
    "information-not-available",
    "data-protection",
    "danger-to-person-or-investigation",
    "business-interests",
    "originator-consent-missing",
]
"""Grounds for refusal, named once for all instruments."""
