"""Dirty logs: everything wrong is said with its row, nothing is dropped silently, and the totals add up."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import pytest

from sim.errors import ScenarioError, UsageError
from sim.policy.calibration import columns, raw, read_columns, read_log, write_findings
from tests.policy.calibration_logs import HEAD, MAPPING, adds_up, read, rows_of, table, what_was_done


def test_a_clean_log_has_no_findings(tmp_path: Path) -> None:
    rows = rows_of()
    log = read(tmp_path / "log.csv", rows)
    assert not log.findings and adds_up(log)
    assert log.totals() == f"{len(rows)} rows read = {len(rows)} used + 0 used for the path only + 0 set aside"
    assert len(log.cases) == 60 and log.has_starts and not log.dates_only
    assert "no time names its zone; all are taken as Europe/Oslo" in log.remarks


A, B = "2024-03-01 10:00", "2024-03-01 12:00"


@pytest.mark.parametrize(
    ("row", "kind", "done"),
    [
        (("F-1", "Check", A, "", "Desk"), "no end", "used for the path only"),
        (("F-1", "Check", "", B, "Desk"), "no start", "used for the path only"),
        (("F-1", "Check", B, A, "Desk"), "negative duration", "used for the path only"),
        (("F-1", "Check", "", "", "Desk"), "no time", "set aside"),
        (("F-1", "Check", A, "soon", "Desk"), "date cannot be read", "used for the path only"),
        (("F-1", "Check", "31.02.2024 9:00", "soon", "Desk"), "no time", "set aside"),
        (("F-1", "Check", A, "2224-03-01", "Desk"), "date cannot be read", "used for the path only"),
        (("F-1", "Check", A, "2064-03-01 10:00", "Desk"), "time far from all others", "used for the path only"),
        (("", "Check", A, B, "Desk"), "no case", "set aside"),
        (("F-1", "null", A, B, "Desk"), "no activity", "set aside"),
        (("F-1", "Check", A, B), "no proper row", "set aside"),
        (("F-1", "Check", A, B, "Desk", "more"), "no proper row", "set aside"),
        (("F-1", "C" * 5000, A, B, "Desk"), "no proper row", "set aside"),
        (("F-1", "C" * 200_000, A, B, "Desk"), "no proper row", "set aside"),
        (("F-1", "Ch\0eck", A, B, "Desk"), "no proper row", "set aside"),
        (("=1+2", "Check", A, B, "Desk"), "looks like a formula", "used"),
        (("F-1", "Check", "2024-03-01T10:00+01:00", B, "Desk"), "time with a zone", "used"),
        (("F-1", "Check", "2024-03-31 02:30", "2024-03-31 10:00", "Desk"), "time when clocks change", "used"),
        (("F-1", "Check", "2024-10-27 02:30", "2024-10-27 10:00", "Desk"), "time when clocks change", "used"),
    ],
)
def test_each_mistake_is_found_in_its_row(row: tuple[str, ...], kind: str, done: str, tmp_path: Path) -> None:
    rows = [*rows_of(30), row]
    log = read(tmp_path / "log.csv", rows)
    line = len(rows) + 1
    assert (line, kind) in {(finding.row, finding.kind) for finding in log.findings}
    assert what_was_done(log)[line] == done
    assert adds_up(log) and log.read == len(rows)
    assert {finding.row for finding in log.findings} == {line}


def test_of_mixed_zones_the_fewer_are_listed(tmp_path: Path) -> None:
    rows = [(*row[:2], f"{row[2]}+01:00", f"{row[3]}+01:00", row[4]) for row in rows_of(30)]
    rows[7] = rows_of(30)[7]
    log = read(tmp_path / "log.csv", rows)
    assert {(finding.row, finding.kind) for finding in log.findings} == {(9, "time without a zone")}
    assert log.counts() == {("time without a zone", "used"): 1}, "rows are counted, not the cells of one"
    assert any(
        f"2 times name no zone and are taken as Europe/Oslo, {2 * len(rows) - 2} name one" in r for r in log.remarks
    )


def test_a_step_far_longer_than_its_like_is_said(tmp_path: Path) -> None:
    rows = [*rows_of(30), ("F-1", "Check", "2024-01-05 10:00", "2024-03-05 10:00", "Desk")]
    log = read(tmp_path / "log.csv", rows)
    assert [(f.row, f.kind, f.done) for f in log.findings] == [(len(rows) + 1, "much longer than others", "used")]
    assert "it lasts 60 days, where nine of ten of its kind last" in log.findings[0].what
    assert log.too_long == {len(rows) + 1}
    weekend = [*rows_of(30), ("F-1", "Check", "2024-01-05 10:00", "2024-01-08 10:00", "Desk")]
    assert not read(tmp_path / "log.csv", weekend).findings


def test_rows_and_cases_entered_twice(tmp_path: Path) -> None:
    rows = rows_of(30)
    twin = [("G-7", *row[1:]) for row in rows if row[0] == "F-7"]
    log = read(tmp_path / "log.csv", [*rows, rows[4], *twin])
    kinds = log.counts()
    assert kinds == {("row entered twice", "set aside"): 1, ("case entered twice", "set aside"): len(twin)}
    assert len(log.cases) == 30 and adds_up(log)
    assert "the same as row 6" in log.findings[0].what and "F-7" in log.findings[1].what


def test_one_case_with_two_descriptions(tmp_path: Path) -> None:
    rows = [(*row, "letter" if place != 4 else "order") for place, row in enumerate(rows_of(20))]
    log = read_log(table(tmp_path / "log.csv", rows, (*HEAD, "Kind")), {**MAPPING, "kind": "Kind"})
    assert [finding.row for finding in log.findings] == [6]
    assert "'order'" in log.findings[0].what and {case.kind for case in log.cases} == {"letter"}


def test_a_request_that_comes_after_its_first_step(tmp_path: Path) -> None:
    rows = [(*row, "2024-01-01" if row[0] != "F-3" else "2024-06-01") for row in rows_of(20)]
    log = read_log(table(tmp_path / "log.csv", rows, (*HEAD, "Came")), {**MAPPING, "received": "Came"})
    assert {(finding.case, finding.kind) for finding in log.findings} == {("F-3", "received after the first step")}
    late = next(case for case in log.cases if case.id == "F-3")
    assert late.received == late.steps[0].start


def test_dates_only_are_noticed(tmp_path: Path) -> None:
    log = read(tmp_path / "log.csv", rows_of(form="%d.%m.%Y"))
    assert log.dates_only and not log.findings
    assert any("no time of the day" in remark for remark in log.remarks)


def test_days_first_or_months_first(tmp_path: Path) -> None:
    european = read(tmp_path / "a.csv", rows_of(form="%d/%m/%Y %H:%M"))
    american = read(tmp_path / "b.csv", rows_of(form="%m/%d/%Y %H:%M"))
    assert european.cases == american.cases and not european.findings
    some = [row for row in rows_of(form="%d/%m/%Y %H:%M") if int(row[2][:2]) <= 12 and int(row[3][:2]) <= 12]
    with pytest.raises(UsageError, match="day first: true or false"):
        read(tmp_path / "c.csv", some)
    assert read(tmp_path / "c.csv", some, day_first=True).cases
    both = [*some, ("F-1", "Check", "13/01/2024 10:00", "01/13/2024 11:00", "Desk")]
    with pytest.raises(UsageError, match="others the month"):
        read(tmp_path / "d.csv", both)


def test_hours_of_one_digit(tmp_path: Path) -> None:
    rows = [(*row[:2], row[2].replace(" 09:", " 9:"), row[3].replace(" 09:", " 9:"), row[4]) for row in rows_of()]
    assert rows != rows_of()
    log = read(tmp_path / "log.csv", rows)
    assert not log.findings and log.cases == read(tmp_path / "b.csv", rows_of()).cases


def test_a_format_of_its_own(tmp_path: Path) -> None:
    log = read(tmp_path / "log.csv", rows_of(form="%Y%m%d-%H%M"), date_format="%Y%m%d-%H%M")
    assert log.cases == read(tmp_path / "b.csv", rows_of()).cases


def test_events_in_rows(tmp_path: Path) -> None:
    rows = [
        ("1", "Check", "start", "2024-03-01 10:00"),
        ("1", "Check", "suspend", "2024-03-01 11:00"),
        ("1", "Check", "resume", "2024-03-01 13:00"),
        ("1", "Check", "complete", "2024-03-01 14:00"),
        ("1", "Answer", "complete", "2024-03-02 14:00"),
        ("1", "Answer", "assign", "2024-03-02 14:00"),
        ("2", "Check", "start", "2024-03-02 10:00"),
        ("2", "Wait", "suspend", "2024-03-02 10:00"),
        ("2", "Check", "complete", "never"),
    ]
    given = {"case": "c", "activity": "a", "lifecycle": "l", "time": "t"}
    log = read_log(table(tmp_path / "log.csv", rows, ("c", "a", "l", "t")), given)
    first, second = (case.steps for case in log.cases)
    (check, answer), (begun,) = first, second
    assert check.end is not None and check.start is not None and check.end - check.start == 4 * 3600
    assert check.pauses[0][1] - check.pauses[0][0] == 2 * 3600 and check.rows == (2, 3, 4, 5)
    assert answer.start is None and begun.end is None
    assert what_was_done(log) == {7: "set aside", 8: "used for the path only", 9: "set aside", 10: "set aside"}
    assert adds_up(log)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        ("File,Step,Begun,Done,Unit\nF-1,Pr\xfcfen,a,b,c\n".encode("latin-1"), "line 2 is not UTF-8.*cp1252"),
        (b"File,Stepp,Begun,Done,Unit\n", "'Step': did you mean 'Stepp'"),
        (b"File:Step:Begun:Done:Unit\n", "there are no columns"),
        (b"File,Step,Begun,Done,Unit,Unit\n1,2,3,4,5,6\n", "'Unit' stands twice"),
    ],
)
def test_files_that_are_no_log(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=says):
        read_log(path, MAPPING)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("not xml", "no XES log: syntax error: line 1"),
        ('<?xml version="1.0"?><log xes.version="1.0"><trace><event><string ke', "no XES log: unclosed token: line 1"),
        ('<?xml version="1.0"?><log xes.version="1.0"></log>', "has no events"),
        (
            '<?xml version="1.0"?><log><trace><event><string key="concept:name" value="a"/></event></trace></log>',
            "no event has 'case:concept:name'",
        ),
    ],
)
def test_xes_that_is_no_log(content: str, says: str, tmp_path: Path) -> None:
    pytest.importorskip("pm4py")
    (tmp_path / "log.xes").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        read_log(tmp_path / "log.xes")
    with pytest.raises(UsageError, match="no XES log"):
        read_log((tmp_path / "log.xes").rename(tmp_path / "log.xes.gz"))


@pytest.mark.parametrize(
    ("name", "begins", "what"),
    [
        ("log.xlsx", b"PK\x03\x04", "an Excel workbook"),
        ("log.ods", b"PK\x03\x04", "a workbook of LibreOffice"),
        ("log.csv", b"PK\x03\x04", "a ZIP archive or a workbook"),
        ("log.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook of the older kind"),
        ("log.parquet", b"PAR1", "a Parquet file"),
        ("log.csv.gz", b"\x1f\x8b\x08", "a file compressed with gzip"),
        ("log.xes", b"PK\x03\x04", "a ZIP archive or a workbook"),
    ],
)
def test_a_file_that_is_no_text_is_known_by_its_first_bytes(
    tmp_path: Path, name: str, begins: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(begins + bytes(range(256)))
    with pytest.raises(UsageError, match=f"{name}: is {what}, .* save it as CSV"):
        read_log(tmp_path / name, {**MAPPING, "encoding": "latin-1"})


def test_what_is_compressed_is_measured_while_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "LARGEST_FILE", 10_000_000)
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress(b"<log>" + b" " * 50_000_000))
    assert path.stat().st_size < 100_000
    with pytest.raises(UsageError, match=r"log\.xes\.gz: has more than 0\.01 GB"):
        read_log(path)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path, tmp_path / "a\0b"):
        with pytest.raises(UsageError, match="cannot be read"):
            read_log(path, MAPPING)
        with pytest.raises(UsageError, match="cannot be read"):
            read_columns(path)


def test_other_encodings_and_delimiters(tmp_path: Path) -> None:
    expected = read(tmp_path / "log.csv", rows_of()).cases
    for delimiter in ";\t|":
        assert read_log(table(tmp_path / "d.csv", rows_of(), delimiter=delimiter), MAPPING).cases == expected
    text = (tmp_path / "log.csv").read_text(encoding="utf-8")
    (tmp_path / "wide.csv").write_text(text, encoding="utf-16")
    assert read_log(tmp_path / "wide.csv", MAPPING).cases == expected
    (tmp_path / "bom.csv").write_text(text, encoding="utf-8-sig")
    assert read_log(tmp_path / "bom.csv", MAPPING).cases == expected
    (tmp_path / "old.csv").write_text(text.replace("Desk", "Büro"), encoding="cp1252")
    old = read_log(tmp_path / "old.csv", {**MAPPING, "encoding": "cp1252"})
    assert {step.office for case in old.cases for step in case.steps} == {"Büro"}
    with pytest.raises(UsageError, match="no encoding 'latin-99'"):
        read_log(tmp_path / "old.csv", {**MAPPING, "encoding": "latin-99"})


def test_a_missing_quotation_mark_is_one_finding(tmp_path: Path) -> None:
    path = table(tmp_path / "log.csv", rows_of())
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[20] = '"' + lines[20]
    path.write_text("\n".join(lines), encoding="utf-8")
    log = read_log(path, MAPPING)
    assert [(finding.row, finding.done) for finding in log.findings] == [(21, "set aside")] and adds_up(log)


def test_empty_lines_are_counted(tmp_path: Path) -> None:
    path = table(tmp_path / "log.csv", [*rows_of(12), ("", "", "", "", ""), ("", " ", "", "", "")])
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    log = read_log(path, MAPPING)
    assert "empty lines passed over: 3" in log.remarks and not log.findings


def test_columns_nobody_asked_for_are_named(tmp_path: Path) -> None:
    rows = [(*row, "secret") for row in rows_of(12)]
    log = read_log(table(tmp_path / "log.csv", rows, (*HEAD, "Remarks")), MAPPING)
    assert "columns not used: Remarks" in log.remarks


def test_findings_as_a_file_are_harmless_to_spreadsheets(tmp_path: Path) -> None:
    rows = [*rows_of(12), ("=HYPERLINK(1)", "Check", A, "soon", "Desk"), ("@x", "Check", A, "", "Desk")]
    log = read(tmp_path / "log.csv", rows)
    path = write_findings(log, tmp_path / "rows.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    assert written[0] == ["row", "case", "what", "done"] and len(written) == len(log.findings) + 1
    assert {line[1] for line in written[1:]} == {"'=HYPERLINK(1)", "'@x"}
    with pytest.raises(UsageError, match="cannot be written"):
        write_findings(log, tmp_path)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "case"),
        ({"case": "a", "activity": "b"}, "give end, or time"),
        ({"case": "a", "activity": "b", "end": "c", "time": "d"}, "give end, or time"),
        ({"case": "a", "activity": "b", "end": "c", "zone": "UTC"}, "time zone"),
        ({"case": "a", "activity": "b", "end": "c", "time zone": "Mars"}, "not a time zone"),
    ],
)
def test_mappings_that_do_not_do(given: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        columns(given)


def test_a_mapping_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "columns.yaml"
    path.write_text(
        "case: File\nactivity: Step\nend: Done\ntime zone: Europe/Oslo\noffices: {Desk: {holidays: {like: 'NO'}}}\n",
        encoding="utf-8",
    )
    found = read_columns(path, start="Begun")
    assert found.start == "Begun" and found.offices["Desk"].holidays is not None
    path.write_text("case: File\nactivity: Step\nend: Done\ntime zone: Mars\nunit: x\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"columns.yaml:4:\d+.*time zone"):
        read_columns(path)
    path.write_text("- case\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no mapping"):
        read_columns(path)


def test_an_outcome_filled_in_only_where_the_case_ends_is_its_outcome(tmp_path: Path) -> None:
    """As most systems do it; nothing is wrong with the other rows."""
    rows, ends = [], {}
    for row in rows_of(40):
        ends[row[0]] = len(rows)
        rows.append([*row, ""])
    for number, place in enumerate(ends.values()):
        rows[place][-1] = "refused" if number % 4 == 0 else "executed"
    log = read_log(table(tmp_path / "log.csv", rows, (*HEAD, "Result")), {**MAPPING, "outcome": "Result"})
    assert not [finding for finding in log.findings if finding.kind == "case with two descriptions"]
    assert [case.outcome for case in log.cases].count("refused") == 10
    rows[0][-1] = "granted"
    log = read_log(table(tmp_path / "log.csv", rows, (*HEAD, "Result")), {**MAPPING, "outcome": "Result"})
    (finding,) = [finding for finding in log.findings if finding.kind == "case with two descriptions"]
    assert "than in row 2 of the same case" in str(finding)
