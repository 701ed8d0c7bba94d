"""No command writes over what is there: it goes on with it, asks, or refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from rich.console import Console

import sim
from sim.cli import console
from sim.model.library import shipped_folder

CASE = ("silent-harbour", "--seed", "7")
BY_ITSELF = ("play", *CASE, "--player", "first", "--replays", "0")
PRECIOUS = "precious\n"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What somebody types in the terminal when a case is played; an exception is a key such as Ctrl-C."""

    def type_(*answers: str | type[BaseException]) -> None:
        left = list(answers)

        def answer(*_: object, **__: object) -> str:
            given = left.pop(0)
            if isinstance(given, str):
                return given
            raise given

        monkeypatch.setattr(Console, "input", answer)

    return type_


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], list[str]]:
    """Somebody at a terminal who answers every question so; the questions."""

    def answer(yes: bool) -> list[str]:
        questions: list[str] = []

        def confirm(question: str, **_: object) -> bool:
            questions.append(question)
            return yes

        monkeypatch.setattr(console, "asks", lambda: True)
        monkeypatch.setattr(typer, "confirm", confirm)
        return questions

    return answer


def steps(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]


@pytest.mark.parametrize("end", ["q", EOFError, KeyboardInterrupt])
def test_the_same_command_goes_on_where_it_was_left(mlasim, typed, tmp_path: Path, end) -> None:
    file = tmp_path / "silent-harbour-7.session.jsonl"
    typed("1", "because", end)
    code, out, err = mlasim("play", *CASE)
    assert code == (130 if end is KeyboardInterrupt else 0)
    assert "Everything is kept in silent-harbour-7.session.jsonl. The same command goes on from there." in out + err
    assert [step["option"] for step in steps(file)] == ["preserve-first"]
    typed("1", "", "q")
    code, out, _ = mlasim("play", *CASE)
    assert code == 0 and "Going on with the play in silent-harbour-7.session.jsonl" in out
    assert len(steps(file)) == 2


def test_a_play_of_another_case_or_seed_is_kept(mlasim, typed, asked, tmp_path: Path) -> None:
    file = sim.play("four-days", seed=7).save(tmp_path / "mine.session.jsonl")
    before = file.read_bytes()
    for arguments, said in (
        (("play", *CASE, "--session", file.name), "holds a play of the case 'four-days'"),
        (("play", "four-days", "--seed", "8", "--session", file.name), "holds a play with the seed 7"),
        ((*BY_ITSELF, "--session", file.name), "is there already"),
    ):
        code, _, err = mlasim(*arguments)
        assert code == 2 and said in err and "--force" in err and file.read_bytes() == before
    (tmp_path / "decisions.yaml").write_text("seed: 7\n", encoding="utf-8")
    code, _, err = mlasim("play", "silent-harbour", "--decisions", "decisions.yaml", "--session", file.name)
    assert code == 2 and "is there already" in err and file.read_bytes() == before
    questions = asked(False)
    code, _, err = mlasim("play", *CASE, "--session", file.name)
    assert code == 2 and questions == ["Begin anew and write over it?"] and file.read_bytes() == before
    asked(True)
    typed("q")
    assert mlasim("play", *CASE, "--session", file.name)[0] == 0
    assert b"silent-harbour" in file.read_bytes()


@pytest.mark.slow
def test_a_play_that_is_over_or_no_play_is_kept_unless_forced(mlasim, typed, tmp_path: Path) -> None:
    code, _, err = mlasim(*BY_ITSELF, "--session", "silent-harbour-7.session.jsonl")
    assert code == 0, err
    file = tmp_path / "silent-harbour-7.session.jsonl"
    before = file.read_bytes()
    code, _, err = mlasim("play", *CASE)
    assert code == 2 and "holds a play that is over: mlasim debrief silent-harbour-7.session.jsonl" in err
    assert file.read_bytes() == before
    typed("q")
    assert mlasim("play", *CASE, "--force")[0] == 0
    assert steps(file) == []
    file.write_text(PRECIOUS, encoding="utf-8")
    code, _, err = mlasim("play", *CASE)
    assert code == 2 and "not a line of a session file" in err and file.read_text(encoding="utf-8") == PRECIOUS
    assert mlasim(*BY_ITSELF, "--session", file.name, "--force")[0] == 0 and len(steps(file)) > 3


