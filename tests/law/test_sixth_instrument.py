"""A new instrument is a new file and no new code: a regional treaty unlike the five shipped ones gets right answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sim.law import elements, explain, legal_bases, provision
from sim.model.loading import Scenario, load

TREATY = """
format: 1
kind: instrument
id: straits-treaty
title: Treaty of the Straits on mutual legal assistance
short: Straits
type: convention
citation: An invented regional treaty
adopted: 2004-11-29
effective: 2005-04-28
precedence: 15
source: made for this test
reviewed: 2026-11-23
own offences: [bonded-labour, piracy]
provisions:
  - article: 1(1)
    says: Any offence.
    rule: {scope: {offences: [any]}}
  - article: 1(2)
    says: These measures and no others.
    rule: {measure: {measures: [bank-records, witness-statement, search-and-seizure]}}
  - article: 3(1)
    says: No help without dual criminality.
    rule: {dual criminality: {mode: required}}
  - article: 3(2)
    says: No compulsion for military offences.
    rule: {refusal: {ground: military-offence, mandatory: true, coercive only: true}}
  - article: 3(3)
    says: Consult.
    rule: {duty: {duty: consult-before-refusal, on: requested}}
  - article: '4'
    says: Through central authorities.
    rule: {channel: {channels: [central-authority]}}
  - article: 5(1)
    says: In English.
    rule: {language: {language: named by the instrument, named: [en]}}
  - article: 5(2)
    says: Oral requests are confirmed.
    rule: {deadline: {step: confirm in writing, within: 5 working days, counted from: request}}
  - article: '7'
    says: In sixty days and twenty more.
    rule: {deadline: {step: execute, within: 60 days, extendable by: 20 days, urgent within: 36 hours}}
  - article: '9'
    says: It comes first.
    rule: {relation: {relation: supplements, to: [untoc]}}
  - article: 10(1)
    says: Bonded labour is holding for debt.
    rule: {element: {offence: bonded-labour, element: act, any of: [holding]}}
  - article: 10(2)
    says: For debt.
    rule: {element: {offence: bonded-labour, element: purpose, any of: [debt]}}
"""

JURISDICTION = """
format: 1
kind: jurisdiction
id: {id}
title: {id}
likeness: made for this test
time zone: Asia/Singapore
holidays: {{like: SG}}
languages: [{language}]
instruments: [straits-treaty, untoc]
channels: [central-authority]
criminalises: [{crimes}]
{more}
origins: {{all: 'assumption: made for this test'}}
"""

WORLD = """
format: 1
kind: world
id: straits
title: Straits
jurisdictions: {jun: {}, kor: {}, lim: {}}
offices:
  desk: {title: A desk, staff: 1, hours: always, holidays: none, origins: {all: 'assumption: made for this test'}}
