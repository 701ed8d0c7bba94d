"""The form of a request: the one that its instrument names for the measure, otherwise the general letter."""

from __future__ import annotations

from collections.abc import Iterable

from sim.model.form import GENERAL_FORM, Form
from sim.model.instrument import Instrument
from sim.model.loading import Scenario


def form_for(scenario: Scenario, instrument: str, measures: Iterable[str]) -> Form:
    """The form in which a request under an instrument is written, by what it asks for first. Raises `LawError` for an
    instrument that is not there."""
    asked = [*measures][:1]
    for id_ in scenario.instrument(instrument).letter_forms:
        form = scenario.forms[id_]
        if not form.measures or set(asked) & set(form.measures):
            return form
    return scenario.forms[GENERAL_FORM]


def listed_offences(instrument: Instrument) -> tuple[str, ...]:
    """The offences for which an instrument does not verify dual criminality, in its order."""
    found = [
        name
        for provision in instrument.provisions
        if provision.rule.dual_criminality is not None
        for name in provision.rule.dual_criminality.listed
    ]
    return tuple(dict.fromkeys(found))
