"""Reading YAML: what a value is, where it stands, and text that means harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.model import CODES, load_text
from sim.model.reading import read
from tests.model.conftest import HARBOUR

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(HARBOUR.rglob("*.yaml"))}


def codes(text: str | bytes) -> list[str]:
    return [problem.code for problem in read(text, "t.yaml").problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("1:30", "1:30"),
        ("0777", 777),
        ("0o777", 511),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("2027-03-01", "2027-03-01"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("'true'", "true"),
        ('"1"', "1"),
        ("! 1", "1"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", float("-inf")),
        ("1" * 60, "1" * 60),
        ("=", "="),
        ("'\ta'", "\ta"),
        ("a\u00a0b", "a\u00a0b"),
    ],
)
def test_a_plain_scalar_means_what_yaml_1_2_says(written: str, meant: object) -> None:
    document = read(f"key: {written}\n", "t.yaml")
    assert not document.problems
    assert document.data == {"key": meant}
    assert type(document.data["key"]) is type(meant)


def test_merging_is_not_special() -> None:
    assert read("a: &a {b: 1}\nc: {<<: *a}\n", "t.yaml").data == {"a": {"b": 1}, "c": {"<<": {"b": 1}}}


@pytest.mark.parametrize("text", ["\ufeffa: {b: 1}\n", b"\xef\xbb\xbfa: {b: 1}\n", "a: {b: 1}\r\n", "a:\r\n  b: 1"])
def test_byte_order_mark_and_line_ends_do_not_matter(text: str | bytes) -> None:
    document = read(text, "t.yaml")
    assert (document.data, document.problems) == ({"a": {"b": 1}}, [])


def test_every_part_has_its_place() -> None:
    document = read("a:\n  - b: 1\n    cc: [x, y]\n", "t.yaml")
    assert document.place(("a", 0, "cc", 1)) == (3, 13)
    assert document.place(("a", 0, "cc"), of_key=True) == (3, 5)
    assert document.place(("a", 0, "cc", 7, "z")) == (3, 9), "the nearest part that exists"
    assert document.place(("zz",)) == (1, 1)


def test_duplicate_keys_are_found_on_every_level_and_the_first_counts() -> None:
    document = read("a: 1\nb: {c: 1, c: 2}\nd:\n  - e: 1\n    e: {f: 1, f: 2}\na: 3\n", "t.yaml")
    assert [(p.line, p.column, p.code) for p in document.problems] == [
        (2, 11, "Y102"),
        (5, 5, "Y102"),
        (5, 15, "Y102"),
        (6, 1, "Y102"),
    ]
    assert document.data == {"a": 1, "b": {"c": 1}, "d": [{"e": 1}]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "Y109"),
        ("# nothing\n", "Y109"),
        ("just words", "Y109"),
        ("\ta: 1", "Y101"),
        ("a:\n\t- b", "Y101"),
        ("a: *b", "Y101"),
        ("a: b: c", "Y101"),
        ("a: \x01", "Y101"),
        ("%YAML 2.0\n---\na: 1", "Y101"),
        ("a: !!python/object/apply:os.system [ls]", "Y107"),
        ("!!python/name:os.system : 1", "Y107"),
        ("? [a, b]\n: 1", "Y110"),
        ("? {a: b}\n: 1", "Y110"),
        ("&a a: 1\n*a : 2", "Y110"),
        ("a: &a [*a]", "Y101"),
        ('a: "\\ud800"', "Y106"),
        ('"\\ud800": 1', "Y106"),
        ("a: \ud800", "Y106"),
        (b"a: \xff", "Y106"),
        ("a: 1".encode("utf-16"), "Y106"),
        ("a: 1\n---\nb: 2", "Y108"),
        ("a: &a 1\nb: [" + "*a," * 51 + "]", "Y105"),
        ("a: " + "[" * 400_000, "Y104"),
        ("a: " + "{b: " * 100_000, "Y104"),
        ("- " * 200_000, "Y104"),
        ("a: [" + "1," * 13_000 + "]", "Y105"),
        (b" " * 2_000_001, "Y103"),
        ("x" * 500_001, "Y103"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_text_that_cannot_be_read_gives_one_problem_soon(text: str | bytes, expected: str) -> None:
    """Soon: these would take minutes if size and depth were not bounded, and the run of all tests would show it."""
    assert codes(text) == [expected]


def test_problems_before_the_end_of_reading_are_kept() -> None:
    assert codes("a: 1\na: 2\nb: [") == ["Y102", "Y101"]


def test_an_anchored_key_can_be_repeated_as_a_value() -> None:
    assert read("&a key: *a", "t.yaml").data == {"key": "key"}


MARKS = "a|b: |: |- |[|]|{|}|, |'|\"|&x |*x|!t |#|> \n|? |%|\t|\r\n|\r|\ufeff|é|\\ud800|~|1|true|\u2028"
LINES = ["\n", "\n  ", "\n    ", "| \n", "---\n", "...\n"]
pieces = st.sampled_from([*MARKS.split("|"), *LINES])
soup = st.lists(pieces, max_size=40).map("".join)


def _is_answer(text: str | bytes) -> None:
    record, problems = load_text(text, "t.yaml")  # type: ignore[arg-type]
    assert (record is None) == bool(problems)
    assert problems == sorted(problems)
    for problem in problems:
        assert problem.code in CODES
        assert problem.line >= 1 and problem.column >= 1
        str(problem).encode()  # can be shown on any screen


@given(soup | st.text(max_size=200))
@example("kind: [")
@example("!!\n")
@example("a: !<")
@example("--- &")
def test_any_text_gives_a_record_or_problems(text: str) -> None:
    _is_answer(text)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_record_or_problems(data: bytes) -> None:
    _is_answer(data)


@given(st.data())
def test_a_valid_file_changed_anywhere_gives_a_record_or_problems(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(sorted(TEXTS.values())))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        until = min(len(text), at + data.draw(st.integers(0, 12)))
        text = text[:at] + data.draw(pieces | st.text(max_size=3)) + text[until:]
    _is_answer(text)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["x", "5 days"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.just("all"), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.data())
def test_a_valid_file_with_any_value_replaced_gives_a_record_or_problems(data: st.DataObject) -> None:
    from sim.model.validation import validate

    document = read(data.draw(st.sampled_from(sorted(TEXTS.values()))), "t.yaml")
    path = data.draw(st.sampled_from(sorted(document.marks, key=repr)))
    if path:
        holder = document.data
        for part in path[:-1]:
            holder = holder[part]
        holder[path[-1]] = data.draw(values)
    record, problems = validate(document)
    assert (record is None) == bool(problems)
    assert {problem.code for problem in problems} <= set(CODES)


@pytest.mark.parametrize("name", TEXTS)
def test_every_fixture_is_valid_alone(name: str) -> None:
    record, problems = load_text(TEXTS[name], f"{name}.yaml")
    assert not problems
    assert record is not None and record.id == name


def test_a_literal_block_keeps_its_line_ends_as_one_kind() -> None:
    assert read("a: |\r\n  b\r\n  c\r\n", "t.yaml").data == {"a": "b\nc\n"}


def test_the_place_of_a_forbidden_character_is_its_line() -> None:
    (problem,) = read("a: 1\nb: 2\nc: \x01\n", str(Path("t.yaml"))).problems
    assert (problem.line, str(problem.message)) == (3, "not valid YAML: the character U+0001 is not allowed")
