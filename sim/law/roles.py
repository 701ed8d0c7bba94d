"""What a provision can be asked for by: the roles that follow from its rule, unless its file names them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from sim.model.actions import Item
from sim.model.instrument import Provision
from sim.model.roles import Role
from sim.model.rules import (
    ContentRule,
    DeadlineRule,
    DutyRule,
    PermissionRule,
    PostponementRule,
    RefusalRule,
    RelationRule,
    Rule,
)

ROLES: tuple[Role, ...] = get_args(Role)
"""Every role a provision can be asked for."""

_BY_RULE: dict[str, Role] = {
    "channel": "channel",
    "language": "language",
    "element": "definition",
    "data_transfer": "data-transfer",
}
"""Kinds of rule that play one role whatever they say."""

_BY_ITEM: dict[str, Role] = {
    "authority": "content-authority",
    "nature": "content-nature",
    "facts": "content-facts",
    "assistance": "content-assistance",
    "persons": "content-persons",
    "purpose": "content-purpose",
    "formalities": "content-formalities",
    "urgency": "content-urgency",
}
"""What an item of a request is asked for by."""

_BY_DUTY: dict[str, Role] = {
    "consult-before-refusal": "consultation",
    "give-reasons": "reasons",
    "confidentiality": "confidentiality",
    "use-limitation": "use-limitation",
    "no-evidence-without-consent": "use-limitation",
    "honour-conditions": "conditions",
    "respect-formalities": "formalities",
    "execute-promptly": "promptness",
    "report-progress": "progress",
    "withdraw-when-needless": "withdrawal",
    "feedback-on-result": "feedback",
    "safe-conduct": "safe-conduct",
    "immunity": "safe-conduct",
    "no-sanction-for-absence": "voluntary-appearance",
    "costs": "costs",
    "consult-on-costs": "costs",
    "particular-costs": "costs",
    "consent": "consent",
    "custody": "custody",
    "protect-identity": "victim-identity",
    "assist-victim": "victim-assistance",
    "victim-recovery": "victim-assistance",
    "victim-safety": "victim-assistance",
    "assist-unconditionally": "victim-assistance",
    "protect-child": "child",
    "guardian": "guardian",
    "train": "trained-staff",
    "safe-return": "safe-return",
    "written-form": "written-form",
    "accept-without-legalisation": "written-form",
    "designate-authority": "competent-authority",
    "single-contact-point": "competent-authority",
    "forward": "competent-authority",
    "non-punishment": "non-punishment",
    "grant-widest-assistance": "assistance",
    "recognise": "assistance",
    "criminalise": "criminalisation",
    "proportionality": "proportionality",
    "data-protection": "personal-data",
    "legal-remedies": "remedy",
}
"""What a duty is asked for by."""

_BY_PERMISSION: dict[str, Role] = {
    "spontaneous-information": "spontaneous-information",
    "oral-request": "oral-request",
    "additional-information": "additional-information",
    "direct-consultation": "prior-contact",
    "conditions": "conditions",
    "joint-investigation": "joint-team",
    "intelligence-exchange": "cooperation",
}
"""What a permission is asked for by."""

_BY_STEP: dict[str, Role] = {
    "acknowledge": "acknowledgement",
    "execute": "promptness",
    "confirm in writing": "oral-confirmation",
    "safe conduct": "safe-conduct",
    "reflection": "reflection-period",
}
"""What a time limit is asked for by."""

_BY_RELATION: dict[str, Role] = {
    "leaves others unaffected": "which-basis",
    "replaces": "which-basis",
    "gives way to": "which-basis",
    "supplements": "which-basis",
    "amends": "which-basis",
    "applies mutatis mutandis": "which-basis",
    "stands in where no treaty binds": "no-treaty",
}
"""What a rule on other instruments is asked for by."""

AS_A_WHOLE: dict[Role, tuple[Role, ...]] = {
    "contents": tuple(_BY_ITEM[item] for item in get_args(Item)),
    "grounds-for-refusal": ("grounds-for-refusal",),
    "cooperation": ("cooperation",),
    "criminalisation": ("criminalisation",),
    "definition": ("definition",),
}
"""Roles that several provisions play together; cited is the article that holds them."""


def roles_of(provision: Provision) -> tuple[Role, ...]:
    """What a provision can be asked for by: the roles its file names, otherwise those that follow from its rule."""
    return provision.roles if provision.roles is not None else tuple(_by_rule(provision.rule))


def _by_rule(rule: Rule) -> Iterator[Role]:
    role: Role | None = None
    match rule.content_of:
        case ContentRule(item=item):
            role = _BY_ITEM[item]
        case RefusalRule(ground=ground):
            # A ground that only some measures know is no part of the list of grounds.
            role = "consent" if ground == "consent-missing" else "grounds-for-refusal"
        case DutyRule(duty=duty):
            role = _BY_DUTY.get(duty)
        case PermissionRule(allows=allows):
            role = _BY_PERMISSION.get(allows)
        case DeadlineRule(step=step):
            role = _BY_STEP.get(step)
        case PostponementRule(ground=ground):
            role = "remedy" if ground == "legal-remedies" else "postponement"
        case RelationRule(relation=relation):
            role = _BY_RELATION.get(relation)
        case _:
            role = _BY_RULE.get(rule.name)
    if role is not None:
        yield role
