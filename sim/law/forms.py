"""The form of a request: the one that its instrument names for the measure, otherwise the general letter."""

from __future__ import annotations

from collections.abc import Iterable

from sim.errors import LawError
from sim.i18n import say
from sim.model.form import GENERAL_FORM, Form
from sim.model.instrument import Instrument
from sim.model.loading import Scenario


def form_for(scenario: Scenario, instrument: str, measures: Iterable[str]) -> Form:
    """The form in which a request under an instrument is written, by what it asks for first. Raises `LawError` for an
    instrument that is not there, and where the general form is wanted and has problems."""
    asked = [*measures][:1]
    for id_ in scenario.instrument(instrument).letter_forms:
        form = scenario.find("form", id_)
        if isinstance(form, Form) and (not form.measures or set(asked) & set(form.measures)):
            return form
    general = scenario.find("form", GENERAL_FORM)
    if not isinstance(general, Form):
        raise LawError(say("there is no form {id} — put one into library/forms", id=repr(GENERAL_FORM)))
    return general


def listed_offences(instrument: Instrument) -> tuple[str, ...]:
    """The offences for which an instrument does not verify dual criminality, in its order."""
    found = [
        name
        for provision in instrument.provisions
        if provision.rule.dual_criminality is not None
        for name in provision.rule.dual_criminality.listed
    ]
    return tuple(dict.fromkeys(found))
