"""Provisions by role: the basis in use answers, then what binds both States by name, then good practice."""

from __future__ import annotations

from collections import Counter

import pytest

from sim import i18n
from sim.errors import LawError
from sim.law import ROLES, ProvisionAnswer, provision_for, provision_of, provisions, roles_of
from sim.law.reason import Reason
from sim.model.loading import Library, Scenario, load, shipped_folder
from sim.model.roles import Role


@pytest.fixture(scope="module")
def meridian() -> Scenario:
    return load("meridian")


def ask(scenario: Scenario, role: Role, instrument: str | None, to: str = "nor", **more: str) -> ProvisionAnswer:
    facts = {"measure": "bank-records", **more}
    return provision_for(scenario, role, requesting="lys", requested=to, instrument=instrument, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "order", "treaty", "letter"),
    [
        ("contents", "EIO art. 5(1)", "MLAT art. 5(1)", "UNTOC art. 18(15)"),
        ("content-facts", "EIO art. 5(1)(d)", "MLAT art. 5(1)(c)", "UNTOC art. 18(15)(c)"),
        ("content-urgency", "EIO art. 12(2)", "MLAT art. 5(1)(f)", "UNTOC art. 18(24)"),
        ("additional-information", "EIO art. 16(2)", "MLAT art. 5(3)", "UNTOC art. 18(16)"),
        ("consultation", "EIO art. 11(4)", "MLAT art. 4(4)", "UNTOC art. 18(26)"),
        ("reasons", "EIO art. 16(3)", "MLAT art. 4(5)", "UNTOC art. 18(23)"),
        ("use-limitation", "EIO art. 19(3)", "MLAT art. 8", "UNTOC art. 18(19)"),
        ("confidentiality", "EIO art. 19(1)", "MLAT art. 9", "UNTOC art. 18(20)"),
        ("postponement", "EIO art. 15(1)(a)", "MLAT art. 4(3)", "UNTOC art. 18(25)"),
        ("language", "EIO art. 5(3)", "MLAT art. 5(2)", "UNTOC art. 18(14)"),
        ("grounds-for-refusal", "EIO art. 11(1)", "MLAT art. 4", "UNTOC art. 18(21)"),
        ("formalities", "EIO art. 9(2)", "MLAT art. 6", "UNTOC art. 18(17)"),
    ],
)
def test_each_instrument_answers_for_itself(
    meridian: Scenario, role: Role, order: str, treaty: str, letter: str
) -> None:
    """An Investigation Order is judged under the Directive, a letter under the bilateral treaty under that treaty."""
    for instrument, expected in (("eio", order), ("bilateral-mlat", treaty), ("untoc", letter)):
        found = ask(meridian, role, instrument)
        assert (found.standing, str(found)) == ("basis", expected)
        assert provisions(meridian, found.reference), "it is in the library"


def test_a_protocol_answers_with_the_convention_it_builds_on(meridian: Scenario) -> None:
    assert str(ask(meridian, "contents", "tip-protocol", "cal")) == "UNTOC art. 18(15)"
    assert str(ask(meridian, "conditions-on-information", "tip-protocol", "cal")) == "Trafficking Protocol art. 10(3)"


def test_where_the_basis_has_no_such_rule_the_other_is_named(meridian: Scenario) -> None:
    found = ask(meridian, "feedback", "eio")
    assert (found.standing, found.reference, found.basis) == ("beside", "warsaw-2005 34(1)", "EIO")
    assert str(found) == (
        "Warsaw 2005 art. 34(1); it binds these States, but the request rests on EIO, which has no such rule"
    )


def test_what_the_basis_replaces_does_not_step_in_for_it(meridian: Scenario) -> None:
    """The Directive replaces the convention of 2000 and the protocol of 2001, which have rules on both."""
    assert ask(meridian, "spontaneous-information", "eio").reference == "untoc 18(4)"
    assert ask(meridian, "conditions", "eio").reference == "untoc 18(26)"


def test_a_union_act_speaks_of_its_own_orders_alone(meridian: Scenario) -> None:
    """Between two Member States a letter under the Convention is not held against the Directive."""
    assert ask(meridian, "acknowledgement", "eio").reference == "eio 16(1)"
    assert ask(meridian, "acknowledgement", "untoc").standing == "good practice"