"""


def build(folder: Path, treaty: str = TREATY) -> Scenario:
    def put(place: str, text: str) -> Path:
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
        return path

    put("library/instruments/straits-treaty.yaml", treaty)
    states = "library/jurisdictions"
    put(f"{states}/jun.yaml", JURISDICTION.format(id="jun", language="th", crimes="theft, fraud", more=""))
    put(f"{states}/kor.yaml", JURISDICTION.format(id="kor", language="vi", crimes="theft", more=""))
    waived = "dual criminality: waived for trafficking"
    put(f"{states}/lim.yaml", JURISDICTION.format(id="lim", language="en", crimes="theft", more=waived))
    return load(put("worlds/straits.yaml", WORLD))


@pytest.fixture(scope="module")
def straits(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return build(tmp_path_factory.mktemp("straits"))


def test_it_comes_first_and_says_why(straits: Scenario) -> None:
    bases = legal_bases(straits, requesting="jun", requested="kor", measure="bank-records")
    assert [basis.id for basis in bases] == ["straits-treaty", "untoc", "letters-rogatory"]
    assert "straits-treaty 9" in bases[0].reason.references()


def test_it_does_not_offer_what_it_does_not_list(straits: Scenario) -> None:
    answer = explain(straits, requesting="jun", requested="kor", measure="video-hearing")
    assert answer.basis is not None and answer.basis.id == "untoc"
    assert "does not offer this measure" in str(answer.rejected)


@pytest.mark.parametrize(
    ("requested", "offence", "availability"),
    [("kor", "fraud", "available"), ("kor", "theft", "unavailable"), ("lim", "trafficking-in-persons", "available")],
)
def test_dual_criminality_is_mandatory_and_no_practice_waives_it(
    straits: Scenario, requested: str, offence: str, availability: str
) -> None:
    answer = explain(straits, requesting="jun", requested=requested, measure="bank-records", offence=offence)
    ground = next(ground for ground in answer.grounds if ground.ground == "dual-criminality")
    assert (ground.availability, ground.mandatory) == (availability, True)
    assert ("Must be refused" in str(ground)) is (availability == "available")
    assert ground.consult_first is (availability == "available")


def test_a_ground_for_coercive_measures_reaches_no_others(straits: Scenario) -> None:
    for measure, availability in (("witness-statement", "unavailable"), ("search-and-seizure", "possible")):
        answer = explain(straits, requesting="jun", requested="kor", measure=measure)
        ground = next(ground for ground in answer.grounds if ground.ground == "military-offence")
        assert ground.availability == availability


def test_its_language_and_time_limits(straits: Scenario) -> None:
    answer = explain(straits, requesting="jun", requested="kor", measure="bank-records")
    assert answer.language is not None
    assert (answer.language.languages, answer.language.translate_into) == (("en",), "en")
    execute = answer.deadline_for("execute")
    assert execute is not None and execute.days == 60
    assert "60 days from receipt, extendable by 20 days; in urgent cases 36 hours" in str(execute)
    assert "5 working days from request" in str(answer.deadline_for("confirm in writing"))
    assert answer.deadline_for("recognise") is None


def test_its_definition_needs_no_means_and_knows_no_children(straits: Scenario) -> None:
    assert elements(straits, {"holding", "debt"}, offence="bonded-labour").complete
    answer = elements(straits.instruments["straits-treaty"], {"holding"}, 8, offence="bonded-labour")
    assert answer.missing == ("purpose",) and not answer.child
    assert provision(straits, "straits-treaty 10(2)").says == "For debt."


@pytest.mark.parametrize(
    ("rule", "changed", "expected"),
    [
        ("{mode: required}", "{mode: not required}", "never"),
        ("{mode: required}", "{mode: coercive measures only}", "unavailable"),
        ("{mode: required}", "{mode: discretionary}", "available"),
    ],
)
def test_every_mode_of_dual_criminality(tmp_path: Path, rule: str, changed: str, expected: str) -> None:
    straits = build(tmp_path, TREATY.replace(rule, changed))
    answer = explain(straits, requesting="jun", requested="kor", measure="witness-statement", offence="fraud")
    ground = next(ground for ground in answer.grounds if ground.ground == "dual-criminality")
    assert ground.availability == expected


@pytest.mark.parametrize(
    ("line", "changed", "because"),
    [
        ("effective: 2005-04-28", "", "is not in force"),
        ("effective: 2005-04-28", "effective: 2005-04-28\nends: 2025-12-31", "was in force until 31 December 2025"),
        ("effective: 2005-04-28", "effective: 2031-02-01", "applies only from 1 February 2031"),
        ("precedence: 15", "precedence: 15\nlegal basis: false", "what is asked for rests on another instrument"),
        ("offences: [any]", "offences: [piracy]", "does not cover trafficking in persons"),
    ],
)
def test_why_it_is_no_basis(tmp_path: Path, line: str, changed: str, because: str) -> None:
    straits = build(tmp_path, TREATY.replace(line, changed))
    answer = explain(straits, requesting="jun", requested="kor", measure="bank-records")
    rejected = next(basis for basis in answer.rejected if basis.id == "straits-treaty")
    assert because in str(rejected)
    assert answer.basis is not None and answer.basis.id == "untoc"


def test_a_provision_applies_in_its_time_and_what_changes_within_a_year_is_said(tmp_path: Path) -> None:
    later = "applies from: 2026-09-01"
    straits = build(tmp_path, TREATY.replace("    says: In sixty days", f"    {later}\n    says: In sixty days"))
    asked = {"requesting": "jun", "requested": "kor", "measure": "bank-records"}
    before = explain(straits, **asked, day=date(2026, 8, 31))
    assert before.deadline_for("execute") is None
    assert [(change.what, change.day) for change in before.changes] == [("begins", date(2026, 9, 1))]
    assert "Straits art. 7 applies from 1 September 2026" in str(before.in_short)
    assert "In sixty days" in str(before.changes[0])
    after = explain(straits, **asked, day=date(2026, 9, 1))
    assert after.deadline_for("execute") is not None and not after.changes
    assert not explain(straits, **asked, day=date(2025, 8, 31)).changes


def test_a_provision_ends_on_its_last_day(tmp_path: Path) -> None:
    last = "applies until: 2026-09-01"
    straits = build(tmp_path, TREATY.replace("    says: In sixty days", f"    {last}\n    says: In sixty days"))
    asked = {"requesting": "jun", "requested": "kor", "measure": "bank-records"}
    on_it = explain(straits, **asked, day=date(2026, 9, 1))
    assert on_it.deadline_for("execute") is not None
    assert [(change.what, change.day) for change in on_it.changes] == [("ends", date(2026, 9, 1))]
    assert explain(straits, **asked, day=date(2026, 9, 2)).deadline_for("execute") is None


def test_urgent_limits_count_where_the_circumstances_are(straits: Scenario) -> None:
    asked = {"requesting": "jun", "requested": "kor", "measure": "bank-records"}
    execute = explain(straits, **asked, urgent=True).deadline_for("execute")
    assert execute is not None and execute.days == 1.5


def test_a_later_treaty_takes_the_place_of_an_earlier_one_only(tmp_path: Path) -> None:
    """What replaces another displaces it where it is the later of the two, and for the measures it speaks of."""
    replacing = TREATY.replace(
        "{relation: supplements, to: [untoc]}", "{relation: replaces, to: [untoc], except for: [video-hearing]}"
    )
    offering = replacing.replace("search-and-seizure]", "search-and-seizure, video-hearing]")
    asked = {"requesting": "jun", "requested": "kor"}
    for folder, treaty, expected in (
        ("later", offering, ["straits-treaty", "letters-rogatory"]),
        (
            "earlier",
            offering.replace("2004-11-29", "1999-11-29").replace("2005-04-28", "2000-04-28"),
            ["straits-treaty", "untoc", "letters-rogatory"],
        ),
    ):
        straits = build(tmp_path / folder, treaty)
        assert [b.id for b in legal_bases(straits, **asked, measure="bank-records")] == expected
        assert "untoc" in [b.id for b in legal_bases(straits, **asked, measure="video-hearing")]
        assert "untoc" in [b.id for b in legal_bases(straits, **asked, measure="company-records")]


def test_a_duty_laid_down_twice_is_owed_once(tmp_path: Path) -> None:
    twice = (
        TREATY
        + "  - {article: 3(4), says: Consult again., rule: {duty: {duty: consult-before-refusal, on: requested}}}\n"
    )
    duties = explain(build(tmp_path, twice), requesting="jun", requested="kor", measure="bank-records").duties
    consult = [duty for duty in duties if duty.duty == "consult-before-refusal"]
    assert len(consult) == 1 and str(consult[0]).startswith("kor must consult before refusing")
    assert consult[0].reason.references() == ("straits-treaty 3(3)", "straits-treaty 3(4)")


def _without(*articles: str) -> str:
    first, *provisions = TREATY.split("  - article: ")
    kept = [text for text in provisions if text.partition("\n")[0] not in articles]
    return "  - article: ".join([first, *kept])


def test_silence_of_an_instrument_is_not_a_prohibition(tmp_path: Path) -> None:
    """Without rules on scope, measures, language and precedence: everything, what the State accepts, our own order."""
    straits = build(tmp_path, _without("1(1)", "1(2)", "5(1)", "'9'"))
    answer = explain(straits, requesting="jun", requested="kor", measure="video-hearing")
    assert answer.basis is not None and answer.basis.id == "straits-treaty"
    assert answer.language is not None and answer.language.languages == ("vi",)
    assert "no rule on language" in str(answer.language)


@pytest.mark.parametrize(
    ("rule", "languages", "words"),
    [
        ("none needed", (), "Any language will do"),
        ("language of the addressee", ("vi",), "Thai into Vietnamese"),
        ("official language of the requested State", ("vi",), "Thai into Vietnamese"),
        ("translated and authenticated", ("vi",), "Thai into Vietnamese, authenticated"),
    ],
)
def test_other_rules_on_language(tmp_path: Path, rule: str, languages: tuple[str, ...], words: str) -> None:
    straits = build(tmp_path, TREATY.replace("named by the instrument, named: [en]", rule))
    language = explain(straits, requesting="jun", requested="kor", measure="bank-records").language
    assert language is not None
    assert language.languages == languages and words in str(language)
    assert language.authenticated is (rule == "translated and authenticated")


def test_order_without_a_rule_is_called_a_modelling_choice(tmp_path: Path) -> None:
    other = TREATY.replace("id: straits-treaty", "id: gulf-treaty").replace("precedence: 15", "precedence: 16")
    (tmp_path / "library" / "instruments").mkdir(parents=True)
    (tmp_path / "library" / "instruments" / "gulf-treaty.yaml").write_text(other.lstrip(), encoding="utf-8")
    straits = build(tmp_path)
    states = tmp_path / "library" / "jurisdictions"
    for path in states.glob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("untoc]", "untoc, gulf-treaty]"), encoding="utf-8")
    straits = load(tmp_path / "worlds" / "straits.yaml")
    bases = legal_bases(straits, requesting="jun", requested="kor", measure="bank-records")
    assert [basis.id for basis in bases][:2] == ["straits-treaty", "gulf-treaty"]
    assert "modelling choice" in str(bases[0]) and "(assumption)" in str(bases[0])
