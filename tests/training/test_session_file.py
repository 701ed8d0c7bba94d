"""A session's file: what fails leaves nothing, what cannot be written is written later, what was changed is said."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.case.run import CaseRun
from sim.engine.plan import Plan
from sim.errors import SessionError
from sim.model.action import Action
from sim.model.actions import Consult
from sim.model.events import Consulted
from sim.model.loading import Scenario
from sim.training import storage
from sim.training.action_rules import action_of
from sim.training.resuming import resume
from sim.training.session import Session
from sim.training.storage import EditedSinceError, OpenElsewhereError, read_kept, read_session
from sim.views.seat.app import TrainerApp
from tests.seat import pick
from tests.training.random_play import play_at_random

ACT = Action.model_validate({"consult": {"to": "cal"}})
ROOT = Path(__file__).parents[2]
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def going(short: Scenario, short_plan: Plan, tmp_path: Path) -> Session:
    """A play of two decisions, kept in a file."""
    session = Session(short, seed=7, plan=short_plan)
    session.save(tmp_path / "s.session.jsonl")
    return session.choose("preserve-first", because="the logs are erased").choose("recover-first")


def path_of(session: Session) -> Path:
    assert session.file is not None
    return session.file


# A step that fails leaves nothing


@pytest.mark.parametrize("error", [KeyError("zzz"), AttributeError("x"), sim.errors.SimulationError("no office")])
def test_a_step_that_fails_is_taken_back_and_said_in_words(
    going: Session, short: Scenario, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(run: CaseRun, action: Action) -> None:
        if isinstance(action.content, Consult):
            run.tell(Consulted(run.now, "cal"))  # half of it has been done
            raise error
        real(run, action)

    before, sha256, inbox = path_of(going).read_bytes(), going.sha256, list(going.inbox)
    real = CaseRun.perform
    with monkeypatch.context() as patched:
        patched.setattr(CaseRun, "perform", fails)
        with pytest.raises(SessionError, match="it has not been done"):
            going.act(ACT)
    assert (going.sha256, going.inbox, path_of(going).read_bytes()) == (sha256, inbox, before)
    going.act(ACT)
    assert resume(path_of(going), short).sha256 == going.sha256


def test_time_that_fails_to_pass_leaves_the_play_where_it_was(going: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    while going.question is not None:
        going.choose(going.question.decision.default, stay=True)
    now, sha256, entries = going.run.now, going.sha256, list(going.entries)

    def fails(run: CaseRun, until: int | None = None) -> None:
        if run.now >= now + 3600:
            raise sim.errors.SimulationError("no office")
        real(run, min(now + 3600, run.end if until is None else until))

    real = CaseRun.advance
    with monkeypatch.context() as patched:
        patched.setattr(CaseRun, "advance", fails)
        with pytest.raises(SessionError):
            going.wait(days=1)
    assert (going.run.now, going.sha256, going.entries) == (now, sha256, entries)


def test_a_letter_that_nobody_here_could_write_is_refused_in_a_trainees_words(tmp_path: Path) -> None:
    session = sim.play("a-week-on-the-desk", seed=7)
    path = session.save(tmp_path / "desk.session.jsonl")
    letter = {"id": "x", "to": "lys", "measures": ["bank-records"], "instrument": "tip-protocol"}
    with pytest.raises(SessionError, match=r"nobody in Tarsene translates into English in this case; .* in Arabic"):
        session.act(action_of({"send": {**letter, "channel": "diplomatic", "language": "en"}}))
    assert not read_session(path)[1]
    session.act(action_of({"send": {**letter, "channel": "diplomatic", "language": "ar"}}))
    assert resume(path).sha256 == session.sha256


@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(path.stem for path in (ROOT / "scenarios/cases").glob("*.yaml")))
def test_two_thousand_acts_at_random_and_every_session_resumes(case: str, tmp_path: Path) -> None:
    """Acts are put together from everything that a case knows and some that it does not, letters among them."""
    scenario, tried, done = sim.load(case), 0, 0
    plan = sim.play(case).plan
    for seed in range(10):
        session = Session(scenario, seed=seed, plan=plan)
        counts = play_at_random(session, random.Random(seed), 200)
        tried, done = tried + counts.tried, done + counts.done
        path = session.save(tmp_path / f"{seed}.session.jsonl")
        resumed = resume(path, scenario)
        assert (resumed.sha256, resumed.run.now) == (session.sha256, session.run.now), path
        assert resumed.entries == session.entries
    assert tried == 2000 and done > 200


# A failed write is tried again


class Faults:
    """Makes the ``at``-th call of the file system fail, and ``lasting`` all that follow."""

    NAMES = ("open", "write", "flush", "fsync", "replace")

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str, at: int, lasting: bool = False):
        self.count, self.at, self.lasting = 0, at, lasting
        self.raised = 0
        if name in ("fsync", "replace"):
            monkeypatch.setattr(os, name, self._failing(getattr(os, name)))
        else:
            real = Path.open

            def opened(path: Path, *args: Any, **more: Any) -> Any:
                if name == "open" and path.name.endswith(".new"):
                    self._count()
                stream = real(path, *args, **more)
                if name != "open" and path.name.endswith(".new"):
                    return Stream(stream, name, self._count)
                return stream

            monkeypatch.setattr(Path, "open", opened)

    def _count(self) -> None:
        self.count += 1
        if self.count == self.at or (self.lasting and self.count > self.at):
            self.raised += 1
            raise OSError(28, "No space left on device")

    def _failing(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def failing(*args: Any) -> Any:
            self._count()
            return real(*args)

        return failing


class Stream:
    """A file opened for writing of which one method fails."""

    def __init__(self, stream: Any, name: str, count: Callable[[], None]):
        self._stream, self._name, self._count = stream, name, count

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    def __getattr__(self, name: str) -> Any:
        if name == self._name:
            try:
                self._count()
            except OSError:
                self._stream.write(b'{"half')
                raise
        return getattr(self._stream, name)


@pytest.mark.parametrize("name", Faults.NAMES)
@pytest.mark.parametrize("at", range(1, 6))
@pytest.mark.parametrize("lasting", [False, True])
def test_whatever_fails_in_writing_everything_is_there_once_it_can_be_written(
    short: Scenario, short_plan: Plan, tmp_path: Path, name: str, at: int, lasting: bool
) -> None:
    session = Session(short, seed=7, plan=short_plan)
    path = tmp_path / "s.session.jsonl"
    with pytest.MonkeyPatch.context() as patched:
        faults = Faults(patched, name, at, lasting)
        session.keep_in(path)
        for option in ("preserve-first", "recover-first", "full-letter"):
            session.choose(option)
            if path.exists():  # whatever is there is whole, and an earlier state of this play
                entries = read_session(path)[1]
                assert entries == session.entries[: len(entries)] and not read_kept(path).remarks
    folder_alone = name == "fsync"  # where it is the folder's own, the content is safe all the same
    assert faults.raised or folder_alone or at > 4
    session.act(ACT)
    assert session.unkept is None
    assert resume(path, short).sha256 == session.sha256
    assert [one.name for one in tmp_path.iterdir()] == [path.name], "no draft is left"


def test_the_seat_says_that_it_is_not_kept_offers_it_and_writes_it_later(short: Scenario, tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    app = TrainerApp(short, folder=tmp_path / "room", seed=7)
    app.pause = 0
    pick(app)
    assert "not being kept" not in app.status.value
    with pytest.MonkeyPatch.context() as patched:
        Faults(patched, "fsync", 1, lasting=True)
        for _ in range(3):
            while app.session.question is None:
                app._wait()
            pick(app)
        assert "No space left on device" in app.status.value and "It is tried again at every step" in app.status.value
        assert "role='alert'" in app.status.value
        assert "download='silent-harbour-7.session.jsonl'" in app.status.value
        assert len(read_session(app.path)[1]) < len(app.session.entries)  # type: ignore[arg-type]
    app.keep_now.click()
    assert "No space left" not in app.status.value
    again = TrainerApp(short, folder=tmp_path / "room", seed=7)
    assert again.session.sha256 == app.session.sha256 and len(again.session.steps) == 4


def test_what_is_offered_for_download_is_the_session(going: Session, short: Scenario, tmp_path: Path) -> None:
    copy = tmp_path / "downloaded.session.jsonl"
    copy.write_bytes(going.content())
    assert copy.read_bytes() == path_of(going).read_bytes()
    assert resume(copy, short).sha256 == going.sha256


def test_a_session_is_not_begun_over_a_file_that_is_there(going: Session, short: Scenario, short_plan: Plan) -> None:
    before = path_of(going).read_bytes()
    with pytest.raises(OpenElsewhereError):
        Session(short, seed=7, plan=short_plan).keep_in(path_of(going))
    assert path_of(going).read_bytes() == before


# Reading changes nothing


def test_a_session_that_is_only_read_stays_as_it_is(going: Session, short: Scenario) -> None:
    path = path_of(going)
    path.write_bytes(path.read_bytes() + b'{"decision": "care", "opt')
    before, moment = path.read_bytes(), path.stat().st_mtime_ns
    resumed = resume(path, short, writing=False)
    assert resumed.file is None
    assert "s.session.jsonl:4: half a line" in str(resumed.remarks[0])
    resumed.act(ACT)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, moment)


# Seals


def edited(path: Path, edit: Callable[[list[dict[str, Any]]], object]) -> list[str]:
    """Remarks on a session's file after an edit of its lines."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    edit(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return [str(remark) for remark in read_kept(path).remarks]


