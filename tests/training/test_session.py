"""A session is its decisions: save, kill, resume, undo and fork all replay to the same hash."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import SessionError
from sim.training.players import Scripted, finish, play_through
from sim.training.session import Session, resume
from sim.training.storage import MAXIMUM_BYTES


def test_the_same_decisions_give_the_same_hash(case, plan, careful) -> None:
    again = play_through(case, Scripted({}), seed=7, plan=plan)
    assert again.sha256 == careful.sha256
    assert play_through(case, Scripted({}), seed=8, plan=plan).sha256 != careful.sha256
    assert play_through(case, Scripted({}), seed=7, replication=1, plan=plan).sha256 != careful.sha256
    assert play_through(case, Scripted({"offer": "decline"}), seed=7, plan=plan).sha256 != careful.sha256


def test_saved_at_any_decision_it_resumes_to_the_same_hash(case, plan, careful, tmp_path: Path) -> None:
    file = tmp_path / "mine.session.jsonl"
    session = Session(case, seed=7, plan=plan)
    session.save(file)
    copies = [shutil.copy(file, tmp_path / "0")]
    while not session.ended:
        session.choose(session.question.decision.default)
        copies.append(shutil.copy(file, tmp_path / str(len(copies))))
    assert session.sha256 == careful.sha256
    for number, copy in list(enumerate(copies))[::3]:
        resumed = resume(copy, case)
        assert len(resumed.entries) == number
        assert finish(resumed, Scripted({})).sha256 == careful.sha256
        assert Path(copy).read_bytes() == file.read_bytes(), "it goes on writing where it was"


PLAY_UNTIL_KILLED = """
import sys, time, sim
session = sim.play("silent-harbour", seed=7)
session.save(sys.argv[1])
while True:
    session.choose(session.question.decision.default)
    print(len(session.entries), flush=True)
    if len(session.entries) == 4:
        time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
def test_a_killed_process_loses_nothing(case, careful, tmp_path: Path) -> None:
    file = tmp_path / "killed.session.jsonl"
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", PLAY_UNTIL_KILLED, str(file)], cwd=root, stdout=subprocess.PIPE,
                          text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == "4":
                break
        process.send_signal(signal.SIGKILL)
    resumed = resume(file, case)
    assert len(resumed.entries) == 4
    assert finish(resumed, Scripted({})).sha256 == careful.sha256


def test_undo_and_fork_are_replays(case, plan, careful, tmp_path: Path) -> None:
    session = Session(case, seed=7, plan=plan)
    session.save(tmp_path / "undo.session.jsonl")
    session.choose("gather-first").choose("shelter-only")
    back = session.undo(2)
    assert back.entries == [] and back.file == tmp_path / "undo.session.jsonl"
    assert finish(back, Scripted({})).sha256 == careful.sha256
    forked = careful.fork("care", "interview-now")
    assert [e.option for e in forked.entries] == ["preserve-first", "interview-now"]
    straight = Session(case, seed=7, plan=plan).choose("preserve-first").choose("interview-now")
    assert forked.sha256 == straight.sha256
    with pytest.raises(SessionError, match="not decided"):
        careful.fork("question-on-money", "answer-fully")
    with pytest.raises(SessionError, match="to undo"):
        Session(case, seed=7, plan=plan).undo()


def test_an_edited_scenario_is_refused(case, tmp_path: Path) -> None:
    file = tmp_path / "old.session.jsonl"
    session = Session(case, seed=7)
    session.save(file)
    lines = file.read_text(encoding="utf-8").splitlines()
    header = json.loads(lines[0])
    file.write_text(json.dumps({**header, "hash": "0" * 64}) + "\n", encoding="utf-8")
    with pytest.raises(SessionError, match="has been edited since"):
        resume(file, case)


def test_wrong_answers_are_explained(case, plan, careful) -> None:
    session = Session(case, seed=7, plan=plan)
    with pytest.raises(SessionError, match="did you mean 'preserve-first'"):
        session.choose("preserve-frist")
    with pytest.raises(SessionError, match="the case is over"):
        careful.choose("anything")


HEADER = {"scenario": "silent-harbour", "hash": "x", "seed": 1, "replication": 0, "format": 1, "kind": "mlasim session"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no session file"),
        (b"\x00\xff\xfe", "not UTF-8"),
        (b"not json\n", "not a line"),
        (b"[1, 2]\n", "not a line"),
        (b"[" * 100_000 + b"\n", "not a line"),
        (b'{"kind": "something else"}\n', "no session file"),
        (json.dumps({**HEADER, "format": 9}).encode() + b"\n", "format '9'"),
        (json.dumps({**HEADER, "seed": "1"}).encode() + b"\n", "seed must be a number"),
        (json.dumps({**HEADER, "seed": 10**400}).encode() + b"\n", "out of range"),
        (json.dumps({**HEADER, "seed": True}).encode() + b"\n", "seed must be a number"),
        (json.dumps({**HEADER, "evil": 1}).encode() + b"\n", "unknown key 'evil'"),
        (json.dumps({k: v for k, v in HEADER.items() if k != "hash"}).encode() + b"\n", "incomplete"),
        (json.dumps(HEADER).encode() + b'\n{"decision": "a"}\n', "incomplete"),
        (json.dumps(HEADER).encode() + b'\n{"decision": 1, "option": "b"}\n', "decision must be text"),
        (json.dumps(HEADER).encode() + b'\n{"decision": "a", "option": "' + b"x" * 20_000 + b'"}\n', "too long"),
        (json.dumps(HEADER).encode() + b'\n{"decision": "a", "option": "b"}' * 1_200 + b"\n", "more than 1000"),
        (b"x" * (MAXIMUM_BYTES + 1), "larger than"),
    ],
)
def test_hostile_files_are_data(content: bytes, words: str, case, tmp_path: Path) -> None:
    file = tmp_path / "hostile.session.jsonl"
    file.write_bytes(content)
    with pytest.raises(SessionError, match=words):
        resume(file, case)


def test_decisions_that_do_not_fit_are_refused(case, tmp_path: Path) -> None:
    file = tmp_path / "odd.session.jsonl"
    header = json.dumps({**HEADER, "hash": case.hash})
    for line, words in (
        ({"decision": "care", "option": "recover-first"}, "decides 'care' where the case asks 'first-steps'"),
        ({"decision": "first-steps", "option": "<script>alert(1)</script>"}, "has no option"),
    ):
        file.write_text(header + "\n" + json.dumps(line) + "\n", encoding="utf-8")
        with pytest.raises(SessionError, match=words):
            resume(file, case)


def test_a_line_cut_off_by_a_crash_is_left_out(case, plan, tmp_path: Path) -> None:
    file = tmp_path / "cut.session.jsonl"
    session = Session(case, seed=7, plan=plan)
    session.save(file)
    session.choose("preserve-first", because="logs are erased", predict="90 days")
    with file.open("a", encoding="utf-8") as stream:
        stream.write('{"decision": "care", "opt')
    resumed = resume(file, case)
    assert [(e.option, e.because, e.predict) for e in resumed.entries] == [("preserve-first", "logs are erased", "90 days")]
    resumed.choose("recover-first")
    assert len(resume(file, case).entries) == 2
    assert resume.__doc__


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="cannot be read"):
        resume(tmp_path / "nowhere.session.jsonl")
    with pytest.raises(SessionError, match="cannot be written"):
        from sim.training.storage import Header, SessionFile

        SessionFile(tmp_path / "no" / "folder", Header("a", "b", 1)).rewrite([])
