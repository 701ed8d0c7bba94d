"""Two teams, two States, one folder: post, clocks, crashes, hostile files."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from sim.engine.plan import Plan
from sim.errors import SessionError
from sim.model.action import Action
from sim.model.loading import Scenario, copied_data, load, with_data
from sim.training.exchange import MAXIMUM_POST, Exchange, NotSentError, PostError, set_aside
from sim.training.resuming import resume
from sim.training.session import Session
from sim.views.seat.app import Shared, TrainerApp
from tests.seat import pick

LETTER = {
    "id": "registry",
    "to": "tar",
    "measures": ["company-records"],
    "evidence": ["crew-lists"],
    "instrument": "tip-protocol",
    "channel": "diplomatic",
    "language": "fr",
    "items": {"facts": "partial"},
    "urgent": "with reasons",
    "confidential": True,
}


@pytest.fixture(scope="module")
def desk() -> Scenario:
    data = copied_data(load("a-week-on-the-desk"))
    data["case", "a-week-on-the-desk"]["warm up"] = "1 day"
    world = data["world", "meridian"]
    del world["claims"]
    world["demand"] = {"cal-incoming": world["demand"]["cal-incoming"]}
    return with_data(load("a-week-on-the-desk"), data)


@pytest.fixture
def teams(short: Scenario, short_plan: Plan, desk: Scenario, tmp_path: Path) -> tuple[Exchange, Exchange]:
    asking = Session(short, seed=1, plan=short_plan, partner="tar")
    asked = Session(desk, seed=1)
    asking.save(tmp_path / "a.session.jsonl")
    asked.save(tmp_path / "b.session.jsonl")
    post = tmp_path / "post"
    return Exchange(post, "requesting", asking), Exchange(post, "requested", asked)


def act(end: Exchange, action: dict) -> None:
    end.session.act(Action.model_validate(action))
    end.sync()


def go(end: Exchange, days: float) -> None:
    """Let days pass, answering what is asked by default; stops where the other team's clock stops it."""
    until = end.clock + days * 86400
    while end.clock < until and not end.session.ended:
        while end.session.question is not None:
            end.session.choose(end.session.question.decision.default, stay=True)
        try:
            end.wait(days=(until - end.clock) / 86400)
        except SessionError as error:
            assert "the other team is on day" in str(error)
            return


def both(one: Exchange, other: Exchange, days: int) -> None:
    for _ in range(4 * days):
        go(one, 0.25)
        go(other, 0.25)


def test_a_letter_goes_over_is_asked_about_answered_and_carried_out(teams: tuple[Exchange, Exchange]) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    assert asking.session.run.request_state("registry") == "under way"
    both(asking, asked, 2)
    paper = asked.session.run.incoming["team-registry"]
    assert paper.state == "waiting" and paper.record.from_ == "lys" and paper.items["facts"] == "partial"
    act(asked, {"inquire": {"incoming": "team-registry", "first": True}})
    both(asking, asked, 4)
    assert any(m.kind == "question" and m.about == "registry" for m in asking.session.inbox)
    act(asking, {"supplement": {"request": "registry"}})
    both(asking, asked, 2)
    assert paper.state == "answered"
    act(asked, {"grant": {"incoming": "team-registry", "first": True}})
    for _ in range(9):
        both(asking, asked, 1)
        if asked.session.ended:
            break
    item = asking.session.run.evidence["crew-lists"]
    assert asking.session.run.request_state("registry") == "executed"
    assert item.state(asking.session.run.now) == "obtained"


def test_nobody_runs_further_ahead_than_post_takes(teams: tuple[Exchange, Exchange]) -> None:
    asking, _ = teams
    go(asking, 10)
    assert asking.clock in (86400, 86401), "the other team is late: one day, and no further"
    with pytest.raises(SessionError, match="the other team is on day 1"):
        asking.wait(days=1)


def test_a_late_team_finds_its_post(teams: tuple[Exchange, Exchange]) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    go(asking, 10)
    assert "team-registry" not in asked.session.run.incoming
    go(asked, 1.5)
    assert "team-registry" in asked.session.run.incoming


