"""The law's own terms in words: one table for each closed vocabulary of `sim.model.rules`.

A term that a file brings along and no table knows, such as an offence of an author's own, is shown as it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sim.i18n import Words, language, marked, say, say_many
from sim.model.durations import DAY, HOUR, Duration
from sim.model.offences import OFFENCES
from sim.model.outcomes import Outcome, state_in_words

GROUNDS_IN_WORDS: dict[str, str] = {
    "not-in-conformity": marked("not in conformity"),
    "sovereignty-or-security": marked("sovereignty or security"),
    "own-law-forbids": marked("own law forbids"),
    "own-system": marked("own system"),
    "political-offence": marked("political offence"),
    "military-offence": marked("military offence"),
    "ne-bis-in-idem": marked("ne bis in idem"),
    "discrimination": marked("discrimination"),
    "fiscal": marked("fiscal"),
    "bank-secrecy": marked("bank secrecy"),
    "immunity": marked("immunity"),
    "fundamental-rights": marked("fundamental rights"),
    "dual-criminality": marked("dual criminality"),
    "extraterritoriality": marked("extraterritoriality"),
    "no-reciprocity": marked("no reciprocity"),
    "death-penalty": marked("death penalty"),
    "de-minimis": marked("de minimis"),
    "no-legal-basis": marked("no legal basis"),
    "consent-missing": marked("consent missing"),
    "non-criminal-proceeding": marked("non criminal proceeding"),
    "measure-limited": marked("measure limited"),
    "national-security": marked("essential national security interests"),
    "detention-prolonged": marked("transfer would prolong the detention"),
    "presence-needed": marked("presence needed in proceedings of its own"),
    "nationality": marked("own national"),
    "territoriality": marked("committed in its own territory"),
    "lapse-of-time": marked("lapse of time"),
    "pending-proceedings": marked("proceedings of its own for the same facts"),
    "amnesty": marked("amnesty"),
    "age-of-responsibility": marked("below the age of criminal responsibility"),
    "trial-in-absence": marked("tried in absence"),
    "third-party-rights": marked("rights of affected persons"),
    "offence-not-covered": marked("offence not covered"),
    "information-not-available": marked("information not available"),
    "data-protection": marked("data protection"),
    "danger-to-person-or-investigation": marked("danger to a person or an investigation"),
    "business-interests": marked("interests of a legal person"),
    "originator-consent-missing": marked("consent of the originating State missing"),
}
"""Grounds for refusal."""

POSTPONEMENTS_IN_WORDS: dict[str, str] = {
    "ongoing-proceedings": marked("ongoing proceedings"),
    "needed-elsewhere": marked("needed elsewhere"),
    "humanitarian-reasons": marked("serious humanitarian reasons"),
}
"""Grounds for putting execution off."""

DUTIES_IN_WORDS: dict[str, str] = {
    "consult-before-refusal": marked("consult before refusal"),
    "give-reasons": marked("give reasons"),
    "confidentiality": marked("confidentiality"),
    "use-limitation": marked("use limitation"),
    "honour-conditions": marked("honour conditions"),
    "respect-formalities": marked("respect formalities"),
    "execute-promptly": marked("execute promptly"),
    "report-progress": marked("report progress"),
    "withdraw-when-needless": marked("withdraw when needless"),
    "inform": marked("inform"),
    "safe-conduct": marked("safe conduct"),
    "costs": marked("costs"),
    "consent": marked("consent"),
    "custody": marked("custody"),
    "return-person": marked("return person"),
    "protect-identity": marked("protect identity"),
    "assist-victim": marked("assist victim"),
    "safe-return": marked("safe return"),
    "written-form": marked("written form"),
    "designate-authority": marked("designate authority"),
    "verify-documents": marked("verify documents"),
    "supply-public-records": marked("supply public records"),
    "non-punishment": marked("non punishment"),
    "reciprocity": marked("reciprocity"),
    "grant-widest-assistance": marked("grant widest assistance"),
    "consider-arrangements": marked("consider arrangements"),
    "immunity": marked("immunity"),
    "train": marked("train"),
    "border-measures": marked("border measures"),
    "residence": marked("residence"),
    "compensation": marked("compensation"),
    "criminalise": marked("criminalise"),
    "substitute-measure": marked("substitute measure"),
    "recognise": marked("recognise"),
    "proportionality": marked("proportionality"),
    "legal-remedies": marked("legal remedies"),
    "data-protection": marked("data protection"),
    "forward": marked("forward"),
    "protect-witness": marked("protect witness"),
    "return-material": marked("return material"),
    "accept-without-legalisation": marked("accept without legalisation"),
    "consult-on-costs": marked("consult on costs"),
    "no-evidence-without-consent": marked("no evidence without consent"),
    "assist-unconditionally": marked("assist unconditionally"),
    "feedback-on-result": marked("feedback on result"),
    "risk-assessment": marked("risk assessment"),
    "protect-child": marked("protect child"),
    "no-sanction-for-absence": marked("no sanction for absence"),
    "notify-addressee": marked("notify addressee"),
    "keep-secret-from-user": marked("keep secret from user"),
    "prosecute-or-extradite": marked("prosecute or extradite"),
    "single-contact-point": marked("single contact point"),
    "agree-in-writing": marked("agree in writing"),
    "record-collection": marked("record collection"),
    "exchange-information": marked("exchange information"),
    "prosecute-ex-officio": marked("prosecute without a complaint"),
    "speciality": marked("speciality"),
    "fair-treatment": marked("fair treatment"),
    "compensate-victims-first": marked("priority to the compensation of victims"),
    "legal-counsel": marked("legal counsel"),
    "guardian": marked("guardian"),
    "careful-interviews": marked("careful interviews"),
}
"""What one side owes."""

PERMISSIONS_IN_WORDS: dict[str, str] = {
    "spontaneous-information": marked("spontaneous information"),
    "oral-request": marked("oral request"),
    "interpol": marked("interpol"),
    "video-hearing": marked("video hearing"),
    "additional-information": marked("additional information"),
    "direct-consultation": marked("direct consultation"),
    "conditions": marked("conditions"),
    "transfer-of-detained-person": marked("transfer of detained person"),
    "e-mail": marked("e mail"),
    "forwarding": marked("forwarding"),
    "joint-investigation": marked("joint investigation"),
    "officials-present": marked("officials present"),
    "substitute-measure": marked("substitute measure"),
    "special-techniques": marked("special techniques"),
    "transfer-of-proceedings": marked("transfer of proceedings"),
    "relocation": marked("relocation"),
    "cost-sharing": marked("cost sharing"),
    "telephone-hearing": marked("telephone hearing"),
    "direct-contact-with-provider": marked("direct contact with provider"),
    "emergency-disclosure": marked("emergency disclosure"),
    "automated-search": marked("automated search"),
    "intelligence-exchange": marked("intelligence exchange"),
    "confiscation": marked("confiscation"),
    "extradition": marked("extradition"),
    "third-state-joins": marked("third state joins"),
    "use-as-evidence-by-consent": marked("use as evidence by consent"),
    "direct-sharing": marked("direct sharing"),
    "combine-with-other-instruments": marked("combine with other instruments"),
    "reciprocity": marked("reciprocity"),
    "end-reflection-period": marked("end of the reflection period"),
    "provisional-arrest": marked("provisional arrest"),
    "conditional-surrender": marked("surrender on conditions"),
    "enforce-sentence": marked("enforcement of the sentence instead"),
    "asset-sharing": marked("sharing of assets"),
    "enforcement": marked("enforcement by the other State"),
    "restitution": marked("restitution to the owners"),
}
"""What is possible without being owed."""

STEPS_IN_WORDS: dict[str, str] = {
    "acknowledge": marked("Acknowledge"),
    "recognise": marked("Recognise"),
    "execute": marked("Execute"),
    "preserve": marked("Preserve"),
    "answer": marked("Answer"),
    "confirm in writing": marked("Confirm in writing"),
    "safe conduct": marked("Safe conduct"),
    "return": marked("Return"),
    "reflection": marked("Reflection"),
    "freeze": marked("Freeze"),
    "notify refusal": marked("Notify refusal"),
    "validate": marked("Validate"),
    "decide": marked("Decide"),
    "surrender": marked("Surrender"),
    "provisional arrest": marked("Provisional arrest"),
}
"""What a time limit is about."""

STARTS_IN_WORDS: dict[str, str] = {
    "receipt": marked("receipt"),
    "recognition": marked("recognition"),
    "order": marked("order"),
    "request": marked("request"),
    "end of presence": marked("end of presence"),
    "arrest": marked("arrest"),
    "consent": marked("consent"),
    "decision": marked("decision"),
}
"""What starts the clock of a time limit."""

ITEMS_IN_WORDS: dict[str, str] = {
    "authority": marked("authority"),
    "nature": marked("nature"),
    "facts": marked("facts"),
    "assistance": marked("assistance"),
    "persons": marked("persons"),
    "purpose": marked("purpose"),
    "formalities": marked("formalities"),
    "urgency": marked("urgency"),
}
"""What a request holds."""

ELEMENTS_IN_WORDS: dict[str, str] = {
    "act": marked("act"),
    "means": marked("means"),
    "purpose": marked("purpose"),
}
"""Elements of an offence."""

STATES_IN_WORDS: dict[str, str] = {
    "full": marked("full"),
    "partial": marked("partial"),
    "missing": marked("missing"),
}
"""How far an item is there."""

FACTS_IN_WORDS: dict[str, str] = {
    "recruitment": marked("recruitment"),
    "transportation": marked("transportation"),
    "transfer": marked("transfer"),
    "harbouring": marked("harbouring"),
    "receipt": marked("receipt"),
    "threat-or-force": marked("threat or force"),
    "coercion": marked("coercion"),
    "abduction": marked("abduction"),
    "fraud": marked("fraud"),
    "deception": marked("deception"),
    "abuse-of-power": marked("abuse of power"),
    "abuse-of-vulnerability": marked("abuse of vulnerability"),
    "payment-for-control": marked("payment for control"),
    "sexual-exploitation": marked("sexual exploitation"),
    "forced-labour": marked("forced labour"),
    "slavery": marked("slavery"),
    "practices-similar-to-slavery": marked("practices similar to slavery"),
    "servitude": marked("servitude"),
    "organ-removal": marked("organ removal"),
    "consent-of-the-victim": marked("consent of the victim"),
}
"""Facts that the definitions of the shipped instruments name."""

CONSENT_IN_WORDS: dict[str, str] = {
    "the person heard": marked("It needs the consent of person heard"),
    "the detained person": marked("It needs the consent of detained person"),
    "the accused": marked("It needs the consent of accused"),
}
"""Whose consent a measure needs."""

VIDEO_IN_WORDS: dict[str, str] = {
    "allowed": marked("allowed"),
    "with the accused's consent": marked("with the accused's consent"),
    "written questions only": marked("written questions only"),
    "not allowed": marked("not allowed"),
}
"""What a State says to hearings by video link."""


def in_words(term: str, table: Mapping[str, str]) -> Words:
    """A term in words; one that the table does not know, with spaces for its hyphens."""
    return say(table[term]) if term in table else say("{term}", term=term.replace("-", " "))


def offence_in_words(offence: str) -> Words:
    """An offence by its id."""
    return in_words(offence, OFFENCES)


def outcome_in_words(written: str) -> Words:
    """How a request stands or ended, as the event table writes it, in words: ``refused: dual-criminality``."""
    outcome = Outcome.of(written)
    if not outcome.ground:
        return state_in_words(outcome.kind)
    return say("{outcome}: {ground}", outcome=state_in_words(outcome.kind), ground=ground_in_words(outcome.ground))


def ground_in_words(ground: str) -> Words:
    """A ground for refusal by its id."""
    return in_words(ground, GROUNDS_IN_WORDS)


def item_in_words(item: str) -> Words:
    """One of the contents of a request by its name."""
    return in_words(item, ITEMS_IN_WORDS)


def limit_in_words(duration: Duration) -> Words:
    """A limit as the law writes it: ``30 days``, ``24 hours``, ``5 working days``."""
    span, scale = duration.spans[0], duration.scale
    amount = span.amount * scale
    if span.days:
        return say_many("{amount} working day", "{amount} working days", _number(amount), amount=f"{amount:g}")
    days, hours = amount / DAY, amount / HOUR
    if days >= 2:
        return say_many("{amount} day", "{amount} days", _number(days), amount=f"{days:g}")
    if span.clock == "calendar":
        return say_many("{amount} hour", "{amount} hours", _number(hours), amount=f"{hours:g}")
    return say_many("{amount} working hour", "{amount} working hours", _number(hours), amount=f"{hours:g}")


def _number(amount: float) -> int:
    """The number by which a language picks its form; a fraction is spoken of as several."""
    return round(amount) if amount == round(amount) else max(2, round(amount))


class _WrittenDay(Words):
    """A day written out when it is read."""

    __slots__ = ()

    def __str__(self) -> str:
        day = date.fromisoformat(self.key)
        if language().split("-")[0] != "en":
            try:
                from babel.dates import format_date

                return str(format_date(day, "long", locale=language().split("-")[0]))
            except (ImportError, ValueError):
                return self.key
        return f"{day.day} {day:%B %Y}"


def written_out(day: date) -> Words:
    """A day as people of the language in use write it: ``1 February 2031``; failing that, as ISO 8601 has it."""
    return _WrittenDay(day.isoformat(), {})