@pytest.mark.slow
def test_what_commands_write_out_is_not_written_over(mlasim, asked, tmp_path: Path) -> None:
    world = ("queue-mm1", "--years", "0.05")
    compare = ("compare", *world, "--lever", "world/queue-mm1/offices/desk/staff+1", "--replications", "2")
    session = sim.play("silent-harbour", seed=7).save(tmp_path / "a.session.jsonl")
    for arguments, name in (
        (("run", *world, "--xes", "a.xes"), "a.xes"),
        (("run", *world, "--ocel", "a.json"), "a.json"),
        (("run", *world, "--out", "tables"), "tables/requests.csv"),
        ((*compare, "--csv", "a.csv", "--processes", "1"), "a.csv"),
        ((*compare, "--report", "a.html", "--processes", "1"), "a.html"),
        (("debrief", session.name, "--replays", "0", "--html", "b.html"), "b.html"),
        ((*BY_ITSELF, "--html", "c.html"), "c.html"),
        (("calibrate", "log.csv", "--out", "worlds/mine.yaml"), "worlds/mine.yaml"),
        (("calibrate", "log.csv", "--out", "m.yaml", "--rows", "rows.csv"), "rows.csv"),
        (("schema", "--out", "schemas"), "schemas/case.schema.json"),
    ):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(PRECIOUS, encoding="utf-8")
        code, out, err = mlasim(*arguments)
        assert code == 2 and f"there already: {name}" in err and "--force" in err, (name, out, err)
        assert file.read_text(encoding="utf-8") == PRECIOUS, name
    questions = asked(True)
    code, _, err = mlasim("run", *world, "--xes", "a.xes", "--out", "tables")
    assert code == 0, err
    assert questions == ["Write over what is there?"], "once, for all of them"
    assert (tmp_path / "a.xes").read_text(encoding="utf-8").startswith("<?xml")
    assert mlasim("schema", "--out", "schemas", "--force")[0] == 0
    assert mlasim("schema", "--out", "schemas")[0] == 0 and len(questions) == 1, "its own files are renewed"


@pytest.mark.slow
def test_a_debrief_finds_a_case_of_ones_own(mlasim, tmp_path: Path) -> None:
    text = (shipped_folder() / "cases" / "silent-harbour.yaml").read_text(encoding="utf-8")
    own = text.replace("id: silent-harbour", "id: my-case", 1)
    (tmp_path / "my-case.yaml").write_text(own, encoding="utf-8")
    played = ("play", "my-case.yaml", "--player", "first", "--replays", "0", "--session")
    code, out, err = mlasim(*played, "s.session.jsonl")
    assert code == 0, err
    assert mlasim("debrief", "s.session.jsonl", "--replays", "0")[1].splitlines()[-1] == out.splitlines()[-1]
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "my-case.yaml").rename(tmp_path / "elsewhere" / "my-case.yaml")
    code, _, err = mlasim("debrief", "s.session.jsonl", "--replays", "0")
    assert code == 2 and "mlasim debrief s.session.jsonl CASE.yaml" in err
    code, again, _ = mlasim("debrief", "s.session.jsonl", "elsewhere/my-case.yaml", "--replays", "0")
    assert code == 0 and again.splitlines()[-1] == out.splitlines()[-1]
    # A library's case is the library's, whatever bears its name beside the session, unless that was played.
    (tmp_path / "silent-harbour.yaml").write_text(text.replace("title: ", "title: My ", 1), encoding="utf-8")
    for case, name in (("silent-harbour", "library"), ("silent-harbour.yaml", "own")):
        file = f"{name}.session.jsonl"
        code, out, err = mlasim("play", case, "--player", "first", "--replays", "0", "--session", file)
        assert code == 0, err
        assert mlasim("debrief", file, "--replays", "0")[1].splitlines()[-1] == out.splitlines()[-1]
