"""Languages: in which the request may be written, and whether it has to be translated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.i18n import LanguageName, Words, joined, say
from sim.law.question import Question
from sim.law.reason import Reason, by_practice_of
from sim.law.sources import Source, Sources
from sim.model.rules import LanguageRule

_OFFICIAL_ONLY = ("official language of the requested State", "translated and authenticated")


@dataclass(frozen=True)
class LanguageAnswer:
    """The languages a request may be written in."""

    languages: tuple[str, ...]
    """Codes of the languages accepted; empty if any will do."""
    translation_needed: bool
    """Whether the requesting State's first language is not among them."""
    translate_into: str | None
    """The language to translate into: one that the requesting State knows, if possible."""
    authenticated: bool
    """Whether the translation must be authenticated."""
    reason: Reason

    def __str__(self) -> str:
        return str(self.reason)


def language_answer(question: Question, found: Sources) -> LanguageAnswer:
    """Languages by the instrument's rule and the requested State's official and accepted languages."""
    rules = found.of(LanguageRule)
    source = rules[0] if rules else None
    accepted = _accepted(question, source)
    own, asked = question.requesting.languages[0], question.requested
    needed = bool(accepted) and own not in accepted
    known = (*question.requesting.languages, *question.requesting.accepts_languages)
    into = next((language for language in accepted if language in known), accepted[0]) if needed else None
    authenticated = source is not None and source.rule.language == "translated and authenticated"
    listed = _named(accepted)
    tongue = LanguageName(own)
    if not accepted:
        words = say("Any language will do")
    elif needed and authenticated:
        words = say(
            "A translation is needed: {own} into {into}, authenticated (accepted: {accepted})",
            own=tongue,
            into=LanguageName(into or ""),
            accepted=listed,
        )
    elif needed:
        words = say(
            "A translation is needed: {own} into {into} (accepted: {accepted})",
            own=tongue,
            into=LanguageName(into or ""),
            accepted=listed,
        )
    else:
        words = say("No translation is needed: {own} is accepted (accepted: {accepted})", own=tongue, accepted=listed)
    official = say("{state} writes in {languages}", state=asked.title, languages=_named(asked.languages))
    if asked.accepts_languages:
        official = say(
            "{state} writes in {languages} and takes requests in {others}",
            state=asked.title,
            languages=_named(asked.languages),
            others=_named(asked.accepts_languages),
        )
    practice = by_practice_of(asked, official)
    if source is None:
        reason = Reason(words, children=(Reason(say("The instrument has no rule on language")), practice))
    else:
        reason = source.reason(words, source.reason(), practice)
    return LanguageAnswer(accepted, needed, into, authenticated, reason)


def _named(codes: Iterable[str]) -> Words:
    return joined([LanguageName(code) for code in codes])


def _accepted(question: Question, source: Source[LanguageRule] | None) -> tuple[str, ...]:
    official, notified = question.requested.languages, question.requested.accepts_languages
    if source is None:
        return tuple(dict.fromkeys((*official, *notified)))
    rule = source.rule
    if rule.language == "none needed":
        return ()
    if rule.language == "named by the instrument":
        return rule.named
    more = () if rule.language in _OFFICIAL_ONLY else notified
    return tuple(dict.fromkeys((*rule.named, *official, *more)))