def test_what_does_not_bind_both_does_not_answer(meridian: Scenario) -> None:
    assert "warsaw-2005" not in meridian.jurisdictions["cal"].instruments
    found = ask(meridian, "feedback", "tip-protocol", "cal")
    assert (found.standing, found.reference, found.citation) == ("good practice", "", "")
    assert "no instrument here" in str(found)


def test_guidance_is_kept_as_what_it_is(meridian: Scenario) -> None:
    found = ask(meridian, "prior-contact", "untoc", "cal")
    assert (found.standing, found.reference, found.citation) == ("guidance", "", "Lausanne Guideline 9")
    assert str(found).startswith("good practice after Lausanne Guideline 9")
    assert ask(meridian, "prior-contact", "eio").reference == "eio 9(6)", "law comes before guidance"


def test_without_an_instrument_the_first_basis_answers(meridian: Scenario) -> None:
    assert ask(meridian, "contents", None).reference == "eio 5(1)"
    assert ask(meridian, "contents", None, "cal").reference == "untoc 18(15)"


def test_what_a_state_owes_victims_rests_on_no_request(meridian: Scenario) -> None:
    """For one State alone: what binds it, and nothing is said of a request."""
    found = provision_for(meridian, "victim-information", requesting="lys")
    assert (found.standing, str(found)) == ("beside", "Trafficking Protocol art. 6(2)(a)")
    assert provision_for(meridian, "reflection-period", requesting="lys").reference == "warsaw-2005 13(1)"
    assert provision_for(meridian, "reflection-period", requesting="cal").standing == "good practice"


def test_a_rule_on_another_measure_does_not_answer(meridian: Scenario) -> None:
    assert ask(meridian, "consent", "untoc", measure="transfer-of-detained-person").reference == "untoc 18(10)"
    assert ask(meridian, "consent", "eio", measure="transfer-of-detained-person").reference == "eio 22(2)(a)"
    assert ask(meridian, "consent", "untoc", "cal").standing == "good practice"


def test_a_definition_is_asked_for_by_the_offence(meridian: Scenario) -> None:
    assert str(provision_for(meridian, "definition", requesting="lys")) == "Trafficking Protocol art. 3"
    other = provision_for(meridian, "definition", requesting="lys", offence="money-laundering")
    assert other.standing == "good practice"


def test_an_unknown_role_or_instrument_is_refused_with_a_hint(meridian: Scenario) -> None:
    with pytest.raises(LawError, match="did you mean 'contents'"):
        ask(meridian, "content", "eio")  # type: ignore[arg-type]
    with pytest.raises(LawError, match="did you mean 'untoc'"):
        ask(meridian, "contents", "unttoc")


def test_every_role_is_played_by_some_instrument_or_guidance() -> None:
    library = Library((shipped_folder(),))
    played: Counter[str] = Counter()
    for id_ in library.ids("instrument"):
        record = library.get("instrument", id_)
        assert record is not None, library.problems
        for provision in record.provisions:  # type: ignore[attr-defined]
            played.update(roles_of(provision))
    assert set(ROLES) - set(played) == {"contents"}, "the whole of its parts"


def test_an_article_prints_as_it_was_asked_for(meridian: Scenario) -> None:
    untoc = meridian.instruments["untoc"]
    assert untoc.cite_article("18(15)") == "UNTOC art. 18(15)"
    assert untoc.cite_article("18(15)(c)") == "UNTOC art. 18(15)(c)"
    extradition = meridian.instruments["coe-1957"]
    assert extradition.cite_article("98 3(1)") == "ETS 98 art. 3(1)"


def test_the_provision_of_a_reason_is_the_nearest_one() -> None:
    leaf = Reason("It says so.", "UNTOC art. 18(9)", "untoc 18(9)", "assumption")
    found = provision_of(Reason("Above", children=(Reason("a fact"), leaf)))
    assert found is not None and (found.reference, str(found)) == ("untoc 18(9)", "UNTOC art. 18(9)")
    assert found.sureness == "assumption"
    assert provision_of(Reason("a fact")) is None and provision_of(None) is None


def test_a_kept_answer_is_put_into_the_language_of_its_reader(meridian: Scenario) -> None:
    english = str(ask(meridian, "feedback", "eio"))
    i18n.use(i18n.LONGER)
    try:
        again = ask(meridian, "feedback", "eio")
        assert str(again) != english and "Warsaw 2005 art. 34(1)" in str(again)
    finally:
        i18n.use("en")
    assert str(again) == english
