"""``mlasim letter``: the letters of a play, or of a case, as files that are never written over unasked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document

from sim.model.loading import Scenario, copied_data, load, with_data
from sim.training.players import Textbook, finish
from sim.training.session import Session


@pytest.fixture(scope="module")
def short() -> Scenario:
    """The story in a world hardly warmed up: cheap to begin."""
    data = copied_data(load("silent-harbour"))
    data["case", "silent-harbour"]["warm up"] = "1 day"
    return with_data(load("silent-harbour"), data)


@pytest.fixture
def quick(short: Scenario, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """The command finds the short story under the case's name."""
    import sim

    monkeypatch.setattr(sim, "load", lambda what: short)
    return short


@pytest.mark.slow
def test_the_letters_of_a_case_are_listed_and_written(mlasim, tmp_path: Path, quick: Scenario) -> None:
    code, out, _ = mlasim("letter", quick.id)
    assert code == 0 and "port" in out and "not sent" in out and "European Investigation Order" in out
    code, out, _ = mlasim("letter", quick.id, "--request", "port", "--out", "port.html")
    assert code == 0 and "to be completed by hand" in out and "written to port.html" in out
    page = (tmp_path / "port.html").read_text(encoding="utf-8")
    assert "Annex A" in page and "Training exercise" in page
    code, _, err = mlasim("letter", quick.id, "--request", "port", "--out", "port.html")
    assert code == 2 and "already" in err, "nothing is written over unasked"
    assert (tmp_path / "port.html").read_text(encoding="utf-8") == page
    code, _, _ = mlasim("letter", quick.id, "--request", "money", "--out", "port.html", "--force")
    assert code == 0 and (tmp_path / "port.html").read_text(encoding="utf-8") != page
    code, _, _ = mlasim("letter", quick.id, "--request", "money", "--out", "money.docx", "--headings", "ar")
    written = Document(io.BytesIO((tmp_path / "money.docx").read_bytes()))
    assert code == 0 and written.paragraphs[0].text.startswith("طلب")


def test_what_is_wrong_is_said(mlasim, quick: Scenario) -> None:
    for arguments, said in (
        (("--request", "ports"), "did you mean 'port'?"),
        (("--out", "port.pdf", "--request", "port"), "ends in .html or .docx"),
        (("--out", "port.html"), "--request"),
        (("--request", "port", "--out", "nowhere/port.html"), "cannot be written"),
    ):
        code, out, err = mlasim("letter", quick.id, *arguments)
        assert code == 2 and said in err and not out, arguments


@pytest.mark.slow
def test_the_letters_of_a_play_are_dated_when_they_were_sent(mlasim, tmp_path: Path) -> None:
    scenario = load("silent-harbour")
    played = finish(Session(scenario, seed=7), Textbook())
    played.save(tmp_path / "mine.session.jsonl")
    code, out, _ = mlasim("letter", "mine.session.jsonl")
    assert code == 0 and "2027-" in out
    code, _, _ = mlasim("letter", "mine.session.jsonl", "--request", "logs", "--out", "logs.html")
    assert code == 0
    sent = played.run.moment(played.run.requests["logs"].sent)
    assert f"{sent.day} {sent:%B %Y}" in (tmp_path / "logs.html").read_text(encoding="utf-8")
    code, _, err = mlasim("letter", "meridian")
    assert code == 2 and "not a case" in err
