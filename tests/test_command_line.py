"""The command line as people use it: what it prints, how it ends, and that bad input never shows a traceback."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sim import cli
from sim.model.validation import KINDS
from tests.policy.policy_world import question_of_a_small_world, quick_world

ROOT = Path(__file__).parent.parent


def test_list(mlasim) -> None:
    code, out, _ = mlasim("list")
    assert code == 0
    for name in ("silent-harbour", "meridian", "e-transmission", "untoc", "bank-records", "letter-of-request"):
        assert name in out
    code, out, _ = mlasim("list", "levers")
    assert code == 0 and "translation-pool" in out and "untoc" not in out
    code, _, err = mlasim("list", "leevers")
    assert code == 2 and "did you mean 'levers'?" in err


def test_check(mlasim, tmp_path: Path) -> None:
    code, out, _ = mlasim("check", "silent-harbour", "meridian")
    assert code == 0 and "no problems" in out
    (tmp_path / "broken.yaml").write_text("format: 1\nkind: wrold\nid: broken\n", encoding="utf-8")
    code, out, _ = mlasim("check", "broken.yaml")
    assert code == 1
    assert out.startswith("broken.yaml:2:7: F208") and "did you mean 'world'?" in out
    assert "1 problem" in out


def test_run_ends_in_its_hash(mlasim, tmp_path: Path) -> None:
    code, out, _ = mlasim("run", "queue-mm1", "--years", "0.05", "--seed", "3", "--out", tmp_path / "tables")
    assert code == 0
    assert re.fullmatch(r"sha256: [0-9a-f]{64}", out.strip().splitlines()[-1])
    assert sorted(path.suffix for path in (tmp_path / "tables").iterdir())[0] == ".csv"
    _, again, _ = mlasim("run", "queue-mm1", "--years", "0.05", "--seed", "3")
    assert again.strip().splitlines()[-1] == out.strip().splitlines()[-1]
    _, other, _ = mlasim("run", "queue-mm1", "--years", "0.05", "--seed", "4")
    assert other.strip().splitlines()[-1] != out.strip().splitlines()[-1]


def test_play_by_itself_and_debrief(mlasim, tmp_path: Path) -> None:
    code, out, _ = mlasim(
        "play",
        "silent-harbour",
        "--player",
        "first",
        "--seed",
        "7",
        "--replays",
        "0",
        "--session",
        "mine.session.jsonl",
    )
    assert code == 0
    assert re.fullmatch(r"sha256: [0-9a-f]{64}", out.strip().splitlines()[-1])
    played = out.strip().splitlines()[-1]
    code, out, _ = mlasim("debrief", "mine.session.jsonl", "--replays", "0", "--html", "mine.html")
    assert code == 0 and out.strip().splitlines()[-1] == played
    assert "<svg" in (tmp_path / "mine.html").read_text(encoding="utf-8")


def test_a_debrief_writes_a_record_of_practice_and_a_name_nowhere_else(mlasim, tmp_path: Path) -> None:
    play = ("play", "first-letter", "--player", "textbook", "--replays", "0", "--session", "mine.session.jsonl")
    assert mlasim(*play)[0] == 0
    asked = ("debrief", "mine.session.jsonl", "--replays", "0", "--html", "mine.html", "--name", "Ana Example")
    code, _, err = mlasim(*asked)
    assert code == 2 and "--certificate" in err and not (tmp_path / "mine.html").exists()
    code, out, _ = mlasim(*asked, "--certificate", "record.html")
    assert code == 0 and re.fullmatch(r"sha256: [0-9a-f]{64}", out.strip().splitlines()[-1])
    assert "Ana Example" in (tmp_path / "record.html").read_text(encoding="utf-8")
    assert [one.name for one in tmp_path.iterdir() if b"Ana Example" in one.read_bytes()] == ["record.html"]
    code, _, err = mlasim(*asked, "--certificate", "record.html")
    assert code == 2 and "--force" in err, "nothing is written over"


def test_lab_opens_the_app_alone_and_with_code_the_notebook(
    mlasim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []

    def call(command: list[str]) -> int:
        calls.append(command)
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    for options in ((), ("--code",), ("--notebook", "policymaker")):
        assert mlasim("lab", "--no-browser", "--folder", "here", *options)[0] == 0
    alone, with_code, policy = ({part.partition("=")[0]: part.partition("=")[2] for part in call} for call in calls)
    package = Path(alone["--LabApp.extra_labextensions_path"]) / "mlasim-app" / "package.json"
    loaded = json.loads(package.read_text(encoding="utf-8"))["jupyterlab"]["_build"]["load"]
    assert (package.parent / loaded).is_file()
    assert alone["--LabApp.default_url"] == "/lab/workspaces/mlasim-trainee/tree/trainee.ipynb"
    assert policy["--LabApp.default_url"].endswith("/tree/policymaker.ipynb")
    assert "--LabApp.extra_labextensions_path" not in with_code
    assert with_code["--LabApp.default_url"] == "/lab/tree/trainee.ipynb"
    for name in ("trainee", "policymaker", "start"):
        notebook = json.loads((tmp_path / "here" / f"{name}.ipynb").read_text(encoding="utf-8"))
        assert notebook["metadata"].get("mlasim", {}).get("app", False) == (name != "start")


@pytest.mark.slow
def test_a_debrief_with_replays(mlasim, tmp_path: Path) -> None:
    """Some forty plays: every option once, and the automatic players."""
    play = ("play", "silent-harbour", "--player", "first", "--seed", "7", "--session", "mine.session.jsonl")
    code, out, _ = mlasim(*play, "--replays", "0")
    played = out.strip().splitlines()[-1]
    code, out, _ = mlasim("debrief", "mine.session.jsonl", "--replays", "1", "--processes", "1", "--html", "mine.html")
    assert code == 0 and out.strip().splitlines()[-1] == played
    assert "<svg" in (tmp_path / "mine.html").read_text(encoding="utf-8")


def test_explain(mlasim) -> None:
    code, out, _ = mlasim("explain", "meridian", "--from", "lys", "--to", "nor", "--measure", "bank-records")
    assert code == 0
    assert "EIO art. 7(1)" in out and "Swedish into French" in out
    code, _, err = mlasim("explain", "meridian", "--from", "lys", "--to", "nro", "--measure", "bank-records")
    assert code == 2 and "nor" in err


def test_explain_takes_the_day_and_the_facts(mlasim) -> None:
    route = ("explain", "meridian", "--from", "lys", "--to", "nor", "--measure", "stored-content")
    code, out, _ = mlasim(*route, "--date", "2026-06-01")
    assert code == 0 and "under EIO" in out and "e-Evidence applies from 18 August 2026" in " ".join(out.split())
    code, out, _ = mlasim(*route, "--date", "2026-09-01", "--urgent")
    assert code == 0 and "under e-Evidence" in out and "Execute: 8 hours from receipt" in out
    code, out, _ = mlasim(*route, "--instrument", "eio", "--offence", "money-laundering", "--penalty", "2")
    assert code == 0 and "under EIO" in out and "Must not be refused: fiscal offence" in out
    code, _, err = mlasim(*route, "--date", "soon")
    assert code == 2 and "soon" in err


def test_schema(mlasim, tmp_path: Path) -> None:
    code, out, _ = mlasim("schema", "--kind", "case")
    assert code == 0 and json.loads(out)["$schema"].endswith("2020-12/schema")
    code, _, _ = mlasim("schema", "--out", tmp_path / "schemas")
    assert code == 0 and len(list((tmp_path / "schemas").glob("*.json"))) == len(KINDS)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("run", "meridain"), 2, "did you mean 'meridian'?"),
        (("play", "meridian"), 1, "not a case"),
        (("play", "silent-harbour", "--player", "frist"), 2, "did you mean 'first'?"),
        (("run", "nowhere.yaml"), 2, "no file"),
        (("debrief", "nowhere.jsonl"), 1, "no such file"),
        (("compare", "meridian", "--lever", "e-transmision"), 2, "did you mean 'e-transmission'?"),
        (("compare", "silent-harbour", "--lever", "e-transmission"), 2, "needs a world"),
        (("run", "meridian", "--years", "-1"), 2, "--years"),
        (("nonsense",), 2, "nonsense"),
        (("explain", "meridian", "--from", "lys"), 2, "--to"),
    ],
)
def test_bad_input_ends_in_one_message(mlasim, arguments, code: int, words: str) -> None:
    ended, out, err = mlasim(*arguments)
    assert ended == code
    assert words in out + err
    assert len((out + err).splitlines()) < 24


def test_a_fault_of_the_program_is_said_to_be_one(mlasim, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("sim.load", broken)
    code, _, err = mlasim("run", "meridian")
    assert code == 3 and "a fault in mlasim" in err


def test_module_and_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("mlasim 0.")


def test_library_says_what_it_holds(mlasim) -> None:
    code, out, _ = mlasim("library")
    assert code == 0 and "instrument" in out and "assumption" in out and "from memory" in out
    code, out, _ = mlasim("library", "--coverage")
    assert code == 0 and "54" in out and "missing" not in out and "tested" in out


def test_explain_says_why_not(mlasim) -> None:
    route = ("meridian", "--from", "lys", "--to", "cal", "--measure", "bank-records")
    code, out, _ = mlasim("explain", *route, "--why-not", "eio")
    assert code == 0 and "does not bind" in out
    code, _, err = mlasim("explain", *route, "--why-not", "europol-sienna")
    assert code == 2 and "europol-siena" in err


def test_levers_are_introduced_over_time_and_have_their_price(mlasim, tmp_path: Path) -> None:
    from sim.policy.experiments.experiment import Experiment, run_experiment
    from tests.policy.policy_world import quick_world
    from tests.policy.test_money import PRICES

    quick_world(tmp_path, prices=PRICES)
    world, more = tmp_path / "worlds" / "small.yaml", "world/small/offices/nor-prosecution/staff+1"
    common = ("--years", "0.3", "--seed", "3")
    lasts = {}
    for name, options in {"usual": (), "changed": ("--set", more), "later": ("--set", more, "--roll-out")}.items():
        code, out, err = mlasim("run", world, *common, *options)
        assert code == 0, err
        lasts[name] = out.strip().splitlines()[-1]
    assert len(set(lasts.values())) == 3, "what begins after the warm-up is neither nothing nor everything"
    experiment = Experiment.of(str(world), [more], years=0.3, seed=3, roll_out=True)
    repeated = {one.alternative: one.sha256 for one in run_experiment(experiment, 1).observations}
    assert lasts["later"] == f"sha256: {repeated[more]}", "the command repeats what an experiment observed"
    command = ("compare", world, "--lever", more, "--replications", "2", "--processes", "1", "--roll-out", "--money")
    code, out, err = mlasim(*command, *common)
    assert code == 0, err
    assert "+1 staff, prosecution" in out and "request-days saved a year" in out and "on the frontier" in out


def test_compare_writes_a_report(mlasim, tmp_path: Path) -> None:
    more = ("compare", "queue-mm1", "--lever", "world/queue-mm1/offices/desk/staff+1", "--years", "0.05")
    code, out, err = mlasim(*more, "--report", "answer.pdf", "--replications", "2", "--processes", "1")
    assert code == 2 and ".html or .docx" in err and "sha256" not in out, "said before anything is run"
    code, out, _ = mlasim(*more, "--report", "answer.html", "--replications", "2", "--processes", "1")
    assert code == 0 and "report written to answer.html" in out
    page = (tmp_path / "answer.html").read_text(encoding="utf-8")
    assert "staff+1" in page and "6.1 Sharing statement" in page


@pytest.mark.slow
def test_a_study_is_answered_and_reported(mlasim, tmp_path: Path) -> None:
    question = question_of_a_small_world(tmp_path)
    arguments = ("study", question, "--sensitivity", 2, "--replications", 3, "--processes", 1)
    code, out, _ = mlasim(*arguments, "--out", "kept", "--report", "wire.html")
    assert code == 0 and "A wire — mean duration: better," in out and "What the answer does not say" in out
    assert "A wire: What mean duration hangs on" in out and "A lawyer: What mean duration hangs on" in out
    assert "nothing flips the conclusion" in " ".join(out.split()) and (tmp_path / "wire.html").exists()
    again = mlasim(*arguments, "--out", "kept")[1]
    assert again.splitlines()[-1] == out.splitlines()[-1], "taken up from what the folder keeps"


@pytest.mark.slow
def test_sensitivity_of_a_difference_and_of_a_figure(mlasim, tmp_path: Path) -> None:
    quick_world(tmp_path)
    world = tmp_path / "worlds" / "small.yaml"
    common = ("sensitivity", world, "--years", 0.1, "--replications", 2, "--processes", 1)
    setting = "world/small/offices/nor-central/staff+1"
    code, out, _ = mlasim(*common, "--lever", setting, "--budget", 2_000)
    assert code == 0 and "conclusion" in out and "time on the road" in out and "effect of the lever" not in out
    code, out, _ = mlasim(*common, "--method", "morris", "--figure", "mean days, lys to nor")
    assert code == 0 and "Morris" in out and "flips" not in out
    for wrong, said in (
        (("--by", "stages"), "did you mean 'stage'"),
        (("--method", "fast"), "morris or sobol"),
        (("--budget", 5), "more than the budget of 5"),
        (("--figure", "men days"), "did you mean 'mean days'"),
    ):
        code, _, err = mlasim(*common, *wrong)
        assert code == 2 and said in " ".join(err.split()), wrong


@pytest.mark.slow
def test_figures_of_behaviour_are_listed_and_a_case_hangs_on_them(mlasim) -> None:
    code, out, _ = mlasim("library", "--behaviour")
    words = " ".join(out.split())
    assert code == 0 and "complete contents" in words and "Lausanne Guideline 9" in words and "15 days" in words
    case = ("sensitivity", "four-days", "--replications", 2, "--processes", 1)
    code, out, _ = mlasim(*case, "--only", "behaviour/people/supported", "--only", "behaviour/desk")
    assert code == 0 and "mean score" in out and "not in use here" in out
    for wrong, said in (
        ((*case, "--lever", "triage"), "--lever is about worlds"),
        ((*case, "--years", 2), "--years is about worlds"),
        ((*case, "--only", "behaviour/dsk"), "did you mean"),
        ((*case, "--player", "textbok"), "did you mean 'textbook'"),
        (("sensitivity", "meridian", "--player", "naive"), "--player is about cases"),
    ):
        code, _, err = mlasim(*wrong)
        assert code == 2 and said in " ".join(err.split()), wrong


def test_the_best_mix_within_a_budget(mlasim, tmp_path: Path) -> None:
    quick_world(tmp_path, prices={"staff year": {"all": 50_000}, "origins": {"all": "assumption: a test"}})
    world = tmp_path / "worlds" / "small.yaml"
    common = ("optimise", world, "--years", 0.2, "--replications", 3, "--processes", 1)
    posts = ("--post", "nor-central=2", "--post", "lys-central=1")
    code, out, _ = mlasim(*common, "--budget", 100_000, *posts, "--search-budget", 60)
    assert code == 0 and "Best within 100,000 euro a year: nor-central +" in " ".join(out.split())
    assert "every possible one" in out and "Runner-up" in out
    for wrong, said in (
        (("--post", "nor-central"), "says no number of posts"),
        (("--post", "nor-centrl=1"), "no office 'nor-centrl'"),
        ((), "nothing to choose from"),
    ):
        code, _, err = mlasim(*common, "--budget", 100_000, *wrong)
        assert code == 2 and said in " ".join(err.split()), wrong


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--notebook", "start"), "trainee or policymaker"),
        (("--code", "12-34"), "six digits"),
        (("--code", "letters"), "six digits"),
        (("--code", "123456", "--open"), "not both"),
        (("--ip", "999.1.1.1"), "is no address"),
        (("--ip", "192.0.2.77"), "not an address of this computer"),
        (("--certfile", "a.pem"), "go together"),
        (("--certfile", "file", "--keyfile", "file"), "no certificate and its key"),
        (("--folder", "file/room"), "file/room: cannot be made: file is a file"),
    ],
)
def test_serve_says_what_it_cannot_do(mlasim, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    pytest.importorskip("voila")
    (tmp_path / "file").write_text("no folder, and no certificate", encoding="utf-8")
    code, _, err = mlasim("serve", *options)
    assert code == 2 and said in " ".join(err.split())


def test_serve_says_where_the_room_is_and_what_it_exposes(mlasim, tmp_path: Path, capfd) -> None:
    pytest.importorskip("voila")
    from sim.views.room.server import Doors

    mlasim("--version")
    doors = Doors("48217730", frozenset({"localhost"}), 30)
    cli.serving._invite("http://192.168.7.20:8866/", doors, tmp_path, local=False, seat=True)
    out = capfd.readouterr().out
    assert "http://192.168.7.20:8866/" in out and "code of this room: 4821 7730" in out and "▄▄▄▄▄" in out
    assert [line[:2] for line in out.splitlines() if line[:1].isdigit()] == ["1.", "2.", "3."]
    assert "30 seats" in out and "--tls" in out
    assert (tmp_path / "room-code.png").read_bytes().startswith(b"\x89PNG")
    cli.serving._invite("http://127.0.0.1:8866/", Doors("", frozenset(), 30), tmp_path, local=True, seat=True)
    out = capfd.readouterr().out
    assert "Only this computer" in out and "code of this room" not in out and "▄▄▄▄▄" not in out


def test_a_port_in_use_is_said(mlasim) -> None:
    pytest.importorskip("voila")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = mlasim("serve", "--port", taken.getsockname()[1])
    assert code == 2 and "is in use" in err and "--port" in err


@pytest.mark.parametrize(
    "command",
    [
        ("lab", "--folder", "file"),
        ("schema", "--out", "file"),
        ("schema", "--out", "file/in"),
        ("serve", "--folder", "/proc/room"),
        ("seat-code", "a", "--folder", "file"),
        ("run", "queue-mm1", "--years", "0.01", "--out", "file"),
    ],
)
def test_a_folder_that_cannot_be_written_is_no_fault_of_the_program(
    mlasim, tmp_path: Path, command: tuple[str, ...]
) -> None:
    if command[0] in ("serve", "seat-code"):
        pytest.importorskip("voila")
    if command[-1].startswith("/proc") and not Path("/proc/self").exists():
        pytest.skip("no folder here that nobody may write")
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    code, _, err = mlasim(*command)
    assert code == 2 and "fault in mlasim" not in err and command[-1].split("/")[-1] in err


def test_a_lost_code_is_made_anew(mlasim, tmp_path: Path) -> None:
    pytest.importorskip("voila")
    from sim.views.room import seats

    before = seats.take(tmp_path / "mlasim-room", "Мария", "").code
    code, out, _ = mlasim("seat-code", "Мария")
    after = "".join(filter(str.isdigit, out))
    assert code == 0 and len(after) == 8 and after != before
    assert seats.take(tmp_path / "mlasim-room", "Мария", "", after)
    assert mlasim("seat-code", "nobody")[0] == 2


def test_calibrate_and_event_logs(mlasim, tmp_path: Path) -> None:
    pytest.importorskip("pm4py")
    code, out, _ = mlasim("run", "queue-feedback", "--years", "0.02", "--xes", "run.xes", "--ocel", "run.jsonocel")
    assert code == 0 and "event log written to run.xes" in out and "event log written to run.jsonocel" in out
    assert out.strip().splitlines()[-1].startswith("sha256: ")
    made = ("calibrate", "run.xes", "--out", "worlds/mine.yaml", "--replications", "2")
    code, out, err = mlasim(*made, "--html", "report.html", "--rows", "rows.csv")
    assert code == 0, err
    assert "rows read =" in out and "world written to worlds/mine.yaml" in out
    assert "</html>" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8").startswith("\ufeffrow,case,what,done")
    assert mlasim("check", "worlds/mine.yaml")[0] == 0
    code, _, err = mlasim(*made, "--html", "no/such/folder.html")
    assert code == 2 and "no/such/folder.html: cannot be written" in err
    code, _, err = mlasim("calibrate", "rows.csv", "--out", "mine.yaml", "--case", "case", "--activity", "waht")
    assert code == 2 and "give end, or time" in err
    code, _, err = mlasim(
        "calibrate", "rows.csv", "--out", "m.yaml", "--case", "case", "--activity", "waht", "--end", "row"
    )
    assert code == 2 and "did you mean 'what'?" in err