def test_a_crash_loses_nothing_and_nothing_comes_twice(
    teams: tuple[Exchange, Exchange], short: Scenario, desk: Scenario, tmp_path: Path
) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    both(asking, asked, 2)
    act(asked, {"acknowledge": {"incoming": "team-registry"}})
    both(asking, asked, 10)
    assert any(m.kind == "acknowledged" and m.about == "registry" for m in asking.session.inbox)
    states = (asking.session.sha256, asked.session.sha256)
    post = [path.read_bytes() for path in (asking.own, asked.own)]
    again = (
        Exchange(asking.folder, "requesting", resume(tmp_path / "a.session.jsonl", short)),
        Exchange(asking.folder, "requested", resume(tmp_path / "b.session.jsonl", desk)),
    )
    assert (again[0].session.sha256, again[1].session.sha256) == states
    assert again[0].session.inbox == asking.session.inbox
    for end in again:
        assert end.sync() == 0
    assert [path.read_bytes() for path in (asking.own, asked.own)] == post


def test_half_a_line_waits_for_its_other_half(teams: tuple[Exchange, Exchange]) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    whole = asking.own.read_bytes()
    asking.own.write_bytes(whole[:-20])
    go(asked, 1.5)
    assert not asked.session.run.incoming.get("team-registry")
    asking.own.write_bytes(whole)
    go(asked, 1.5)
    assert "team-registry" in asked.session.run.incoming


def test_an_assurance_is_asked_for_and_given_across_the_tables(teams: tuple[Exchange, Exchange]) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    both(asking, asked, 2)
    act(asked, {"ask assurance": {"incoming": "team-registry", "assurances": ["confidentiality"], "first": True}})
    both(asking, asked, 4)
    wanted = [m for m in asking.session.inbox if m.kind == "assurance-asked"]
    assert len(wanted) == 1 and "confidentiality of what is handed over" in wanted[0].text
    assert "refuse" not in wanted[0].text, "it is a condition of theirs, and no ground of the law"
    act(asking, {"assure": {"request": "registry", "assurances": ["confidentiality"]}})
    both(asking, asked, 6)
    assert asked.session.run.incoming["team-registry"].assured == {"confidentiality"}
    assert any(m.kind == "assurance-received" for m in asked.session.inbox)
    assert asking.session.run.requests["registry"].awaited == []


# Crashes


@pytest.mark.parametrize("kept", [-20, -1, 5, 0])
def test_half_a_line_of_ones_own_is_written_over(
    teams: tuple[Exchange, Exchange], short: Scenario, tmp_path: Path, kept: int
) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    whole = asking.own.read_bytes()
    asking.own.write_bytes(whole[:kept])  # the machine went off in the middle of writing
    again = Exchange(asking.folder, "requesting", resume(tmp_path / "a.session.jsonl", short))
    again.sync()
    again.sync()
    assert again.own.read_bytes() == whole
    go(asked, 1.5)  # a late team
    assert "team-registry" in asked.session.run.incoming
    both(again, asked, 2)
    assert again.clock >= 86400 and not again.notes and not asked.notes


def test_a_file_that_is_not_ones_own_is_not_written(teams: tuple[Exchange, Exchange], tmp_path: Path) -> None:
    asking, _ = teams
    asking.folder.mkdir()
    for text in ("precious", "precious\n"):
        (tmp_path / "precious").write_text(text, encoding="utf-8")
        asking.own.unlink(missing_ok=True)
        asking.own.symlink_to(tmp_path / "precious")
        with pytest.raises(PostError, match=r"requesting\.jsonl: this is no post of another team; move it away"):
            asking.sync()
        assert (tmp_path / "precious").read_text(encoding="utf-8") == text


# Hostile files


def posted(end: Exchange, *lines: object, play: str = "abc") -> None:
    """Have the other side's file hold some lines, after a good first one; its clock is far ahead."""
    end.folder.mkdir(exist_ok=True)
    side = "requested" if end.side == "requesting" else "requesting"
    first = {"kind": "mlasim post", "format": 1, "play": play, "side": side, "moment": 0}
    text = [line if isinstance(line, str) else json.dumps(line) for line in (first, *lines, {"moment": 5 * 86400})]
    end.other.write_text("\n".join(text) + "\n", encoding="utf-8")


