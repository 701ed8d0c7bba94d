"""One mistake at a time in a valid scenario: what is said about it, and the remedy."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from faker import Faker

from sim.model import examine, load, load_text
from sim.model.jurisdiction import _locales
from tests.model.conftest import CASE, WORLD, change, said


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (CASE, "world: two-shores", "world: two-shore", "R301 there is no world 'two-shore' (hint: did you mean"),
        (
            CASE,
            "instrument: small-treaty",
            "instrument: smal-treaty",
            "R301 there is no instrument 'smal-treaty' (hint",
        ),
        (
            WORLD,
            "treaties:",
            "supposed in force: {small-treaty: 2026-01-01}\norigins: {all: 'assumption: a test'}\ntreaties:",
            "F210 Small is in force, and need not be supposed to be (hint: leave it out)",
        ),
        (
            WORLD,
            "treaties:",
            "supposed in force: {small-treaty: 2026-01-01}\ntreaties:",
            "F211 no origin for: supposed",
        ),
        (
            CASE,
            "measures: [bank-records]",
            "measures: [bank-record]",
            "R301 there is no measure 'bank-record' (hint: did",
        ),
        (
            CASE,
            "channel: courier",
            "channel: couriers",
            "R301 there is no channel 'couriers' (hint: did you mean 'couri",
        ),
        (CASE, "at: nor", "at: nro", "R301 there is no jurisdiction 'nro' in the world (hint: did you mean 'nor'?)"),
        (CASE, "to: nor", "to: nord", "R301 there is no jurisdiction 'nord' in the world (hint: did you mean 'nor'?)"),
        (CASE, "office: lys-central", "office: lys-centre", "R301 there is no office 'lys-centre' in the world (hint"),
        (
            CASE,
            "jurisdiction: lys",
            "jurisdiction: ly",
            "R301 there is no jurisdiction 'ly' in the world (hint: did you",
        ),
        (
            CASE,
            "person: deckhand",
            "person: deckhant",
            "R301 there is no person 'deckhant' in this case (hint: did you",
        ),
        (CASE, "of: letter", "of: leter", "R301 there is no request 'leter' in this case (hint: did you mean 'letter'"),
        (CASE, "{letter: under way}", "{leter: under way}", "R301 there is no request 'leter' in this case (hint: did"),
        (CASE, "{basis: send-now}", "{basis: send}", "R301 there is no option 'send' in this case (hint: did you mean"),
        (CASE, "{basis: send-now}", "{bases: send-now}", "R301 there is no decision 'bases' in this case (hint: did"),
        (CASE, "[detention]", "[detentoin]", "R301 there is no deadline 'detentoin' in this case (hint: did you mean"),
        (CASE, "of: deckhand", "of: deckhnad", "R301 there is no person 'deckhnad' in this case (hint: did you mean"),
        (CASE, "event: question", "event: decided", "R301 there is no decision 'letter' in this case (hint: write one"),
        (CASE, "event: question", "event: deadline", "R301 there is no deadline 'letter' in this case (hint: write"),
        (CASE, "event: question", "event: preserved", "R301 there is no evidence 'letter' in this case (hint: write"),
        (CASE, "wellbeing: {deckhand", "wellbeing: {deckhnad", "R301 there is no person 'deckhnad' in this case (hint"),
        (CASE, "default: wait", "default: wiat", "R301 there is no option 'wiat' (hint: did you mean 'wait'?)"),
        (
            CASE,
            "evidence: testimony",
            "evidence: testimonial",
            "R301 there is no evidence 'testimonial' in this case (h",
        ),
        (CASE, "{after: 1 day}", "{}", "F210 a moment needs after or event (hint: write for example {after: 14 days})"),
        (CASE, "[{consult: {to: nor}}]", "[{}]", "F210 an action is one thing; this one is 0 (hint: write a list of"),
        (
            WORLD,
            "jurisdiction: lys, type",
            "jurisdiction: lyss, type",
            "R301 there is no jurisdiction 'lyss' in the worl",
        ),
        (
            WORLD,
            "agency: lys-justice",
            "agency: lys-justise",
            "R301 there is no agency 'lys-justise' in the world (hin",
        ),
        (
            WORLD,
            "jurisdiction: nor\n    role: pros",
            "jurisdiction: nro\n    role: pros",
            "R301 there is no jurisdiction",
        ),
        (WORLD, "between: [lys, nor]", "between: [lys, nur]", "R301 there is no jurisdiction 'nur' in the world (hint"),
        (WORLD, "of: [lys-to-nor]", "of: [lys-to-no]", "R301 there is no flow 'lys-to-no' in the world (hint: did you"),
        (
            WORLD,
            "of: [lys-central]",
            "of: [lys-centra]",
            "R301 there is no office 'lys-centra' in the world (hint: did",
        ),
        (WORLD, "to: nor", "to: nro", "R301 there is no jurisdiction 'nro' in the world (hint: did you mean 'nor'?)"),
        (
            WORLD,
            "chances: {refused: 0.2}",
            "chances: {refusd: 0.2}",
            "R301 the procedure 'small-procedure' knows no chan",
        ),
        (WORLD, "stages: {execute", "stages: {exekute", "R301 no procedure of this world has a stage 'exekute' (hint"),
        (
            WORLD,
            "{urgent: 1,",
            "{urgnt: 1,",
            "R301 'urgnt' is not a priority of this world (hint: did you mean 'urgent'",
        ),
        (
            WORLD,
            "role: prosecution",
            "role: proscution",
            "R306 'bank-records' needs an office with the role 'prosecuti",
        ),
        (
            WORLD,
            "performer: office lys-central",
            "performer: office lys-cntral",
            "R306 stage 'look' needs the office 'l",
        ),
        (
            WORLD,
            "performer: office lys-central",
            "performer: requested court",
            "R306 'look' needs an office with the ro",
        ),
        (
            WORLD,
            "procedure: quick",
            "procedure: quik",
            "R301 there is no procedure 'quik' (hint: did you mean 'quick'?",
        ),
        (WORLD, "every: 2 hours", "every: {gamma: {mean: 1 hour, cv: 1}}", "F210 every gives the mean time between P"),
        (WORLD, "per year: 50", "deadline: 1 day", "Y102 the key 'deadline' is written twice (hint: it stands on line"),
        (WORLD, "format: 1", "format: 2", "F208 format '2' is not known (hint: write format: 1)"),
        (WORLD, "format: 1", "format: true", "F208 format 'True' is not known (hint: write format: 1)"),
        (WORLD, "format: 1\n", "", "F202 the key 'format' is missing (hint: write format: 1)"),
        (WORLD, "kind: world\n", "", "F202 the key 'kind' is missing (hint: add a line such as kind: case)"),
        (
            WORLD,
            "kind: world",
            "kind: [world]",
            "F208 \"['world']\" is not a kind of file (hint: did you mean",
        ),
        (WORLD, "pace: 1.5", "pace: .nan", "F207 pace: must be a finite number"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(harbour: Path, file: str, old: str, new: str, expected: str) -> None:
    found = said(change(harbour, file, old, new))
    assert any(message.startswith(expected) for message in found), found


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("cases/first-letter", "wellbeing: 0.4", "wellbeing: yes", "F203 wellbeing: needs a number, not 'yes'"),
        (
            "cases/first-letter",
            "starts: 2027-03-01T09:00",
            "starts: soon",
            "F209 starts: 'soon' is not a date and time",
        ),
        (
            "cases/first-letter",
            "statements: [pending,",
            "statements: [pendin,",
            "F204 0: 'pendin' is not one of the val",
        ),
        ("worlds/two-shores", "staff: 2", 'staff: "2"', "F203 staff: needs a whole number, not '2'"),
        ("worlds/two-shores", "staff: 2", "staff: true", "F203 staff: needs a whole number, not 'True'"),
        ("worlds/two-shores", "like: NO", "like: Norway", "F209 like: 'Norway' is not written as it should"),
        (
            "worlds/two-shores",
            "like: NO",
            "like: US, region: XX",
            "F209 US has no holiday region 'XX' (hint: write one",
        ),
        (
            "worlds/two-shores",
            "Europe/Oslo",
            "Europe/Olso",
            "F209 'Europe/Olso' is not a time zone (hint: write a name",
        ),
        ("worlds/two-shores", "Europe/Oslo", "../../etc/passwd", "F209 '../../etc/passwd' is not a time zone (hint:"),
        ("worlds/two-shores", "languages: [en]", "languages: [English]", "F209 'English' is not a language code (hint"),
        (
            "worlds/two-shores",
            "per year: 50",
            "per year: 50\n    every: 1 day",
            "F210 a flow has one of per year, eve",
        ),
        (
            "worlds/two-shores",
            "title: Two shores",
            "title: 2",
            "F203 title: needs text, not '2' (hint: put it in quotes",
        ),
        ("worlds/two-shores", "treaties:\n  -", "treaties:\n  x:", "F203 treaties: needs a list, not"),
        ("library/procedures/small-procedure", "start: draft", "start: drafd", "R301 there is no stage 'drafd' (hint:"),
        (
            "library/procedures/small-procedure",
            "end: executed}",
            "end: executed, then: home}",
            "F210 the request is ov",
        ),
        (
            "library/procedures/small-procedure",
            "requesting central-authority",
            "somebody",
            "F203 'somebody' does not s",
        ),
        ("library/procedures/small-procedure", "{to: execute}", "{to: execute, chance: 0.1}", "R305 the branches do n"),
        (
            "library/procedures/small-procedure",
            "{to: execute}",
            "{to: execute}\n      - {to: wait}",
            "R305 branches aft",
        ),
        (
            "library/procedures/small-procedure",
            "{end: executed}",
            "{}",
            "F210 a stage has one of work, takes, steps, end;",
        ),
        (
            "library/procedures/small-procedure",
            "work: 3 working days",
            "takes: 3 days",
            "F210 work and performer belong",
        ),
        (
            "library/channels/courier",
            "performer: requesting central-authority",
            "side: requested",
            "F210 work and perfo",
        ),
        ("library/instruments/small-treaty", "effective: 2003-09-29", "effective: 1999-01-01", "F210 effective before"),
        (
            "library/levers/faster-post",
            "{assumption: made for this test}",
            "hearsay",
            "F211 'hearsay' does not say where",
        ),
        (
            "library/levers/faster-post",
            "{assumption: made",
            "{rumour: made",
            "F201 unknown key 'rumour' (hint: write one",
        ),
    ],
)
def test_what_one_file_can_have_wrong(harbour: Path, file: str, old: str, new: str, expected: str) -> None:
    path = change(harbour, f"{file}.yaml", old, new)
    record, problems = load_text(path.read_text("utf-8"), path.name)
    assert record is None
    found = [str(problem).split(": ", 1)[1] for problem in problems]
    assert any(message.startswith(expected) for message in found), found


def test_a_performer_is_a_side_with_a_role_or_an_office(harbour: Path) -> None:
    file = "library/procedures/small-procedure.yaml"
    change(harbour, file, "requesting central-authority", "{side: requesting, role: central-authority}")
    assert load(harbour / CASE)
    path = change(harbour, file, "side: requesting, role", "role")
    assert [problem.code for problem in load_text(path.read_text("utf-8"))[1]] == ["F210"]


def test_a_misspelt_key_is_one_problem_though_the_right_one_is_missing(harbour: Path) -> None:
    assert len(said(change(harbour, WORLD, "{like: NO}", "{lik: NO}"))) == 1


@pytest.mark.parametrize(
    ("locale", "said_of_it"),
    [
        ("xx_XX", "F209 'xx_XX' is not a locale for invented names (hint: write a locale of faker such as en_GB)"),
        ("pt_PTT", "F209 'pt_PTT' is not a locale for invented names (hint: did you mean 'pt_PT'?)"),
    ],
)
def test_a_locale_that_nobody_speaks_is_said_with_its_line(harbour: Path, locale: str, said_of_it: str) -> None:
    lys = "library/jurisdictions/lys.yaml"
    change(harbour, lys, "languages: [pt]", f"faker locale: {locale}\nlanguages: [pt]")
    (words,) = said(harbour / WORLD)
    assert words == said_of_it
    assert [problem.line for problem in examine(harbour / WORLD)[1]] == [8]


@pytest.mark.slow
def test_every_locale_let_in_gives_names() -> None:
    assert len(_locales()) > 80
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some are called deprecated
        assert all(Faker(locale).first_name() for locale in _locales())
