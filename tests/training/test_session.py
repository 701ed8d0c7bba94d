"""A session is its decisions: replayed, resumed, undone and forked it is the same play."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.case.run import CaseRun
from sim.engine.plan import Plan
from sim.errors import LawError, SessionError
from sim.model.action import Action
from sim.model.actions import Consult
from sim.model.loading import Scenario
from sim.training import storage
from sim.training.line_reading import MAXIMUM_TEXT
from sim.training.players import Scripted, finish
from sim.training.resuming import resume
from sim.training.session import Session
from sim.training.storage import MAXIMUM_BYTES, NotWrittenError, OpenElsewhereError, read_session
from sim.views.seat.app import TrainerApp
from tests.seat import pick

Player = Callable[..., Session]
ROOT = Path(__file__).parent.parent.parent

PLAYER = """
import sys, time, sim
session = sim.play("silent-harbour", seed=7)
session.save(sys.argv[1])
for _ in range(4):
    session.choose(session.question.decision.default, because="Überlegung")
    print("chosen", flush=True)
time.sleep(60)
"""

ACT = Action.model_validate({"consult": {"to": "cal"}})
LETTER = {
    "id": "registry",
    "to": "tar",
    "measures": ["company-records"],
    "instrument": "tip-protocol",
    "channel": "diplomatic",
    "language": "fr",
}


@pytest.fixture
def begun(short: Scenario, short_plan: Plan) -> Session:
    return Session(short, seed=7, plan=short_plan)


@pytest.fixture(scope="module")
def two(short: Scenario, short_plan: Plan) -> Session:
    """A play of two decisions; nobody may act on it."""
    session = Session(short, seed=7, plan=short_plan)
    return session.choose("preserve-first", because="the logs are erased").choose("recover-first")


@pytest.fixture(scope="module")
def usual(short: Scenario, short_plan: Plan) -> Session:
    return finish(Session(short, seed=7, plan=short_plan), Scripted({}))


@pytest.fixture
def saved(two: Session, tmp_path: Path) -> Path:
    """A file with two decisions."""
    path = two.save(tmp_path / "s.jsonl")
    two.keeper = None
    return path


@pytest.fixture
def going(short: Scenario, saved: Path) -> Session:
    """The play that goes on in ``saved``."""
    return resume(saved, short)


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# Replays


def test_same_seed_same_hash(short: Scenario, short_plan: Plan, usual: Session) -> None:
    again = finish(Session(short, seed=7, plan=short_plan), Scripted({}))
    assert again.sha256 == usual.sha256
    assert again.inbox == usual.inbox
    assert again.ending == usual.ending


def test_other_seeds_replications_and_choices_have_other_hashes(
    short: Scenario, short_plan: Plan, begun: Session
) -> None:
    begun = begun.choose("preserve-first").choose("recover-first")
    others = [
        Session(short, seed=seed, replication=replication, plan=short_plan)
        .choose("preserve-first")
        .choose("recover-first")
        for seed, replication in ((8, 0), (7, 1))
    ]
    chosen = [Session(short, seed=7, plan=short_plan).choose(option) for option in ("preserve-first", "gather-first")]
    hashes = [session.sha256 for session in (begun, *others, *chosen)]
    assert len(set(hashes)) == len(hashes)


def test_resumed_after_any_decision_it_ends_the_same(usual: Session, tmp_path: Path, short: Scenario) -> None:
    begun = Session(short, seed=7, plan=usual.plan)
    path, copies = begun.save(tmp_path / "s.jsonl"), []
    while begun.question is not None:
        copy = tmp_path / f"{len(copies)}.jsonl"
        copy.write_bytes(path.read_bytes())
        copies.append((copy, begun.sha256))
        begun.choose(begun.question.decision.default)
    assert begun.sha256 == usual.sha256
    for copy, sha256 in copies[3::6]:
        resumed = resume(copy, short)
        assert resumed.sha256 == sha256
        assert finish(resumed, Scripted({})).sha256 == usual.sha256


@pytest.mark.slow
def test_resumed_after_every_decision(usual: Session, tmp_path: Path, short: Scenario) -> None:
    for count in range(len(usual.entries) + 1):
        part = Session(short, seed=7, plan=usual.plan)
        part.replay(usual.entries[:count])
        resumed = resume(part.save(tmp_path / f"{count}.jsonl"), short)
        assert finish(resumed, Scripted({})).sha256 == usual.sha256


@pytest.mark.slow
def test_a_killed_process_loses_nothing(played: Player, tmp_path: Path) -> None:
    path = tmp_path / "killed.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-c", PLAYER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    with process, process.stdout:
        for _ in range(3):
            assert process.stdout.readline() == "chosen\n"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    resumed = resume(path)
    assert 3 <= len(resumed.entries) <= 4
    assert finish(resumed, Scripted({})).sha256 == played().sha256


def test_undo_is_the_play_before(begun: Session) -> None:
    hashes = [begun.sha256]
    for option in ("preserve-first", "recover-first", "full-letter"):
        hashes.append(begun.choose(option).sha256)
    assert begun.undo().sha256 == hashes[2]
    assert begun.undo(3).sha256 == hashes[0]
    for steps in (0, -1, 4):
        with pytest.raises(SessionError, match=f"3 decisions to undo, not {steps}"):
            begun.undo(steps)


def test_undo_rewrites_the_file_and_goes_on_there(going: Session, saved: Path, short: Scenario) -> None:
    earlier = going.undo()
    assert going.file is None
    assert earlier.file == saved
    assert [line["decision"] for line in lines(saved)[1:]] == ["first-steps"]
    earlier.choose("interview-now")
    assert [line["option"] for line in lines(saved)[1:]] == ["preserve-first", "interview-now"]
    assert resume(saved, short).sha256 == earlier.sha256


def test_fork_is_the_play_with_one_decision_otherwise(short: Scenario, short_plan: Plan, begun: Session) -> None:
    begun.choose("preserve-first").choose("recover-first").choose("everything")
    forked = begun.fork("care", "interview-now")
    straight = Session(short, seed=7, plan=short_plan).choose("preserve-first").choose("interview-now")
    assert forked.sha256 == straight.sha256
    assert forked.choices == {"first-steps": "preserve-first", "care": "interview-now"}
    assert len(begun.entries) == 3
    with pytest.raises(SessionError, match="did you mean 'care'"):
        begun.fork("cares", "interview-now")
    with pytest.raises(SessionError, match="did you mean 'interview-now'"):
        begun.fork("care", "interview")


# Choosing


def test_a_mistyped_option_is_refused_and_nothing_happens(going: Session, saved: Path) -> None:
    before, sha256 = saved.read_bytes(), going.sha256
    with pytest.raises(SessionError, match=r"'logs-letter' has no option 'ful-letter' — did you mean 'full-letter'\?"):
        going.choose("ful-letter")
    assert (saved.read_bytes(), going.sha256) == (before, sha256)


def test_choosing_after_the_end_is_refused(usual: Session) -> None:
    assert usual.question is None
    with pytest.raises(SessionError, match="the case is over"):
        usual.choose("renew")


def test_a_world_is_not_played() -> None:
    with pytest.raises(SessionError, match="is a world, not a case"):
        Session(sim.load("meridian"))


def test_what_is_seen_before_the_end(begun: Session) -> None:
    assert begun.ending is None
    assert begun.day == 1
    assert begun.now.isoformat().startswith("2027-03-01T09:00")
    assert begun.question is not None
    assert dict(begun.question.options) == begun.case.decisions["first-steps"].options
    assert begun.holds(None)


def test_the_file_grows_at_every_choice(begun: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda number: (synced.append(number), real(number)))
    path = begun.save(tmp_path / "s.jsonl")
    for count, option in enumerate(("preserve-first", "recover-first"), 1):
        synced.clear()
        begun.choose(option, because="weil «es eilt»\nsehr", predict="90 days")
        assert len(synced) == 2, "the content, and the folder's entry for it"
        assert [line["option"] for line in lines(path)[1:]][-1] == option
        assert len(lines(path)) == count + 1
    assert read_session(path)[1] == begun.entries


def test_a_choice_that_could_not_be_read_again_is_not_taken(going: Session, saved: Path) -> None:
    before = saved.read_bytes()
    for words in ("x" * (MAXIMUM_TEXT + 1), "half a pair: \ud800"):
        with pytest.raises(SessionError):
            going.choose("full-letter", because=words)
    assert len(going.entries) == 2 and saved.read_bytes() == before


def test_where_nothing_can_be_written_the_play_goes_on_and_says_so(going: Session, saved: Path) -> None:
    saved.unlink()
    saved.mkdir()
    going.choose("full-letter")
    assert len(going.entries) == 3 and "cannot be written" in str(going.unkept)
    with pytest.raises(NotWrittenError, match="cannot be written"):
        going.save(saved / "no" / "where")
    saved.rmdir()
    assert going.keep() and going.unkept is None
    assert len(read_session(saved)[1]) == 3


# Files from outside


def test_a_session_of_an_edited_scenario_is_refused(saved: Path, case: Scenario) -> None:
    with pytest.raises(SessionError, match=r"has been edited since this session was played \(was [0-9a-f]{12}, is "):
        resume(saved, case)


def test_a_line_cut_off_by_a_crash_is_left_out(saved: Path, two: Session, short: Scenario) -> None:
    whole = saved.read_bytes()
    first_two = whole[: whole.index(b"\n", whole.index(b"\n") + 1) + 1]
    for cut in ("{", '{"decision": "care", "opt', '{"decision": "care", "because": "ü'):
        saved.write_bytes(first_two + cut.encode()[: -1 if cut.endswith("ü") else None])
        resumed = resume(saved, short)
        assert [entry.decision for entry in resumed.entries] == ["first-steps"]
        assert resumed.choose("recover-first").sha256 == two.sha256
        assert len(read_session(saved)[1]) == 2


def test_a_file_without_its_last_line_break_can_be_gone_on_with(saved: Path, two: Session, short: Scenario) -> None:
    saved.write_bytes(saved.read_bytes().rstrip(b"\n"))
    resumed = resume(saved, short)
    assert resumed.sha256 == two.sha256
    resumed.choose("full-letter")
    assert len(lines(saved)) == 4


def changed(path: Path, line: int, **values: object) -> bytes:
    found = lines(path)
    found[line].update(values)
    return "".join(json.dumps(data) + "\n" for data in found).encode()


DEEP = b'{"kind": "mlasim session", "format": ' + b"[" * 50_000 + b"]" * 50_000 + b"}\n"
NESTED = b'{"kind": "mlasim session", "format": ' + b"[" * 900 + b"]" * 900 + b"}\n"
HOSTILE = {
    "empty": b"",
    "only space": b"\n \n",
    "huge": b" " * (MAXIMUM_BYTES + 1),
    "deep": DEEP,
    "nested": NESTED,
    "binary": bytes(range(256)) * 20,
    "zeros": b"\0" * 4096,
    "utf-16": '{"kind": "mlasim session"}\n'.encode("utf-16"),
    "html": b"<script>alert(1)</script>\n",
    "a list": b"[1, 2]\n",
    "text": b'"mlasim session"\n',
    "another kind": b'{"kind": "decisions"}\n',
    "no header": b'{"decision": "care", "option": "recover-first"}\n',
    "header alone, cut": b'{"kind": "mlasim session", "for',
    "header incomplete": b'{"kind": "mlasim session", "format": 1}\n',
    "long number": b'{"kind": "mlasim session", "format": 1, "seed": ' + b"9" * 5000 + b"}\n",
    "long format": b'{"kind": "mlasim session", "format": ' + b"9" * 4000 + b"}\n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_session_file_is_a_session_error(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(content)
    with pytest.raises(SessionError) as caught:
        resume(path)
    assert len(str(caught.value)) < 1000
    assert str(path) in str(caught.value)


WRONG = [
    (0, {"format": 3}, "format 3 is not known"),
    (0, {"format": "1"}, "format unsaid is not known"),
    (0, {"format": True}, "format must be a number"),
    (0, {"format": 1.0}, "format must be a number"),
    (0, {"seed": "7"}, "seed must be a number"),
    (0, {"seed": None}, "seed must be a number"),
    (0, {"seed": 7.5}, "seed must be a number"),
    (0, {"seed": True}, "seed must be a number"),
    (0, {"seed": -1}, "seed is out of range"),
    (0, {"replication": 10**30}, "replication is out of range"),
    (0, {"hash": "0" * 64, "rules": "0" * 64, "scenario": "silent-harbour"}, "has been edited"),
    (0, {"hash": ["a"]}, "hash must be text"),
    (0, {"more": 1}, "unknown key 'more'"),
    (1, {"__class__": "x"}, "unknown key '__class__'"),
    (1, {"x" * 5000: 1}, "unknown key 'x{40}'"),
    (1, {"decision": "no-such"}, "decides 'no-such' where the case asks 'first-steps'"),
    (1, {"decision": {"a": 1}}, "decision must be text"),
    (1, {"option": "preserve-frist"}, "did you mean 'preserve-first'"),
    (1, {"option": None}, "option must be text"),
    (1, {"because": "x" * (MAXIMUM_TEXT + 1)}, "because is too long"),
    (1, {"because": "\ud800"}, "half a character"),
    (1, {"moment": "soon"}, "moment must be a number"),
    (2, {"decision": "first-steps"}, "decides 'first-steps' where the case asks 'care'"),
]


@pytest.mark.parametrize(("line", "values", "words"), WRONG)
def test_a_wrong_value_is_a_session_error(line: int, values: dict, words: str, saved: Path, short: Scenario) -> None:
    saved.write_bytes(changed(saved, line, **values))
    with pytest.raises(SessionError, match=words):
        resume(saved, short)


@pytest.mark.parametrize("name", ["../../some.yaml", "meridian", "<script>alert(1)</script>" * 100, "a\0b", ""])
def test_only_a_case_of_the_library_is_looked_up(name: str, saved: Path) -> None:
    saved.write_bytes(changed(saved, 0, scenario=name))
    with pytest.raises(SessionError, match="there is no case") as caught:
        resume(saved)
    assert len(str(caught.value)) < 1000


def test_the_line_that_is_wrong_is_named(saved: Path, short: Scenario) -> None:
    saved.write_bytes(saved.read_bytes() + b"\n\nnot json\n")
    with pytest.raises(SessionError, match=r"s\.jsonl:6: not a line of a session file"):
        resume(saved, short)
    saved.write_bytes(saved.read_bytes().replace(b"not json", b'{"option": "a"}'))
    with pytest.raises(SessionError, match=r"s\.jsonl:6: incomplete line decision"):
        resume(saved, short)


def test_more_decisions_than_the_case_has(usual: Session, short: Scenario, saved: Path) -> None:
    entry = saved.read_bytes().splitlines(keepends=True)[-1]
    saved.write_bytes(saved.read_bytes() + entry * 1100)
    with pytest.raises(SessionError, match="more than 1000 steps"):
        resume(saved, short)
    over = Session(short, seed=7, plan=usual.plan)
    with pytest.raises(SessionError, match="the case asks nothing more"):
        over.replay([*usual.entries, usual.entries[-1]])


def test_no_file_a_folder_or_no_path(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path, "a\0b"):
        with pytest.raises(SessionError):
            resume(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SessionError):
        resume(tmp_path / "pipe")


def test_markup_in_reasons_is_kept_as_text(saved: Path, short: Scenario) -> None:
    words = "<img src=x onerror=alert(1)> {0.__class__} %s ${x}"
    saved.write_bytes(changed(saved, 1, because=words, predict=words))
    resumed = resume(saved, short)
    assert resumed.entries[0].because == words
    assert resumed.debrief(replays=0).decisions[0].because == words


# Limits, other windows, time


@pytest.fixture
def free(short: Scenario, short_plan: Plan, tmp_path: Path) -> Session:
    """A play in which nothing waits for an answer, kept in a file."""
    session = Session(short, seed=7, plan=short_plan)
    while session.question is not None:
        session.choose(session.question.decision.default, stay=True)
    session.save(tmp_path / "free.jsonl")
    return session


def test_waiting_often_is_one_step_and_the_same_play(free: Session, short: Scenario) -> None:
    assert free.file is not None
    before, end = len(free.entries), free.run.now + 6000
    once = free._replayed(free.entries)
    with free.file.open("rb") as stream:
        written = len(stream.readlines())
    for _ in range(60):
        free.wait(days=100 / 86400)
    assert free.run.now == end and len(free.entries) == before + 1
    once.wait(days=6000 / 86400)
    free.act(ACT)
    once.act(ACT)
    assert len(lines(free.file)) == written + 2
    assert read_session(free.file)[1] == free.entries == once.entries
    resumed = resume(free.file, short)
    assert (resumed.sha256, resumed.run.now) == (free.sha256, end) == (once.sha256, end)
    earlier = resumed.undo()
    assert earlier.run.now == end and earlier.entries == free.entries[:-1]
    assert resume(free.file, short).run.now == end


@pytest.mark.parametrize("limit", ["MAXIMUM_STEPS", "MAXIMUM_BYTES"])
def test_what_could_not_be_read_back_is_not_written(
    free: Session, short: Scenario, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: str
) -> None:
    assert free.file is not None
    free.wait(days=0.01)
    held = len(free.entries) if limit == "MAXIMUM_STEPS" else free.file.stat().st_size
    monkeypatch.setattr(storage, limit, held)
    before, sha256 = free.file.read_bytes(), free.sha256
    free.act(ACT)
    assert f"no more than {held:,} " in str(free.unkept)
    assert free.file.read_bytes() == before and resume(free.file, short).sha256 == sha256
    with pytest.raises(NotWrittenError, match="no more than"):
        free.save(tmp_path / "more.jsonl")


def test_a_full_file_does_not_stop_a_play_and_is_announced(
    short: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = TrainerApp(short, folder=tmp_path)
    app.pause = 0
    assert "more steps are kept" not in app.status.value
    monkeypatch.setattr("sim.training.session.MAXIMUM_STEPS", 3)
    monkeypatch.setattr(storage, "MAXIMUM_STEPS", 3)
    pick(app)
    assert "2 more steps are kept" in app.status.value
    while len(app.session.entries) < 4:
        while app.session.question is None:
            app._wait()
        pick(app)
    assert "no more than 3 steps" in app.status.value
    assert app.path is not None and len(resume(app.path, short).entries) == 3


def test_two_windows_on_one_seat_do_not_ruin_the_file(going: Session, saved: Path, short: Scenario) -> None:
    other = resume(saved, short)
    other.choose("full-letter")
    before, sha256 = saved.read_bytes(), going.sha256
    for step in (lambda: going.choose("full-letter"), lambda: going.act(ACT), going.undo):
        with pytest.raises(OpenElsewhereError, match="open elsewhere too and went on there: reopen it here"):
            step()
    assert (saved.read_bytes(), going.sha256, len(going.entries)) == (before, sha256, 2), "nothing is lost"
    other.act(ACT)
    assert resume(saved, short).sha256 == other.sha256
    undone = resume(saved, short).undo(2)
    assert undone.sha256 == sha256
    going.choose("full-letter")  # the file is again as it was left here
    with pytest.raises(OpenElsewhereError):
        undone.choose("full-letter")


def test_a_second_window_keeps_what_was_typed_and_says_why(short: Scenario, tmp_path: Path) -> None:
    one, other = TrainerApp(short, folder=tmp_path), TrainerApp(short, folder=tmp_path)
    one.pause = other.pause = 0
    pick(one, "preserve-first")
    other.why.reason.value = "my reason"
    pick(other, "preserve-first")
    assert not other.session.steps and "reopen it here" in other.note and other.why.reason.value == "my reason"
    assert len(TrainerApp(short, folder=tmp_path).session.steps) == 1


def test_a_file_that_is_gone_is_written_whole_again(going: Session, saved: Path, short: Scenario) -> None:
    saved.unlink()
    going.choose("full-letter")
    assert resume(saved, short).sha256 == going.sha256


def test_a_mark_of_byte_order_is_no_part_of_a_session(saved: Path, two: Session, short: Scenario) -> None:
    saved.write_bytes(b"\xef\xbb\xbf" + saved.read_bytes().replace(b"\n", b"\r\n"))
    resumed = resume(saved, short)
    assert resumed.sha256 == two.sha256
    resumed.choose("full-letter")
    assert len(resume(saved, short).entries) == 3


BAD_ACTS = [
    ({}, "an action is one thing; this one is 0"),
    ({"send": []}, "send: needs a mapping"),
    ({"consult": {"to": "cal", "x": 1}}, "unknown key 'x'"),
    ({"consult": {}}, "the key 'to' is missing"),
    ({"protect": {"person": "witness", "by": ["magic"]}}, "'magic' is not one of the values allowed"),
    ({"preserve": {"evidence": "../../x", "channel": "contact-24-7"}}, "is a path"),
    ({"send": LETTER | {"measures": ["company-records"] * 11}}, "measures: .* at most 10 items"),
    ({"send": LETTER | {"evidence": ["crew-lists"] * 51}}, "evidence: .* at most 50 items"),
    ({"consult": {"to": "zzz"}}, "there is no State 'zzz'"),
]


@pytest.mark.parametrize(("action", "words"), BAD_ACTS)
def test_an_act_that_is_none_is_named_by_its_line_in_plain_words(
    saved: Path, two: Session, short: Scenario, action: dict, words: str
) -> None:
    line = json.dumps({"moment": two.run.now, "action": action})
    saved.write_bytes(saved.read_bytes() + line.encode() + b"\n")
    with pytest.raises(SessionError, match=rf"s\.jsonl:4: .*{words}") as caught:
        resume(saved, short)
    for jargon in ("Input should", "tuple", "Field required", "pydantic", "Extra inputs"):
        assert jargon not in str(caught.value)


@pytest.mark.parametrize("error", [KeyError("zzz"), TypeError("x"), ValueError("x"), LawError("no such State")])
def test_whatever_goes_wrong_in_a_step_of_a_file_is_a_session_error_with_its_line(
    saved: Path, two: Session, short: Scenario, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    two_lines = saved.read_bytes()
    saved.write_bytes(two_lines + json.dumps({"moment": two.run.now, "action": {"consult": {"to": "cal"}}}).encode())

    def fails(run: object, action: Action) -> None:
        if isinstance(action.content, Consult):
            raise error

    monkeypatch.setattr(CaseRun, "perform", fails)
    with pytest.raises(SessionError, match=r"s\.jsonl:4: "):
        resume(saved, short)


def test_what_is_taken_back_goes_on_from_a_copy_and_is_the_same_play(short: Scenario, short_plan: Plan) -> None:
    def played(remembering: bool) -> list[str]:
        session = Session(short, seed=7, plan=short_plan)
        if remembering:
            session.remember()
        session.choose("preserve-first", stay=True).act(ACT)
        hashes = [session.sha256]
        session.wait()
        while session.question is None:
            session.wait()
        session.choose(session.question.decision.default)
        hashes.append(session.sha256)
        session = session.undo()
        hashes.append(session.sha256)
        session = session.undo(2)
        hashes.append(session.sha256)
        finish(session, Scripted({}))
        return [*hashes, session.sha256, session.again().sha256]

    assert played(True) == played(False)


def test_a_play_begun_again_is_one_of_its_own(
    short: Scenario, short_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Session(short, seed=7, plan=short_plan).remember()
    first.choose("preserve-first")
    starts = []
    monkeypatch.setattr(CaseRun, "__init__", lambda self, *args, **how: starts.append(how))
    again = first.again().again()
    assert starts == [], "the years before the story are not played again, however often it is begun"
    assert not again.entries and first.entries and again.provenance.play != first.provenance.play
    assert again.run is not first.run and again.question.id == "first-steps"
