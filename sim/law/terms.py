"""The law's own terms in words: one table for each closed vocabulary of `sim.model.rules`.

A term that a file brings along and no table knows, such as an offence of an author's own, is shown as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sim.i18n import Words, joined, language, marked, say, say_many
from sim.model.assurances import TITLES
from sim.model.durations import DAY, HOUR, Duration
from sim.model.offences import OFFENCES
from sim.model.outcomes import Outcome, state_in_words

GROUNDS_IN_WORDS: dict[str, str] = {
    "not-in-conformity": marked("request not in conformity with the instrument"),
    "sovereignty-or-security": marked("sovereignty, security, ordre public or other essential interests"),
    "own-law-forbids": marked("measure prohibited by the law of the requested State"),
    "own-system": marked("contrary to the legal system of the requested State"),
    "political-offence": marked("political offence"),
    "military-offence": marked("military offence"),
    "ne-bis-in-idem": marked("ne bis in idem"),
    "discrimination": marked("prosecution or punishment on discriminatory grounds"),
    "fiscal": marked("fiscal offence"),
    "bank-secrecy": marked("bank secrecy"),
    "immunity": marked("immunity or privilege"),
    "fundamental-rights": marked("incompatibility with fundamental rights"),
    "dual-criminality": marked("want of dual criminality"),
    "extraterritoriality": marked("offence committed outside the requesting State"),
    "no-reciprocity": marked("want of reciprocity"),
    "death-penalty": marked("death penalty"),
    "torture-or-ill-treatment": marked("risk of torture or of inhuman or degrading treatment"),
    "denial-of-fair-trial": marked("risk of a flagrant denial of a fair trial"),
    "refoulement": marked("threat to life or freedom of a refugee (non-refoulement)"),
    "life-sentence-without-review": marked("life sentence without review"),
    "de-minimis": marked("matter of minor importance (de minimis)"),
    "no-legal-basis": marked("want of a legal basis"),
    "consent-missing": marked("want of the consent required"),
    "non-criminal-proceeding": marked("proceedings that are not criminal"),
    "measure-limited": marked("measure reserved to other offences or penalties"),
    "national-security": marked("essential national security interests"),
    "detention-prolonged": marked("transfer that would prolong the detention"),
    "presence-needed": marked("presence of the person needed in proceedings of the requested State"),
    "nationality": marked("person concerned a national of the requested State"),
    "territoriality": marked("offence committed in the territory of the requested State"),
    "lapse-of-time": marked("lapse of time"),
    "pending-proceedings": marked("proceedings of the requested State for the same facts"),
    "amnesty": marked("amnesty"),
    "age-of-responsibility": marked("person below the age of criminal responsibility"),
    "trial-in-absence": marked("judgment given in absence"),
    "third-party-rights": marked("rights of affected persons or third parties"),
    "offence-not-covered": marked("offence for which the measure is not open"),
    "information-not-available": marked("information that is not available"),
    "data-protection": marked("protection of personal data"),
    "danger-to-person-or-investigation": marked("danger to a person or an investigation"),
    "business-interests": marked("interests of a legal person"),
    "originator-consent-missing": marked("want of the consent of the State of origin"),
    "special-tribunal": marked("request of a special or ad hoc tribunal"),
    "not-competent": marked("want of competence of the authority asked"),
    "no-agreement": marked("want of an agreement on how it is carried out"),
}
"""Grounds for refusal."""

STANDARDS_IN_WORDS: dict[str, str] = {
    "reasonable grounds": marked("reasonable grounds to believe that what is sought bears on the offence"),
    "probable cause": marked("probable cause: facts from which it is likely that what is sought proves the offence"),
}
"""Standards of proof."""

POSTPONEMENTS_IN_WORDS: dict[str, str] = {
    "ongoing-proceedings": marked("ongoing investigation, prosecution or proceedings"),
    "needed-elsewhere": marked("material needed in other proceedings"),
    "humanitarian-reasons": marked("serious humanitarian reasons"),
    "legal-remedies": marked("legal remedies of those affected, before what was obtained is handed over"),
}
"""Grounds for putting execution off."""

DUTIES_IN_WORDS: dict[str, str] = {
    "consult-before-refusal": marked("consult before refusing or postponing"),
    "give-reasons": marked("give reasons for a refusal"),
    "confidentiality": marked("keep the request and its substance confidential"),
    "use-limitation": marked("use what is received for the purpose stated only"),
    "honour-conditions": marked("honour conditions once accepted"),
    "respect-formalities": marked("follow the formalities asked for, unless contrary to fundamental principles of law"),
    "execute-promptly": marked("execute promptly"),
    "report-progress": marked("report on progress and delay"),
    "withdraw-when-needless": marked("say when the help is no longer needed"),
    "inform": marked("inform the other side"),
    "safe-conduct": marked("grant safe conduct"),
    "costs": marked("bear the ordinary costs"),
    "consent": marked("obtain the consent of the person concerned"),
    "custody": marked("keep a transferred person in custody"),
    "return-person": marked("return a transferred person"),
    "protect-identity": marked("protect the privacy and identity of victims"),
    "assist-victim": marked("assist and protect victims"),
    "safe-return": marked("see to the safe return of victims"),
    "written-form": marked("make the request in writing"),
    "designate-authority": marked("designate an authority"),
    "verify-documents": marked("verify travel and identity documents"),
    "supply-public-records": marked("supply government records"),
    "non-punishment": marked("provide for not punishing victims for what they were compelled to do"),
    "reciprocity": marked("act on reciprocity"),
    "grant-widest-assistance": marked("afford the widest measure of assistance"),
    "consider-arrangements": marked("make agreements or arrangements"),
    "immunity": marked("respect immunity from prosecution for earlier acts"),
    "train": marked("train officials"),
    "border-measures": marked("strengthen border controls"),
    "residence": marked("provide for residence of victims"),
    "compensation": marked("provide for compensation of victims"),
    "criminalise": marked("make the conduct a criminal offence"),
    "substitute-measure": marked("use another measure where the one asked for is not to be had"),
    "recognise": marked("recognise and execute without further formality"),
    "proportionality": marked("ask only for what is necessary and proportionate"),
    "legal-remedies": marked("provide legal remedies"),
    "data-protection": marked("protect personal data"),
    "forward": marked("forward the request to the competent authority"),
    "protect-witness": marked("protect witnesses"),
    "return-material": marked("return what was handed over"),
    "accept-without-legalisation": marked("accept documents without legalisation"),
    "consult-on-costs": marked("consult on substantial or extraordinary costs"),
    "no-evidence-without-consent": marked("not use information as evidence without consent"),
    "assist-unconditionally": marked("assist victims whether or not they testify"),
    "feedback-on-result": marked("report what came of the information"),
    "risk-assessment": marked("assess the risk to the persons concerned"),
    "protect-child": marked("protect children"),
    "no-sanction-for-absence": marked("not punish a person summoned for staying away"),
    "notify-addressee": marked("inform the addressee in a language they understand"),
    "keep-secret-from-user": marked("keep the measure secret from the person concerned"),
    "prosecute-or-extradite": marked("prosecute whom it does not extradite"),
    "single-contact-point": marked("set up a single point of contact"),
    "agree-in-writing": marked("agree in writing"),
    "record-collection": marked("keep a record of what is done"),
    "exchange-information": marked("exchange information"),
    "prosecute-ex-officio": marked("prosecute without a complaint"),
    "speciality": marked("try and punish a surrendered person for the offences of the surrender only"),
    "fair-treatment": marked("guarantee fair treatment in the proceedings"),
    "compensate-victims-first": marked("give priority to the compensation of victims"),
    "legal-counsel": marked("give access to legal counsel"),
    "guardian": marked("appoint a guardian for a child without parents"),
    "careful-interviews": marked("interview victims with care and no more often than needed"),
    "inform-person": marked("inform the person concerned"),
    "deduct-detention": marked("deduct the detention already undergone"),
    "prevention": marked("take measures of prevention"),
    "assist-migrants": marked("protect and assist smuggled migrants"),
    "return-migrants": marked("return smuggled migrants in safety and take back nationals"),
    "particular-costs": marked("bear the particular costs that the article names"),
    "spare-migrants": marked("not prosecute migrants for having been smuggled"),
    "humane-treatment": marked("see to the safety and humane treatment of persons on board"),
    "stay-proceedings": marked("stay the proceedings at home"),
    "inform-victims": marked("inform victims of their rights and of the proceedings"),
    "victim-recovery": marked("provide for the recovery of victims"),
    "victim-safety": marked("provide for the physical safety of victims"),
    "enforce-sentence-instead": marked("enforce the sentence itself"),
    "liaison": marked("exchange personnel and post liaison officers"),
    "hear-representative": marked("hear the legal representative of the person concerned"),
    "equal-validity": marked("treat what was done there as if its own authorities had done it"),
    "consult-on-application": marked("consult on how the instrument is applied"),
}
"""What one side must do; each follows ``must``."""

PERMISSIONS_IN_WORDS: dict[str, str] = {
    "spontaneous-information": marked("information without a request"),
    "oral-request": marked("request by word of mouth"),
    "interpol": marked("transmission through INTERPOL"),
    "video-hearing": marked("hearing by video link"),
    "additional-information": marked("asking for further information"),
    "direct-consultation": marked("direct consultation between the authorities"),
    "conditions": marked("help on conditions"),
    "transfer-of-detained-person": marked("temporary transfer of a person in custody"),
    "e-mail": marked("transmission by e-mail"),
    "forwarding": marked("passing the request on"),
    "joint-investigation": marked("joint investigation"),
    "officials-present": marked("presence of officials of the requesting State"),
    "substitute-measure": marked("another measure in place of the one asked for"),
    "special-techniques": marked("special investigative techniques"),
    "transfer-of-proceedings": marked("transfer of proceedings"),
    "relocation": marked("relocation of witnesses"),
    "cost-sharing": marked("sharing of costs"),
    "telephone-hearing": marked("hearing by telephone"),
    "direct-contact-with-provider": marked("direct contact with the provider"),
    "emergency-disclosure": marked("disclosure in an emergency"),
    "automated-search": marked("automated search of registers"),
    "intelligence-exchange": marked("exchange of information between police forces"),
    "confiscation": marked("confiscation"),
    "extradition": marked("extradition"),
    "third-state-joins": marked("a third State or a Union body takes part"),
    "use-as-evidence-by-consent": marked("use as evidence, or for other offences, by consent"),
    "renewed-preservation": marked("renewal of the preservation"),
    "direct-sharing": marked("direct sharing without a request"),
    "combine-with-other-instruments": marked("combination with other instruments"),
    "reciprocity": marked("reciprocity"),
    "end-reflection-period": marked("end of the reflection period"),
    "provisional-arrest": marked("provisional arrest"),
    "conditional-surrender": marked("surrender on conditions"),
    "enforce-sentence": marked("enforcement of the sentence instead"),
    "asset-sharing": marked("sharing of assets"),
    "enforcement": marked("enforcement by the other State"),
    "restitution": marked("restitution to the owners"),
    "recorded-interview": marked("recording of an interview, used as evidence"),
    "board-vessel": marked("boarding and searching a vessel at sea"),
    "data-transfer": marked("transfer of personal data"),
    "alert": marked("alert in a shared register"),
    "flag": marked("flag that keeps an alert from being acted on"),
    "protection-order": marked("protection order that follows the person"),
}
"""What is possible without being owed."""

TRANSFERS_IN_WORDS: dict[str, str] = {
    "adequacy decision": marked("a decision that it protects them adequately"),
    "binding safeguards": marked("safeguards in an instrument that binds it"),
    "assessed safeguards": marked("safeguards as the sender finds them, with what is promised"),
    "vital interests": marked("somebody's life or limb, in this case only"),
    "individual case": marked("the need of this one case, strictly what is necessary"),
}
"""On what personal data may go to a State outside the area of protection."""

STEPS_IN_WORDS: dict[str, str] = {
    "acknowledge": marked("Acknowledge"),
    "recognise": marked("Recognise"),
    "execute": marked("Execute"),
    "preserve": marked("Preserve"),
    "answer": marked("Answer"),
    "confirm in writing": marked("Confirm an oral request in writing"),
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
    "finding": marked("the finding of the person"),
}
"""What starts the clock of a time limit."""

ITEMS_IN_WORDS: dict[str, str] = {
    "authority": marked("requesting authority"),
    "nature": marked("nature of the proceedings and of the offence"),
    "facts": marked("summary of the facts"),
    "assistance": marked("assistance sought"),
    "persons": marked("persons concerned"),
    "purpose": marked("purpose"),
    "formalities": marked("formalities to be followed"),
    "urgency": marked("deadline and its reasons"),
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
    "the person heard": marked("It needs the consent of the person heard"),
    "the detained person": marked("It needs the consent of the detained person"),
    "the accused": marked("It needs the consent of the accused"),
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


WHY_NOTHING_IN_WORDS: dict[str, str] = {
    "not found": marked("not found"),
    "gone": marked("too late"),
    "person withdrew": marked("the person no longer takes part"),
}
"""Why a request brought nothing, in a table."""


def outcome_in_words(written: str) -> Words:
    """How a request stands or ended, as the event table writes it, in words: ``refused: dual-criminality``."""
    outcome = Outcome.of(written)
    if not outcome.ground:
        return state_in_words(outcome.kind)
    ground = in_words(outcome.ground, WHY_NOTHING_IN_WORDS | GROUNDS_IN_WORDS)
    return say("{outcome}: {ground}", outcome=state_in_words(outcome.kind), ground=ground)


def ground_in_words(ground: str) -> Words:
    """A ground for refusal by its id."""
    return in_words(ground, GROUNDS_IN_WORDS)


OR = marked(" or ")


def assurances_in_words(assurances: Iterable[str], separator: str = "; ") -> Words:
    """What is assured, by the ids of the assurances."""
    return joined([in_words(name, TITLES) for name in assurances], separator)


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