def piece(number: object = 1, **post: object) -> dict:
    return {"moment": 0, "number": number, "post": post}


def letter(**changes: object) -> dict:
    return piece(event="request", request="registry", **{"from": "lys"}, letter=LETTER | changes)


BAD_LINES = ["my shopping list", "[]", '{"moment": "soon"}', '{"moment": -5}', '{"moment": 1e3}', "[" * 100_000, "\0"]
BAD_NEWS = [
    (piece(event="explode", request="x"), "'explode' is not one of the values allowed"),
    (piece(event="granted", request="../../x"), "is a path"),
    (piece(event="refused", request="registry", detail="a" * 5000), "detail: "),
    (piece(True, event="granted", request="registry"), "it has no number"),
    (piece(-1, event="granted", request="registry"), "number: "),
    (piece(10**30, event="granted", request="registry"), "number: "),
    ({"moment": 0, "number": 1, "post": None}, "it has no number or no content"),
    ({"moment": 0, "number": 1, "post": {"event": "granted", "request": "registry", "number": 2}}, "it has no number"),
    (piece(event="granted", request="nope"), "it is about 'nope', which was never sent to that team"),
    (piece(event="granted", request="elsewhere"), "it is about 'elsewhere', which was never sent to that team"),
    (piece(event="answer", request="registry"), "never came"),
    (piece(event="granted", request="registry", letter=LETTER), "'granted' comes with a letter"),
    (letter(), "there is no desk here"),
]
BAD_LETTERS = [
    (piece(event="request", request="x", **{"from": "lys"}), "a letter is missing"),
    (piece(event="request", request="x", letter=LETTER), "None is no other State of this world"),
    (piece(event="request", request="x", letter=LETTER, **{"from": "zzz"}), "'zzz' is no other State of this world"),
    (piece(event="request", request="x", letter=LETTER, **{"from": "tar"}), "'tar' is no other State of this world"),
    (letter(to="lys"), "it is addressed to 'lys', not to 'tar'"),
    (letter(to="zzz"), "it is addressed to 'zzz'"),
    (letter(instrument="zzz"), "there is no instrument 'zzz'"),
    (letter(channel="zzz"), "there is no channel 'zzz'"),
    (letter(measures=["company-records", "zzz"]), "there is no measure 'zzz'"),
    (letter(measures=["company-records"] * 11), "measures: "),
    (letter(evidence=["x"] * 51), "evidence: "),
    (letter(evidence=["../x"]), "is a path"),
    (letter(language="xx"), "no State here reads 'xx'"),
    (letter(language="français"), "is not a language code"),
]


@pytest.mark.parametrize("line", BAD_LINES)
def test_a_line_that_is_none_is_left_out_and_noted(teams: tuple[Exchange, Exchange], line: str) -> None:
    asking, _ = teams
    posted(asking, line)
    go(asking, 2)
    assert asking.clock >= 2 * 86400 and not asking.session.steps[0].action
    (note,) = asking.notes
    assert "requested.jsonl:2: left out: it is no line of post" in note


@pytest.mark.parametrize(("line", "why"), BAD_NEWS)
def test_news_that_do_not_fit_are_left_out_and_stop_nothing(
    teams: tuple[Exchange, Exchange], short: Scenario, tmp_path: Path, line: dict, why: str
) -> None:
    asking, _ = teams
    posted(asking, line, piece(7, event="acknowledged", request="registry"))
    act(asking, {"send": LETTER})
    act(asking, {"send": {**LETTER, "id": "elsewhere", "to": "cal", "language": "en"}})
    go(asking, 2)
    assert asking.clock >= 2 * 86400
    assert len(asking.notes) == 1 and "requested.jsonl:2: a piece of post was left out: " in asking.notes[0]
    assert why in asking.notes[0] and "Input should" not in asking.notes[0]
    assert any(m.kind == "acknowledged" and m.about == "registry" for m in asking.session.inbox), "what follows counts"
    assert resume(tmp_path / "a.session.jsonl", short).sha256 == asking.session.sha256