EDITS: dict[str, tuple[Callable[[list[dict[str, Any]]], object], list[str]]] = {
    "another reason": (lambda lines: lines[1].update(because="I knew it"), [":2: this line"]),
    "a reason written afterwards": (lambda lines: lines[2].update(because="of course"), [":3: this line"]),
    "another option": (lambda lines: lines[2].update(option="gather-first"), [":3: this line"]),
    "another prediction": (lambda lines: lines[3].update(days=30), [":4: this line"]),
    "another clock": (lambda lines: lines[1].update(taken=1), [":2: this line"]),
    "a line dropped": (lambda lines: lines.pop(2), [":3: this line", ":1: steps"]),
    "the first step dropped": (lambda lines: lines.pop(1), [":2: this line", ":1: steps"]),
    "the last step dropped": (lambda lines: lines.pop(), [":1: steps that it once had"]),
    "two lines exchanged": (lambda lines: lines.insert(1, lines.pop(2)), [":2: this line", ":3: this", ":4: this"]),
    "a line twice": (lambda lines: lines.insert(2, dict(lines[1])), [":3: this line", ":1: its first line"]),
    "another seed": (lambda lines: lines[0].update(seed=8), [":1: its first line"]),
    "another number of steps": (lambda lines: lines[0].update(steps=9), [":1: steps that it once had"]),
    "another version": (lambda lines: lines[0].update(versions={"mlasim": "9"}), [":1: its first line"]),
    "no seal": (lambda lines: lines[2].pop("seal"), [":3: this line", ":4: this line"]),
    "an older format": (lambda lines: lines[0].update(format=1), [":1: it was written before"]),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_said_with_its_line(going: Session, name: str) -> None:
    going.act(ACT, because="to be sure")
    assert not read_kept(path_of(going)).remarks
    edit, expected = EDITS[name]
    found = edited(path_of(going), edit)
    assert len(found) == len(expected), found
    for remark, words in zip(found, expected, strict=True):
        assert words in remark, found


def test_an_edit_is_still_said_after_the_session_went_on(going: Session, short: Scenario) -> None:
    path = path_of(going)
    edited(path, lambda lines: (lines[1].update(because="I knew it"), lines[0].update(steps=5)))
    resume(path, short).act(ACT)
    again = resume(path, short)
    assert [str(remark).split(": ")[0].rpartition(":")[2] for remark in again.remarks] == ["2", "1"]
    assert again.entries[0].because == "I knew it"
    undone = again.undo(3)
    assert undone.remarks and not any(entry.altered for entry in undone.entries)


def test_layout_and_order_of_keys_are_no_edit(going: Session) -> None:
    path = path_of(going)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    text = "\r\n".join(json.dumps(dict(reversed(line.items())), indent=None) for line in lines) + "\r\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert not read_kept(path).remarks


def test_the_first_line_names_the_versions_and_the_play(going: Session) -> None:
    header = read_session(path_of(going))[0]
    assert header.versions is not None
    assert list(header.versions) == ["mlasim", "Python", "simpy", "holidays", "time zones"]
    assert all(header.versions.values())
    assert len(header.play) == 16 and header.begun > 1_700_000_000


# A case that was edited since


@pytest.fixture
def own_case(tmp_path: Path) -> Iterator[Path]:
    """A case of one's own."""
    text = (ROOT / "scenarios/cases/silent-harbour.yaml").read_text(encoding="utf-8")
    path = tmp_path / "my-case.yaml"
    path.write_text(text.replace("id: silent-harbour", "id: my-case", 1), encoding="utf-8")
    yield path
    shutil.rmtree(tmp_path, ignore_errors=True)


def edit(path: Path, before: str, after: str) -> Scenario:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return sim.load(path)


@pytest.mark.slow
def test_words_of_a_case_can_be_mended_between_two_days(own_case: Path, tmp_path: Path) -> None:
    session = sim.play(own_case, seed=7)
    title = session.case.title
    path = session.save(tmp_path / "s.session.jsonl")
    session.choose("preserve-first")
    mended = edit(own_case, f"title: {title}", f"title: {title.upper()}")
    resumed = resume(path, mended)
    assert resumed.case.title == title.upper() and not resumed.remarks
    assert resumed.sha256 == session.sha256
    resumed.choose("recover-first")
    assert len(resume(path, mended).entries) == 2


@pytest.mark.slow
def test_a_case_whose_rules_were_changed_can_be_replayed_and_says_where_it_differs(
    own_case: Path, tmp_path: Path
) -> None:
    session = sim.play(own_case, seed=7)
    path = session.save(tmp_path / "s.session.jsonl")
    while len(session.steps) < 6:
        session.choose(session.question.decision.default)
    changed = edit(own_case, "retention: {between: [85 days, 100 days]}", "retention: {between: [3 days, 4 days]}")
    before = path.read_bytes()
    with pytest.raises(EditedSinceError, match="has been edited since"):
        resume(path, changed)
    again = resume(path, changed, edited=True)
    assert again.file is None and path.read_bytes() == before
    assert [str(remark) for remark in again.remarks] == [
        f"{path}: the case was edited since; its steps were taken again in the case as it is now"
    ]
    assert len(again.steps) == 6 and again.choices == session.choices
    later = resume(path, edit(own_case, "when: {after: 11 days}", "when: {after: 14 days}"), edited=True)
    assert "s.session.jsonl:5: from here on the play differs" in str(later.remarks[1]) and len(later.steps) == 6
    other = edit(own_case, "when: {after: 4 days}", "when: {after: 40 days}")
    left = resume(path, other, edited=True)
    assert "s.session.jsonl:4: this step and what follows are left out" in str(left.remarks[-1])
    assert len(left.steps) == 2


@pytest.mark.slow
def test_the_seat_takes_the_steps_again_in_an_edited_case_and_keeps_the_old_file(
    own_case: Path, tmp_path: Path
) -> None:
    (tmp_path / "room").mkdir()
    app = TrainerApp(sim.load(own_case), folder=tmp_path / "room", seed=7)
    app.pause = 0
    pick(app)
    assert app.path is not None
    before = app.path.read_bytes()
    changed = edit(own_case, "retention: {between: [85 days, 100 days]}", "retention: {between: [80 days, 90 days]}")
    again = TrainerApp(changed, folder=tmp_path / "room", seed=7)
    assert len(again.session.steps) == 1 and "has been edited since" in again.note
    kept = [one for one in (tmp_path / "room").iterdir() if one.read_bytes() == before]
    assert len(kept) == 1 and kept[0].name in again.note
    assert resume(again.path, changed).sha256 == again.session.sha256  # type: ignore[arg-type]
    assert storage.read_session(app.path)[0].hash == changed.hash


@pytest.mark.slow
def test_a_debrief_of_a_cut_or_edited_session_says_so_and_changes_nothing(
    own_case: Path, tmp_path: Path, mlasim: Command
) -> None:
    session = sim.play(own_case, seed=7)
    path = session.save(tmp_path / "s.session.jsonl")
    session.choose("preserve-first")
    edit(own_case, "when: {after: 11 days}", "when: {after: 14 days}")
    path.write_bytes(path.read_bytes() + b'{"decision": "ca')
    before = path.read_bytes()
    tmp_path.chmod(0o555)
    try:
        code, out, _ = mlasim("debrief", path, "--replays", "0")
    finally:
        tmp_path.chmod(0o755)
    said = " ".join(out.split())
    assert code == 0 and "s.session.jsonl:3: half a line" in said and "the case was edited since" in said
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 2


@pytest.mark.slow
def test_play_goes_on_in_an_edited_case_when_asked_to(
    own_case: Path, tmp_path: Path, mlasim: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sim.play(own_case, seed=7)
    path = session.save(tmp_path / "s.session.jsonl")
    session.choose("preserve-first")
    edit(own_case, "when: {after: 11 days}", "when: {after: 14 days}")
    before = path.read_bytes()
    code, _, err = mlasim("play", own_case, "--session", path)
    assert code == 2 and "--edited" in err and path.read_bytes() == before
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    code, out, _ = mlasim("play", own_case, "--session", path, "--edited")
    assert code == 0 and "is kept in" in out
    assert before in [one.read_bytes() for one in tmp_path.glob("s.*.session.jsonl")]
    assert len(resume(path, sim.load(own_case)).steps) == 1
