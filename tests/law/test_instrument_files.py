"""Health of the shipped instruments: sources, dates, sureness, articles, and that art. 18 is complete."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from sim.authoring.check import check
from sim.authoring.coverage import provenance_of
from sim.law import explain, provisions
from sim.model.instrument import Instrument
from sim.model.loading import Library, Scenario, available, load, shipped_folder
from sim.model.measure import Measure
from sim.model.offences import OFFENCES
from sim.model.procedure import Procedure
from sim.model.rules import DualCriminalityRule, RefusalRule

ARTICLE = re.compile(r"(rule |recital |Protocol |\d{2,4}(/\d+)? )?\d+[a-z]?(\([0-9a-z]+\))*(, footnote)?")
"""How an article is written; before it, the act or annex that it stands in."""

FIXED = ["bilateral-mlat", "eio", "letters-rogatory", "tip-protocol", "untoc"]


READ = """
format: 1
kind: instrument
id: read-treaty
title: A treaty
short: Treaty
type: convention
citation: A treaty
adopted: 2000-11-15
effective: 2003-09-29
precedence: 10
source: a test
reviewed: 2026-01-01
texts:
  one:
    title: A treaty
    edition: As adopted
    dated: 2000-11-15
    published: Nowhere
provisions:
  - {article: '1', says: Any., rule: {measure: {measures: [any]}}, read: {text: one, on: 2026-11-23}}
  - {article: '2', says: In writing., rule: {duty: {duty: written-form, on: requesting}}}