@pytest.mark.parametrize(("line", "why"), BAD_LETTERS)
def test_letters_that_do_not_fit_are_left_out_and_stop_nothing(
    teams: tuple[Exchange, Exchange], desk: Scenario, tmp_path: Path, line: dict, why: str
) -> None:
    _, asked = teams
    posted(asked, line, piece(7, event="request", request="good", letter=LETTER, **{"from": "lys"}))
    go(asked, 2)
    assert len(asked.notes) == 1 and "requesting.jsonl:2: a piece of post was left out: " in asked.notes[0]
    assert why in asked.notes[0]
    assert [id_ for id_ in asked.session.run.incoming if id_.startswith("team-")] == ["team-good"]
    assert resume(tmp_path / "b.session.jsonl", desk).sha256 == asked.session.sha256


def test_one_number_or_one_letter_counts_once(teams: tuple[Exchange, Exchange]) -> None:
    _, asked = teams
    twice = piece(event="request", request="other", letter=LETTER, **{"from": "lys"})
    posted(asked, letter(), twice, {**letter(), "number": 2})
    go(asked, 2)
    assert [id_ for id_ in asked.session.run.incoming if id_.startswith("team-")] == ["team-registry"]
    assert "a letter 'registry' has come already" in asked.notes[0]


def test_a_flood_of_post_is_stopped(teams: tuple[Exchange, Exchange], short: Scenario, tmp_path: Path) -> None:
    asking, _ = teams
    act(asking, {"send": LETTER})
    posted(asking, *[piece(n, event="acknowledged", request="registry") for n in range(1, 1200)])
    go(asking, 2)
    assert asking.clock >= 2 * 86400
    taken = [entry for entry in asking.session.steps if entry.action is not None and "receive" in entry.action]
    assert len(taken) == MAXIMUM_POST and "no more than 300 pieces" in asking.notes[0]
    assert resume(tmp_path / "a.session.jsonl", short).sha256 == asking.session.sha256


