"""What the simulation plays of the law: for every duty, permission and ground where it acts, or that it does not.

The law desk answers by all of them. In a play only some have an effect; readers must be able to tell which. A test
resolves every place named here, and holds actions and conduct against the role that the duty or permission has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["action", "conduct", "event", "figure", "chance", "procedure", "practice"]
"""``action``: something to do · ``conduct``: what moves trust · ``event`` · ``figure``: of behaviour, ``topic/name`` ·
``chance``: of a procedure, ``procedure/name`` · ``procedure``: one of its own · ``practice``: a field of a State's
profile that raises it."""


@dataclass(frozen=True)
class Place:
    """Where something acts."""

    kind: Kind
    name: str

    @classmethod
    def of(cls, written: str) -> Place:
        """A place as it is written below: ``action use``."""
        kind, _, name = written.partition(" ")
        return cls(kind, name)  # type: ignore[arg-type]  # a test looks at every kind


Places = tuple[Place, ...]


def _table(written: dict[str, tuple[str, ...]]) -> dict[str, Places]:
    return {name: tuple(Place.of(one) for one in places) for name, places in written.items()}


_NOT_PLAYED: tuple[str, ...] = ()

DUTIES: dict[str, Places] = _table(
    {
        "consult-before-refusal": (
            "action refuse",
            "conduct refused without a word",
            "chance letter-of-request/conditions",
        ),
        "give-reasons": ("action refuse", "conduct refused without a word"),
        "confidentiality": ("figure secrecy/not confidential",),
        "use-limitation": ("action use", "conduct used beyond its purpose"),
        "honour-conditions": ("action assure", "conduct assurance broken"),
        "respect-formalities": ("figure expiry/lack of form",),
        "execute-promptly": ("conduct helped too late",),
        "report-progress": ("action chase", "conduct chased too soon"),
        "withdraw-when-needless": ("action withdraw", "conduct withdrawn"),
        "inform": ("action protect", "figure people/silence"),
        "safe-conduct": ("action invite", "figure people/safe conduct"),
        "costs": _NOT_PLAYED,
        "consent": ("chance letter-of-request/consent-missing",),
        "custody": _NOT_PLAYED,
        "return-person": _NOT_PLAYED,
        "protect-identity": ("figure secrecy/named in clear", "event identity-known"),
        "assist-victim": ("action protect", "figure people/supported"),
        "safe-return": ("action repatriate", "figure people/forced return"),
        "written-form": ("figure conduct/to confirm",),
        "designate-authority": ("figure conduct/guessed authority",),
        "verify-documents": _NOT_PLAYED,
        "supply-public-records": _NOT_PLAYED,
        "non-punishment": ("action treat", "figure people/treated as suspect"),
        "reciprocity": _NOT_PLAYED,
        "grant-widest-assistance": ("action grant", "conduct helped"),
        "consider-arrangements": _NOT_PLAYED,
        "immunity": ("action invite", "figure people/unprotected travel"),
        "train": ("figure people/ordinary interview",),
        "border-measures": _NOT_PLAYED,
        "residence": _NOT_PLAYED,
        "compensation": _NOT_PLAYED,
        "criminalise": ("practice criminalises",),
        "substitute-measure": _NOT_PLAYED,
        "recognise": ("action grant", "procedure european-investigation-order"),
        "proportionality": ("conduct overbroad", "figure conduct/overbroad"),
        "legal-remedies": ("practice legal remedies", "chance letter-of-request/appeal", "event appealed"),
        "data-protection": ("action grant",),
        "forward": ("chance letter-of-request/wrong-authority",),
        "protect-witness": ("action protect", "figure people/kept in touch"),
        "return-material": _NOT_PLAYED,
        "accept-without-legalisation": _NOT_PLAYED,
        "consult-on-costs": _NOT_PLAYED,
        "no-evidence-without-consent": ("action ask_consent", "conduct used without consent"),
        "assist-unconditionally": _NOT_PLAYED,
        "feedback-on-result": ("action feedback", "conduct feedback"),
        "risk-assessment": ("action protect", "figure people/unassessed return"),
        "protect-child": ("event child-heard-unprotected", "figure people/child unprotected"),
        "no-sanction-for-absence": ("action invite", "event travel-declined"),
        "notify-addressee": _NOT_PLAYED,
        "keep-secret-from-user": ("practice informs persons", "figure secrecy/person informed"),
        "prosecute-or-extradite": _NOT_PLAYED,
        "single-contact-point": _NOT_PLAYED,
        "agree-in-writing": _NOT_PLAYED,
        "record-collection": _NOT_PLAYED,
        "exchange-information": _NOT_PLAYED,
        "prosecute-ex-officio": _NOT_PLAYED,
        "speciality": ("action assure", "conduct assurance broken"),
        "fair-treatment": _NOT_PLAYED,
        "compensate-victims-first": _NOT_PLAYED,
        "legal-counsel": ("action protect",),
        "guardian": ("action protect", "event child-heard-unprotected"),
        "careful-interviews": ("action interview", "figure people/repeated"),
        "inform-person": _NOT_PLAYED,
        "deduct-detention": _NOT_PLAYED,
        "prevention": _NOT_PLAYED,
        "assist-migrants": _NOT_PLAYED,
        "return-migrants": _NOT_PLAYED,
        "particular-costs": _NOT_PLAYED,
        "spare-migrants": _NOT_PLAYED,
        "humane-treatment": _NOT_PLAYED,
        "stay-proceedings": _NOT_PLAYED,
        "inform-victims": _NOT_PLAYED,
        "victim-recovery": ("action protect", "figure people/supported"),
        "victim-safety": ("action protect", "figure people/kept in touch"),
        "enforce-sentence-instead": _NOT_PLAYED,
        "liaison": _NOT_PLAYED,
        "consult-on-application": _NOT_PLAYED,
        "hear-representative": _NOT_PLAYED,
        "equal-validity": _NOT_PLAYED,
    }
)
"""Every duty."""

PERMISSIONS: dict[str, Places] = _table(
    {
        "spontaneous-information": ("action share", "conduct shared"),
        "oral-request": ("action confirm", "conduct oral and never confirmed"),
        "interpol": ("action send",),
        "video-hearing": ("practice video link",),
        "additional-information": ("action supplement", "action inquire", "conduct answered"),
        "direct-consultation": ("action consult", "conduct consulted"),
        "conditions": ("action ask_assurance", "action assure", "event conditions"),
        "transfer-of-detained-person": ("chance letter-of-request/consent-missing",),
        "e-mail": ("figure conduct/to confirm",),
        "forwarding": ("chance letter-of-request/wrong-authority",),
        "joint-investigation": ("action propose_team", "procedure joint-investigation-team"),
        "officials-present": _NOT_PLAYED,
        "substitute-measure": _NOT_PLAYED,
        "special-techniques": _NOT_PLAYED,
        "transfer-of-proceedings": _NOT_PLAYED,
        "relocation": ("action protect", "figure people/kept in touch"),
        "cost-sharing": _NOT_PLAYED,
        "telephone-hearing": _NOT_PLAYED,
        "direct-contact-with-provider": ("procedure production-order",),
        "emergency-disclosure": _NOT_PLAYED,
        "automated-search": _NOT_PLAYED,
        "intelligence-exchange": ("procedure police-information",),
        "confiscation": ("procedure certificate-on-assets",),
        "extradition": ("procedure surrender",),
        "third-state-joins": _NOT_PLAYED,
        "use-as-evidence-by-consent": ("action ask_consent", "event consented"),
        "renewed-preservation": _NOT_PLAYED,
        "direct-sharing": ("procedure team-sharing",),
        "combine-with-other-instruments": _NOT_PLAYED,
        "reciprocity": _NOT_PLAYED,
        "end-reflection-period": _NOT_PLAYED,
        "provisional-arrest": _NOT_PLAYED,
        "conditional-surrender": ("action assure",),
        "enforce-sentence": _NOT_PLAYED,
        "asset-sharing": _NOT_PLAYED,
        "enforcement": _NOT_PLAYED,
        "restitution": _NOT_PLAYED,
        "recorded-interview": ("action interview", "figure people/recorded interview"),
        "board-vessel": _NOT_PLAYED,
        "alert": _NOT_PLAYED,
        "flag": _NOT_PLAYED,
        "protection-order": _NOT_PLAYED,
        "data-transfer": _NOT_PLAYED,
    }
)
"""Every permission."""

GROUNDS: dict[str, Places] = _table(
    {
        "not-in-conformity": ("chance letter-of-request/not-in-conformity", "figure conduct/no nexus"),
        "sovereignty-or-security": ("chance letter-of-request/sovereignty-or-security",),
        "national-security": _NOT_PLAYED,
        "own-law-forbids": ("practice forbids measures", "chance letter-of-request/own-law-forbids"),
        "own-system": ("chance letter-of-request/own-system",),
        "political-offence": _NOT_PLAYED,
        "military-offence": _NOT_PLAYED,
        "ne-bis-in-idem": ("chance letter-of-request/ne-bis-in-idem",),
        "discrimination": _NOT_PLAYED,
        "fiscal": _NOT_PLAYED,
        "bank-secrecy": ("conduct refused without a ground",),
        "immunity": _NOT_PLAYED,
        "fundamental-rights": _NOT_PLAYED,
        "dual-criminality": ("practice criminalises", "chance letter-of-request/dual-criminality"),
        "extraterritoriality": _NOT_PLAYED,
        "no-reciprocity": _NOT_PLAYED,
        "death-penalty": ("practice death penalty", "event assurance-asked", "chance letter-of-request/death-penalty"),
        "torture-or-ill-treatment": ("practice concerns", "event assurance-asked"),
        "denial-of-fair-trial": ("practice concerns", "event assurance-asked"),
        "refoulement": ("practice concerns",),
        "life-sentence-without-review": ("practice concerns", "event assurance-asked"),
        "de-minimis": ("practice de minimis", "chance letter-of-request/de-minimis"),
        "no-legal-basis": ("practice needs treaty",),
        "consent-missing": ("chance letter-of-request/consent-missing",),
        "non-criminal-proceeding": _NOT_PLAYED,
        "measure-limited": ("practice forbids measures",),
        "detention-prolonged": _NOT_PLAYED,
        "presence-needed": _NOT_PLAYED,
        "nationality": _NOT_PLAYED,
        "territoriality": _NOT_PLAYED,
        "lapse-of-time": _NOT_PLAYED,
        "pending-proceedings": _NOT_PLAYED,
        "amnesty": _NOT_PLAYED,
        "age-of-responsibility": _NOT_PLAYED,
        "trial-in-absence": _NOT_PLAYED,
        "third-party-rights": _NOT_PLAYED,
        "offence-not-covered": _NOT_PLAYED,
        "information-not-available": _NOT_PLAYED,
        "data-protection": _NOT_PLAYED,
        "danger-to-person-or-investigation": ("practice concerns",),
        "business-interests": _NOT_PLAYED,
        "originator-consent-missing": _NOT_PLAYED,
        "special-tribunal": _NOT_PLAYED,
        "not-competent": ("chance letter-of-request/wrong-authority",),
        "no-agreement": _NOT_PLAYED,
    }
)
"""Every ground for refusal. One that is not played can still be named in a refusal at one's own desk, and is judged
there."""
