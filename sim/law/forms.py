"""The form of a request: the one that its instrument names for the measure, otherwise the general letter."""

from __future__ import annotations

from collections.abc import Iterable

from sim.errors import LawError
from sim.i18n import say
from sim.model.form import GENERAL_FORMS, Form
from sim.model.instrument import Instrument
from sim.model.loading import Scenario


def form_for(scenario: Scenario, instrument: str, measures: Iterable[str]) -> Form:
    """The form in which a request under an instrument is written, by what it asks for first; a general one while none
    (``""``) is named. Raises `UsageError` for an instrument that is not there, and `LawError` where a general form is
    wanted and has problems."""
    asked = [*measures][:1]
    named = scenario.instrument(instrument).letter_forms if instrument else ()
    for id_ in (*named, *GENERAL_FORMS):
        form = scenario.find("form", id_)
        if isinstance(form, Form) and (not form.measures or set(asked) & set(form.measures)):
            return form
    raise LawError(say("there is no form {id} — put one into library/forms", id=repr(GENERAL_FORMS[-1])))


def listed_offences(instrument: Instrument) -> tuple[str, ...]:
    """The offences for which an instrument does not verify dual criminality, in its order."""
    found = [
        name
        for provision in instrument.provisions
        if provision.rule.dual_criminality is not None
        for name in provision.rule.dual_criminality.listed
    ]
    return tuple(dict.fromkeys(found))