def test_nothing_is_heard_from_a_team_that_does_not_play(
    short: Scenario, short_plan: Plan, desk: Scenario, tmp_path: Path
) -> None:
    news = Action.model_validate({"receive": {"event": "granted", "request": "x", "number": 1}})
    with pytest.raises(SessionError, match="no other team plays here"):
        Session(short, seed=1, plan=short_plan).act(news)
    alone = Session(desk, seed=1)
    path = alone.save(tmp_path / "alone.jsonl")
    line = {"moment": alone.run.now, "action": {"receive": {**letter()["post"], "number": 1}}}
    path.write_text(path.read_text(encoding="utf-8") + json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(SessionError, match=r"alone\.jsonl:2: no other team plays here"):
        resume(path, desk)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("whose", ["own", "other"])
def test_a_pipe_is_not_waited_for(teams: tuple[Exchange, Exchange], whose: str) -> None:
    asking, _ = teams
    asking.folder.mkdir()
    os.mkfifo(getattr(asking, whose))
    found: list[BaseException] = []

    def sync() -> None:
        try:
            asking.sync()
        except SessionError as error:
            found.append(error)

    thread = threading.Thread(target=sync, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive() and "this is no file; move it away" in str(found[0])


def test_a_file_is_read_anew_only_when_it_has_changed(
    teams: tuple[Exchange, Exchange], monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    asked.sync()
    asked.sync()
    opened: list[Path] = []
    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *a, **k: (opened.append(self), real(self, *a, **k))[1])
    asked.sync()
    assert not opened
    act(asking, {"send": {**LETTER, "id": "more"}})
    opened.clear()
    asked.sync()
    assert opened == [asked.other]


@pytest.mark.parametrize(
    "text", ["my shopping list\n", "[]\n", '{"moment": 0}\n', '{"kind": "mlasim post", "format": 2}\n']
)
def test_junk_says_how_to_go_on_and_can_be_set_aside(teams: tuple[Exchange, Exchange], text: str) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    go(asked, 0.5)
    good = asked.own.read_bytes()
    asked.own.write_text(text, encoding="utf-8")
    for meet in (asking.sync, lambda: asking.wait(days=1), lambda: asked.wait(days=1)):
        with pytest.raises(PostError, match=r"requested\.jsonl: this is .*; move it away and go on"):
            meet()
    act_alone = Action.model_validate({"consult": {"to": "cal"}})
    asking.session.act(act_alone)
    for number in (1, 2):
        aside = set_aside(asking.other)
        assert aside.name == f"requested.aside-{number}.jsonl" and aside.read_text(encoding="utf-8") == text
        asked.own.write_text(text, encoding="utf-8")
    asked.own.unlink()
    asked.sync()
    assert asked.own.read_bytes().splitlines()[0] == good.splitlines()[0]
    both(asking, asked, 2)
    assert "team-registry" in asked.session.run.incoming and asking.clock >= 86400


# Whose post it is


def test_what_the_other_team_knows_is_not_taken_back(teams: tuple[Exchange, Exchange]) -> None:
    asking, asked = teams
    act(asking, {"consult": {"to": "cal"}})
    asking = Exchange(asking.folder, "requesting", asking.session.undo())
    assert not asking.session.steps, "nobody knows of it"
    act(asking, {"send": {**LETTER, "id": "simulated", "to": "cal", "language": "en"}})
    asking = Exchange(asking.folder, "requesting", asking.session.undo())
    asking.session.choose(asking.session.question.decision.default, stay=True)
    asking = Exchange(asking.folder, "requesting", asking.session.undo())
    act(asking, {"send": LETTER})
    with pytest.raises(SessionError, match="the other team has been told of it"):
        asking.session.undo()
    both(asking, asked, 2)
    act(asking, {"consult": {"to": "cal"}})
    with pytest.raises(SessionError, match="the other team has been told of it"):
        asking.session.undo(2)
    with pytest.raises(SessionError, match="the other team has been told of it"):
        asked.session.undo()
    act(asked, {"acknowledge": {"incoming": "team-registry"}})
    with pytest.raises(SessionError, match="the other team has been told of it"):
        asked.session.undo()


def test_two_teams_on_one_side_notice(teams: tuple[Exchange, Exchange], short: Scenario, short_plan: Plan) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    before = asking.own.read_bytes()
    third = Exchange(asking.folder, "requesting", Session(short, seed=1, plan=short_plan, partner="tar"))
    for meet in (third.sync, lambda: third.wait(days=1)):
        with pytest.raises(PostError, match=r"requesting\.jsonl: .* If another team plays this side too, one of you"):
            meet()
    assert asking.own.read_bytes() == before
    both(asking, asked, 2)
    assert "team-registry" in asked.session.run.incoming


def test_a_new_play_takes_no_post_of_the_old_one(
    teams: tuple[Exchange, Exchange], short: Scenario, short_plan: Plan, desk: Scenario
) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    both(asking, asked, 2)
    act(asked, {"acknowledge": {"incoming": "team-registry"}})
    both(asking, asked, 2)
    asking.leave()
    new = Exchange(asking.folder, "requesting", Session(short, seed=1, plan=short_plan, partner="tar"))
    act_ = Action.model_validate({"send": LETTER})
    new.session.act(act_)
    with pytest.raises(PostError, match=r"requested\.jsonl: the other team plays with an earlier play of yours"):
        new.sync()
    with pytest.raises(PostError, match="the other team has begun anew; begin anew here too"):
        asked.sync()
    assert not any(m.kind == "acknowledged" for m in new.session.inbox)
    asked.leave()
    again = Exchange(asked.folder, "requested", Session(desk, seed=1))
    both(new, again, 2)
    assert "team-registry" in again.session.run.incoming and new.clock >= 86400
    again.leave()
    new.leave()
    assert not new.own.exists() and not again.own.exists()


def test_a_team_that_begins_anew_before_any_post_is_met_again(teams: tuple[Exchange, Exchange], desk: Scenario) -> None:
    asking, asked = teams
    both(asking, asked, 1)
    asked.leave()
    again = Exchange(asked.folder, "requested", Session(desk, seed=1))
    with pytest.raises(PostError):
        again.sync()
    asking.sync()
    again.sync()
    act(asking, {"send": LETTER})
    both(asking, again, 3)
    assert "team-registry" in again.session.run.incoming


def test_the_names_of_both_plays_are_kept(teams: tuple[Exchange, Exchange], short: Scenario, tmp_path: Path) -> None:
    asking, asked = teams
    both(asking, asked, 1)
    assert asking.session.exchange != asked.session.exchange
    kept = resume(tmp_path / "a.session.jsonl", short)
    assert (kept.exchange, kept.peer) == (asking.session.exchange, asked.session.exchange)


def test_a_team_whose_story_is_over_holds_nobody_up(teams: tuple[Exchange, Exchange]) -> None:
    asking, asked = teams
    for _ in range(12):
        both(asking, asked, 1)
    assert asked.session.ended
    reached = asking.clock
    go(asking, 5)
    assert asking.clock >= reached + 5 * 86400


def test_no_more_post_is_sent_than_can_be_read(
    teams: tuple[Exchange, Exchange], monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, _ = teams
    monkeypatch.setattr("sim.training.exchange.MAXIMUM_BYTES", 300)
    asking.session.act(Action.model_validate({"send": LETTER}))
    with pytest.raises(PostError, match="no more than 300 bytes of post"):
        asking.sync()


# At the seat


def seat(scenario: Scenario, tmp_path: Path) -> TrainerApp:
    app = TrainerApp(scenario, seed=1, folder=tmp_path, shared=Shared(tmp_path / "shared", "requesting", "tar"))
    app.pause = 0
    return app


def test_a_folder_that_cannot_be_written_costs_no_step_and_no_file(short: Scenario, tmp_path: Path) -> None:
    (tmp_path / "shared").write_text("no folder", encoding="utf-8")
    app = seat(short, tmp_path)
    app.why.reason.value = "the logs are erased"
    pick(app)
    assert [entry.because for entry in app.session.steps] == ["the logs are erased"]
    assert app.session.file == app.path and len(resume(app.path, short).steps) == 1
    assert app.why.reason.value == "", "the next decision has reasons of its own"
    assert "shared" in app.note and "unsaved" not in app.note
    (tmp_path / "shared").unlink()
    app._wait()
    assert (tmp_path / "shared" / "requesting.jsonl").is_file() and not app.note


def test_a_share_that_fails_while_writing_is_tried_again(
    short: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = seat(short, tmp_path)

    def fails(self: Exchange, lines: list, at: int) -> None:
        raise NotSentError("the share is read-only")

    with monkeypatch.context() as patched:
        patched.setattr(Exchange, "_append", fails)
        while app.session.question is not None:
            count = len(app.session.steps)
            pick(app)
            assert len(app.session.steps) == count + 1
        app._wait(days=0.5)
        assert app.session.entries[-1].kind == "time" and "read-only" in app.note
    assert app.session.file == app.path
    app._guarded(app._look_for_post)
    assert (tmp_path / "shared" / "requesting.jsonl").is_file()


def test_bad_post_is_shown_at_the_seat(short: Scenario, tmp_path: Path) -> None:
    app = seat(short, tmp_path)
    pick(app)
    posted(app._exchange(), piece(event="granted", request="nope"))
    notes = []
    for _ in range(12):
        pick(app) if app.session.question is not None else app._wait(days=1)
        notes.append(app.note)
    assert sum("a piece of post was left out" in note for note in notes) == 1
    assert app._exchange().clock > 2 * 86400


@pytest.mark.slow
def test_starting_again_at_the_seat_begins_a_post_of_its_own(short: Scenario, tmp_path: Path) -> None:
    app = seat(short, tmp_path)
    pick(app)
    first = app.session.exchange
    app._guarded(app._start_again)
    pick(app)
    assert app.session.exchange not in ("", first) and "earlier session is kept" in app.note
    text = (tmp_path / "shared" / "requesting.jsonl").read_text(encoding="utf-8")
    assert app.session.exchange in text and first not in text
    assert first in (tmp_path / "shared" / "requesting.aside-1.jsonl").read_text(encoding="utf-8")


def test_each_side_plays_a_case_that_fits(short: Scenario, short_plan: Plan, desk: Scenario, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="which State the other team plays"):
        Exchange(tmp_path, "requesting", Session(short, seed=1, plan=short_plan))
    with pytest.raises(SessionError, match="has no desk"):
        Exchange(tmp_path, "requested", Session(short, seed=1, plan=short_plan))
