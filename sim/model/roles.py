"""The role a provision plays in a case: what a conduct is held against, whatever instrument is in use.

Scores, trust, letters and messages ask `sim.law.provision_for` for a role and never for an article. Most roles follow
from a provision's rule (`sim.law.roles` says how); a provision whose rule does not tell, or tells too
little, names its roles in its file.
"""

from __future__ import annotations

from typing import Literal

Role = Literal[
    # What a request holds, as a whole and item by item
    "contents",
    "content-authority",
    "content-nature",
    "content-facts",
    "content-assistance",
    "content-persons",
    "content-purpose",
    "content-formalities",
    "content-urgency",
    "proportionality",
    # On what it rests and how it is made
    "which-basis",
    "no-treaty",
    "competent-authority",
    "channel",
    "written-form",
    "oral-request",
    "oral-confirmation",
    "language",
    "formalities",
    # Between the two offices
    "assistance",
    "prior-contact",
    "additional-information",
    "acknowledgement",
    "promptness",
    "progress",
    "withdrawal",
    "feedback",
    "costs",
    # When it cannot be helped with, or not now, or not without conditions
    "grounds-for-refusal",
    "consultation",
    "reasons",
    "conditions",
    "postponement",
    "remedy",
    # Use of what is received
    "use-limitation",
    "confidentiality",
    "personal-data",
    "data-transfer",
    "spontaneous-information",
    "conditions-on-information",
    # Persons who are to come, or to be heard
    "consent",
    "custody",
    "voluntary-appearance",
    "safe-conduct",
    # Victims
    "victim-identity",
    "victim-information",
    "victim-participation",
    "victim-assistance",
    "victim-needs",
    "trained-staff",
    "reflection-period",
    "safe-return",
    "non-refoulement",
    "acceptance-of-return",
    "child",
    "guardian",
    "child-interview",
    "non-punishment",
    # Cooperation beside requests, and the offence itself
    "joint-team",
    "cooperation",
    "criminalisation",
    "definition",
]
"""What a provision can be asked for."""