"""


def _instrument(id_: str) -> Instrument:
    library = Library((shipped_folder(),))
    record = library.get("instrument", id_)
    assert isinstance(record, Instrument), library.problems
    return record


@pytest.fixture(params=available("instrument"))
def record(request: pytest.FixtureRequest) -> Instrument:
    return _instrument(request.param)


def test_the_five_are_shipped() -> None:
    assert set(FIXED) <= set(available("instrument"))


def test_every_provision_can_be_traced(record: Instrument) -> None:
    assert record.source and record.citation and record.reviewed
    assert record.effective or record.needs_no_treaty or "not in force" in record.about
    for provision in record.provisions:
        assert ARTICLE.fullmatch(provision.article), provision.article
        assert provision.says.endswith((".", ")")) and provision.says[0].isupper(), provision.article


def test_what_is_said_to_be_read_names_text_edition_and_day(record: Instrument) -> None:
    for provision in record.provisions:
        assert not re.search("before print|from memory|unchecked", provision.note, re.IGNORECASE), provision.article
        if provision.read is None:
            assert record.sureness_of(provision) != "read against the text"
            continue
        text = record.texts[provision.read.text]
        day = provision.read.on or text.read
        assert text.title and text.edition and text.published and day is not None
        assert text.dated <= day <= date.today()
    read = {provision.read.text for provision in record.provisions if provision.read}
    assert read == set(record.texts), "a text that no provision was held against"


@pytest.mark.parametrize(
    ("line", "changed", "problem"),
    [
        ("on: 2026-11-23", "", "nothing says when 1 was read"),
        ("{text: one, on", "{text: noe, on", "not listed: 'noe' (hint: list it under texts — did you mean 'one'?"),
        ("    edition: As adopted\n", "", "edition"),
        ("source:", "invented: true\nsource:", "but the instrument is invented"),
    ],
)
def test_a_reading_without_text_edition_or_day_is_refused(
    tmp_path: Path, line: str, changed: str, problem: str
) -> None:
    place = tmp_path / "library" / "instruments" / "read-treaty.yaml"
    place.parent.mkdir(parents=True)
    place.write_text(READ.replace(line, changed), encoding="utf-8")
    library = Library((tmp_path,))
    assert library.get("instrument", "read-treaty") is None
    assert problem in "\n".join(str(found) for found in library.problems)


def test_a_provision_is_from_memory_unless_it_says_otherwise(tmp_path: Path) -> None:
    place = tmp_path / "library" / "instruments" / "read-treaty.yaml"
    place.parent.mkdir(parents=True)
    place.write_text(READ, encoding="utf-8")
    record = Library((tmp_path,)).get("instrument", "read-treaty")
    assert isinstance(record, Instrument)
    marks = [record.sureness_of(provision) for provision in record.provisions]
    assert marks == ["read against the text", "from memory, unchecked"]


def test_the_library_counts_what_its_files_say() -> None:
    counted = {one.id: one for one in provenance_of()}
    assert set(counted) == set(available("instrument"))
    for path in (shipped_folder() / "library" / "instruments").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        readings = counted[path.stem].readings
        assert readings.get("read against the text", 0) == len(re.findall(r"^    read: [a-z{]", text, re.MULTILINE))
        assert counted[path.stem].provisions == len(re.findall(r"^  - article: ", text, re.MULTILINE))
        assert ("invented for training" in readings) is ("\ninvented: true\n" in text)


def test_no_two_provisions_are_the_same(record: Instrument) -> None:
    seen = [(provision.article, provision.says) for provision in record.provisions]
    assert len(seen) == len(set(seen))


def test_article_18_is_complete() -> None:
    articles = {provision.article for provision in _instrument("untoc").provisions}
    paragraphs = {int(match[1]) for article in articles if (match := re.match(r"18\((\d+)\)", article))}
    assert paragraphs == set(range(1, 31))
    assert {f"18(3)({letter})" for letter in "abcdefghi"} <= articles
    assert {f"18(15)({letter})" for letter in "abcdef"} <= articles
    assert {f"18(21)({letter})" for letter in "abcd"} <= articles


def test_the_protocol_is_there() -> None:
    articles = {provision.article.partition("(")[0] for provision in _instrument("tip-protocol").provisions}
    assert {str(number) for number in (1, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14)} <= articles


def test_no_ground_is_both_given_and_forbidden(record: Instrument) -> None:
    grounds = {p.rule.refusal.ground for p in record.provisions if p.rule.refusal}
    assert not grounds & {p.rule.never_refuse.ground for p in record.provisions if p.rule.never_refuse}


def test_relations_name_instruments_that_exist(record: Instrument) -> None:
    known = {*available("instrument"), "any"}
    for provision in record.provisions:
        relation = provision.rule.relation
        assert relation is None or set(relation.to) <= known, provision.article


def test_measures_and_channels_named_in_any_rule_exist(record: Instrument) -> None:
    """`references` follows measures that are offered and channels; this also looks at measures that limit a rule."""
    measures, channels = set(available("measure")), set(available("channel"))
    for provision in record.provisions:
        rule = provision.rule.content_of
        named = set(getattr(rule, "measures", ())) - {"any"}
        if isinstance(rule, RefusalRule | DualCriminalityRule) or provision.rule.content:
            named |= set(rule.except_for)
        assert named <= measures, provision.article
        assert set(getattr(rule, "channels", ())) <= channels, provision.article


@pytest.fixture(scope="module")
def meridian() -> Scenario:
    return load("meridian")


def test_articles_that_measures_and_procedures_cite_exist(meridian: Scenario) -> None:
    shipped = "|".join(available("instrument"))
    texts = [hook for measure in meridian.measures.values() for hook in measure.hook]
    texts += [b.because for p in meridian.procedures.values() for s in p.stages.values() for b in s.then]
    cited = {match[0] for text in texts for match in re.finditer(rf"\b({shipped}) \d+(\([0-9a-z]+\))*", text)}
    assert cited
    for citation in sorted(cited):
        provisions(meridian, citation)


def test_articles_that_measures_cite_are_about_them(meridian: Scenario) -> None:
    """Confiscation was cited by the article on freezing."""
    for id_ in available("measure"):
        measure = meridian.find("measure", id_)
        assert isinstance(measure, Measure)
        for hook in measure.hook:
            named = [set(getattr(p.rule.content_of, "measures", ())) for p in provisions(meridian, hook)]
            assert any(not names or {measure.id, "any"} & names for names in named), f"{measure.id}: {hook}"


def test_profiles_criminalise_offences_of_the_table(meridian: Scenario) -> None:
    for id_ in available("jurisdiction"):
        profile = meridian.find("jurisdiction", id_)
        assert profile is not None and set(profile.criminalises) <= set(OFFENCES), id_


@pytest.mark.parametrize(
    ("requested", "basis"),
    [
        ("nor", "eio"),
        ("cal", "tip-protocol"),
        ("kow", "tip-protocol"),
        ("tar", "tip-protocol"),
    ],
)
def test_the_shipped_world_gives_the_basis_one_expects(meridian: Scenario, requested: str, basis: str) -> None:
    answer = explain(meridian, requesting="lys", requested=requested, measure="bank-records")
    assert answer.basis is not None and answer.basis.id == basis
    assert answer.channels and answer.channels[0].open
    if requested == "tar":
        assert answer.channels[0].channel == "diplomatic" and answer.channels[0].insisted


@pytest.mark.slow
def test_every_pair_and_measure_of_the_shipped_world_has_an_open_way(meridian: Scenario) -> None:
    for requesting in meridian.jurisdictions:
        for requested in set(meridian.jurisdictions) - {requesting}:
            for measure in available("measure"):
                answer = explain(meridian, requesting=requesting, requested=requested, measure=measure)
                assert answer.basis is not None
                assert any(channel.open for channel in answer.channels), (requesting, requested, measure)


@pytest.mark.parametrize(
    "rule",
    [
        "{scope: {offences: [traficking-in-persons]}}",
        "{dual criminality: {mode: not checked for listed offences, listed: [cybercrime]}}",
        "{element: {offence: traficking-in-persons, element: child-exception}}",
    ],
)
def test_an_offence_that_is_none_is_a_problem_of_the_file(rule: str, tmp_path: Path) -> None:
    head = (
        (shipped_folder() / "library" / "instruments" / "warsaw-2005.yaml")
        .read_text("utf-8")
        .partition("provisions:")[0]
    )
    body = f"provisions:\n  - article: '1'\n    says: It says so.\n    rule: {rule}\n"
    file = tmp_path / "warsaw-2005.yaml"
    file.write_text(head + body, "utf-8")
    (problem,) = check(file).problems
    assert problem.code == "F204" and "there is no offence" in str(problem.message)
    file.write_text(f"{head}own offences: [cybercrime, traficking-in-persons]\n{body}", "utf-8")
    assert not check(file).problems


def test_a_declaration_that_an_instrument_does_not_know_is_a_problem(tmp_path: Path) -> None:
    shores = tmp_path / "shores"
    shutil.copytree(Path(__file__).parent / "shores", shores)
    cray = shores / "library" / "jurisdictions" / "cray.yaml"
    cray.write_text(
        cray.read_text("utf-8").replace("channels:", "declarations: {coe-1959: ['3(1)']}\nchannels:"), "utf-8"
    )
    (problem,) = check(shores).problems
    assert problem.code == "R301" and "by declaration" in str(problem.message)


def test_safe_conduct_is_for_those_who_come(record: Instrument) -> None:
    """Neither it nor its end concerns a request by which nobody travels."""
    for provision in record.provisions:
        rule = provision.rule.content_of
        about = getattr(rule, "duty", None) == "safe-conduct" or getattr(rule, "step", None) == "safe conduct"
        assert not about or getattr(rule, "measures", ()), provision.article


def test_what_several_instruments_follow_cites_none_of_them() -> None:
    """A warrant under an agreement is not refused by the Framework Decision, nor a letter under Riyadh by UNTOC."""
    library = Library((shipped_folder(),))
    named = [_instrument(id_).procedure for id_ in available("instrument")]
    shared = {id_ for id_ in named if id_ and named.count(id_) > 1} | {"preservation"}
    assert {"surrender", "letter-of-request"} <= shared
    for id_ in shared:
        procedure = library.get("procedure", id_)
        assert isinstance(procedure, Procedure)
        said = [procedure.title, *(branch.because for stage in procedure.stages.values() for branch in stage.then)]
        assert not [words for words in said if re.search(r"\barts?\. ?\d|Framework Decision|European Arrest", words)], (
            id_
        )
