"""The public face of the law room: errors with hints, trees that read, plain data, one answer at a time."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim.law
from sim.errors import LawError
from sim.law import (
    Reason,
    channels,
    completeness,
    deadline_for,
    elements,
    explain,
    languages,
    legal_bases,
    provision,
    provisions,
    refusal_grounds,
)
from sim.model.loading import Scenario, available, copied_data, load, with_data

ROOM = Path(sim.law.__file__).parent
ITEMS = ("authority", "nature", "facts", "assistance", "persons", "purpose", "formalities", "urgency")


@pytest.mark.parametrize(
    ("facts", "hint"),
    [
        ({"requesting": "avn"}, "did you mean 'aven'?"),
        ({"requested": "kray"}, "did you mean 'cray'?"),
        ({"requested": "aven"}, "cannot ask itself"),
        ({"measure": "bank-record"}, "did you mean 'bank-records'?"),
        ({"offence": "trafficking-in-person"}, "did you mean 'trafficking-in-persons'?"),
        ({"instrument": "unttoc"}, "did you mean 'untoc'?"),
    ],
)
def test_an_unknown_id_is_answered_with_a_hint(shores: Scenario, facts: dict[str, str], hint: str) -> None:
    question = {"requesting": "aven", "requested": "cray", "measure": "bank-records"} | facts
    with pytest.raises(LawError) as raised:
        explain(shores, **question)
    assert hint in str(raised.value)


def test_wrong_words_elsewhere_are_answered_with_a_hint(shores: Scenario) -> None:
    for ask, hint in (
        (lambda: completeness(shores, {"fact": "full"}, instrument="untoc"), "did you mean 'facts'?"),
        (lambda: completeness(shores, {"facts": "parital"}, instrument="untoc"), "did you mean 'partial'?"),
        (lambda: elements(shores, {"deceptoin"}), "did you mean 'deception'?"),
        (lambda: elements(shores, set(), offence="piracy"), "no instrument here defines 'piracy'"),
        (lambda: elements(shores.instruments["untoc"], set()), "looked in: UNTOC"),
        (lambda: provision(shores, "untoc 18(33)"), "has no article '18(33)'"),
        (lambda: provision(shores, "untoc"), "has no article ''"),
        (lambda: provision(shores, "unttoc 18(3)"), "did you mean 'untoc'?"),
        (
            lambda: deadline_for(shores, "recognize", requesting="aven", requested="bril", measure="bank-records"),
            "did you mean 'recognise'?",
        ),
    ):
        with pytest.raises(LawError) as raised:
            ask()
        assert hint in str(raised.value)


def test_a_citation_finds_its_provisions(shores: Scenario) -> None:
    assert "bank secrecy" in provision(shores, "untoc 18(8)").says
    assert provision(shores, " untoc art. 18(8) ") == provision(shores, "untoc 18(8)")
    assert [p.article for p in provisions(shores, "untoc 18(3)")][:3] == ["18(3)(a)", "18(3)(b)", "18(3)(c)"]
    assert len(provisions(shores, "untoc 18(24)")) == 5
    assert {p.article for p in provisions(shores, "tip-protocol 1")} == {"1(2)", "1(3)"}


def test_one_answer_at_a_time_agrees_with_the_whole(shores: Scenario) -> None:
    facts = {"requesting": "aven", "requested": "bril", "measure": "bank-records"}
    whole = explain(shores, **facts)
    assert legal_bases(shores, **facts) == whole.bases
    assert channels(shores, **facts) == whole.channels
    assert languages(shores, **facts) == whole.language
    assert refusal_grounds(shores, **facts) == whole.grounds
    assert deadline_for(shores, "execute", **facts) == whole.deadline_for("execute")
    assert whole.basis is not None and whole.basis.procedure == "european-investigation-order"


def test_without_a_legal_basis_there_is_nothing_to_say_but_why(shores: Scenario) -> None:
    facts = {"requesting": "aven", "requested": "dorn", "measure": "bank-records", "offence": "theft"}
    answer = explain(shores, **facts, maximum_penalty_years=1)
    assert answer.basis is None and not answer.bases and not answer.channels and answer.language is None
    assert "no legal basis" in str(answer)
    assert "Dorn does not act without a treaty" in str(answer)
    plain = answer.to_dict()
    assert plain["basis"] is None and plain["applies"] is False and plain["languages"] == []


def test_an_instrument_that_does_not_apply_is_said_not_to(shores: Scenario) -> None:
    answer = explain(shores, requesting="aven", requested="esk", measure="bank-records", instrument="eio")
    assert "EIO does not apply" in str(answer)
    assert answer.to_dict()["applies"] is False
    assert "It does not bind Esk" in str(answer.basis)


@pytest.mark.parametrize("requested", ["bril", "cray", "dorn", "esk", "fenn"])
@pytest.mark.parametrize("measure", available("measure"))
def test_every_answer_reads_as_a_tree_with_sources(shores: Scenario, requested: str, measure: str) -> None:
    answer = explain(shores, requesting="aven", requested=requested, measure=measure)
    for reason in answer.reason.walk():
        assert reason.text and not reason.text.startswith(" ")
        if reason.reference:
            provision(shores, reason.reference)
            assert reason.citation and reason.sureness
    for part in (answer.channels, answer.deadlines, answer.grounds, answer.postponements, answer.duties):
        for single in (*part, *answer.contents, *answer.permissions):
            assert str(single).splitlines()[0].startswith(single.reason.text)
    json.dumps(answer.to_dict())
    order = [("available", "possible", "unavailable", "never").index(g.availability) for g in answer.grounds]
    assert order == sorted(order)
    assert [c.open for c in answer.channels] == sorted((c.open for c in answer.channels), reverse=True)


@pytest.mark.parametrize("requested", ["bril", "cray", "dorn", "esk", "fenn"])
@pytest.mark.parametrize("measure", ["bank-records", "stored-content", "video-hearing"])
def test_every_instrument_that_is_no_basis_has_a_reason(shores: Scenario, requested: str, measure: str) -> None:
    answer = explain(shores, requesting="aven", requested=requested, measure=measure)
    for basis in answer.rejected:
        assert basis.reason.children and all(reason.text for reason in basis.reason.children), basis.id


def test_the_answer_comes_first_and_what_does_not_apply_is_one_line(shores: Scenario) -> None:
    answer = explain(shores, requesting="aven", requested="esk", measure="bank-records")
    assert answer.reason.children[0] == answer.in_short
    short = str(answer.in_short)
    places = [
        short.index(words) for words in ("may ask", "By which way", "In what language", "By when", "In what form")
    ]
    assert places == sorted(places)
    assert "By which way: Diplomatic channel\n" in short, "Esk insists on it"
    refusal = next(branch for branch in answer.reason.children if branch.text == "Grounds for refusal")
    shown = [reason for reason in refusal.children if not reason.text.startswith("May be refused")]
    assert [reason.text.partition(":")[0] for reason in shown] == [
        "Cannot be raised on these facts",
        "Must not be refused on the ground of",
    ]
    folded = [ground for ground in answer.grounds if ground.availability == "unavailable"]
    assert shown[0].children == tuple(ground.reason for ground in folded) and len(folded) > 1


def test_no_duty_stands_twice_in_an_answer() -> None:
    world = load("meridian")
    for requested, measure in (("nor", "bank-records"), ("hel", "witness-hearing"), ("tar", "bank-records")):
        answer = explain(world, requesting="lys", requested=requested, measure=measure)
        owed = next(branch for branch in answer.reason.children if branch.text == "Duties in this request")
        said = [reason.text.partition(" must ")[2] for reason in owed.children]
        sides = [reason.text for reason in owed.children]
        assert len(sides) == len(set(sides))
        both = [duty for duty, text in zip(said, sides, strict=True) if " and " in text.partition(" must ")[0]]
        assert all(said.count(duty) == 1 for duty in both)


def test_a_reason_reads_as_an_indented_tree() -> None:
    leaf = Reason("The text says so.", "UNTOC art. 18(9)", "untoc 18(9)", "assumption", "check it")
    tree = Reason("It may be refused", children=(leaf, leaf))
    assert str(tree).splitlines()[:2] == [
        "It may be refused",
        "  The text says so. [UNTOC art. 18(9)] (assumption)",
    ]
    assert list(tree.lines(0)) == ["It may be refused"]
    assert tree.references() == ("untoc 18(9)",)
    assert tree.to_dict()["children"][0] == {
        "text": "The text says so.",
        "citation": "UNTOC art. 18(9)",
        "reference": "untoc 18(9)",
        "sureness": "assumption",
        "note": "check it",
    }


@pytest.mark.slow
def test_no_order_for_a_search_without_a_remedy_against_it() -> None:
    world = load("meridian")
    data = copied_data(world)
    data["jurisdiction", "lys"]["remedies against orders"] = False
    for scenario, measure, issued in (
        (world, "search-and-seizure", True),
        (bare := with_data(world, data), "search-and-seizure", False),
        (bare, "video-hearing", False),
        (bare, "bank-records", True),
    ):
        found = explain(scenario, requesting="lys", requested="nor", measure=measure)
        order = next(one for one in (*found.bases, *found.rejected) if one.id == "eio")
        assert order.applies is issued, order
        assert order.applies or ("eio 14(1)" in order.reason.references() and "no remedy" in str(order))
        assert order.applies or found.basis is None or found.basis.id != "eio"


def test_duties_in_general_stand_apart(shores: Scenario) -> None:
    answer = explain(shores, requesting="aven", requested="dorn", measure="bank-records")
    general = [duty.general for duty in answer.duties]
    assert general == sorted(general) and True in general
    criminalise = next(duty for duty in answer.duties if duty.duty == "criminalise")
    assert criminalise.general and criminalise.owed_by == ("aven", "dorn")
    assert not next(duty for duty in answer.duties if duty.duty == "give-reasons").general
    assert "custody" not in [duty.duty for duty in answer.duties]


def test_completeness_names_gaps_with_their_article(shores: Scenario) -> None:
    full = dict.fromkeys(ITEMS, "full")
    assert completeness(shores, full, instrument="untoc").share == 1
    assert completeness(shores, {}, instrument="untoc").share == 0
    answer = completeness(shores, full | {"facts": "partial", "purpose": "missing"}, instrument="tip-protocol")
    assert [(gap.item, gap.state, gap.article) for gap in answer.gaps] == [
        ("facts", "partial", "untoc 18(15)(c)"),
        ("purpose", "missing", "untoc 18(15)(f)"),
    ]
    assert answer.share == pytest.approx(1 - 1.5 / 6.5)
    assert "missing: purpose [UNTOC art. 18(15)(f)]" in str(answer)


def test_serving_documents_needs_no_facts(shores: Scenario) -> None:
    items = {item: "full" for item in ITEMS if item != "facts"}
    assert completeness(shores, items, instrument="untoc", measure="service-of-documents").share == 1
    assert completeness(shores, items, instrument="untoc", measure="bank-records").share < 1


@given(states=st.dictionaries(st.sampled_from(ITEMS), st.sampled_from(("full", "partial", "missing"))))
def test_holding_more_is_never_less_complete(shores: Scenario, states: dict[str, str]) -> None:
    share = completeness(shores, states, instrument="untoc").share
    assert 0 <= share <= 1
    for item in states:
        assert completeness(shores, states | {item: "full"}, instrument="untoc").share >= share


def test_the_same_question_has_the_same_answer(shores: Scenario) -> None:
    again = load(Path(__file__).parent / "shores" / "worlds" / "shores.yaml")
    facts = {"requesting": "aven", "requested": "cray", "measure": "bank-records"}
    assert explain(shores, **facts).to_dict() == explain(again, **facts).to_dict()


def test_the_room_knows_no_instrument_by_name() -> None:
    ids = set(available("instrument"))
    for path in ROOM.glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                assert node.value not in ids, f"{path.name}:{node.lineno} names {node.value}"


def test_the_room_is_light() -> None:
    heavy = ("pandas", "numpy", "matplotlib", "simpy", "scipy", "ipywidgets")
    code = f"import sys, sim.law; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_public_names_are_those_listed() -> None:
    assert len(set(sim.law.__all__)) == len(sim.law.__all__)
    assert all(hasattr(sim.law, name) for name in sim.law.__all__)
