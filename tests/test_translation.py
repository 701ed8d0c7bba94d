"""Every sentence that is ours can be translated: read in the invented language, area by area.

An area that is not ready stands in `NOT_READY` with its reason. It must fail as long as it stands there, so that it
cannot be forgotten.
"""

from __future__ import annotations

import io
import platform
import re
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import typer
from rich.console import Console

import sim
from sim import cli, i18n, law
from sim.authoring.check import check
from sim.cli import console
from sim.i18n import Words
from sim.model.actions import SendRequest
from sim.model.authored import authored_texts
from sim.model.case_references import owners_of_actions
from sim.model.drafting import Draft
from sim.model.loading import Library, Scenario, load, shipped_folder
from sim.model.reading import read
from sim.model.validation import KINDS
from sim.policy.experiments.comparison import Comparison, compared
from sim.policy.experiments.experiment import Experiment, run_experiment
from sim.policy.experiments.provenance import inputs_of
from sim.training.debrief import debrief
from sim.training.invented_names import names_of as case_names
from sim.training.lessons import says
from sim.training.letter_contents import LetterContents
from sim.training.players import PLAYERS
from sim.training.scoring import AXES
from sim.training.session import Session
from sim.views.documents import as_html
from sim.views.lab.app import PolicyApp
from sim.views.lab.report import material_of, report
from sim.views.seat.app import TrainerApp, problem_panel
from sim.views.seat.debrief_page import debrief_html
from sim.views.seat.tabs import TABS
from sim.views.terminal import explanation, play, tables
from tests.policy.policy_world import MORE_WORK, WIRE, quick_world
from tests.seat import pick
from tests.untranslated import Finder, all_ids, of_html, of_lines, of_widgets

NOT_READY: dict[str, str] = {}
"""Areas whose words are still English, and who is at them. Empty it: an area here that passes is a failure."""

LIBRARY = [id_ for kind in KINDS for id_ in Library((shipped_folder(),)).ids(kind)]
EXAMPLES = Path(__file__).parent / "model" / "problems"
MACHINERY = (
    platform.system(),
    platform.machine(),
    "CPython",
    "Python",
    "simpy",
    "pydantic",
    "scipy",
    "holidays",
    "SALib",
    "times",
    "plus",
)
Shown = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def invented_language() -> Iterator[None]:
    i18n.use(i18n.LONGER)
    yield
    i18n.use("en")


def areas(*names: str) -> list[object]:
    """Areas as parameters; those not ready are expected to fail, and must."""
    return [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=NOT_READY[name])) if name in NOT_READY else name
        for name in names
    ]


def printed(show: Callable[[Console], object]) -> str:
    """What is shown on a console, lines not broken."""
    target = Console(file=io.StringIO(), width=4000, markup=False)
    show(target)
    assert isinstance(target.file, io.StringIO)
    return target.file.getvalue()


# The trainee's seat

SEAT = ("question", "inbox", "clocks", *TABS.values(), "controls", "debrief in the seat")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    from tests.views.conftest import copy_of_case

    return copy_of_case(tmp_path_factory.mktemp("case"), "warm up: 300 days", "warm up: 7 days")


@pytest.fixture(scope="module")
def seat(case: Scenario) -> dict[str, Shown]:
    """All that a seat shows in a play of first options, by area; every tab and every action opened on the way."""
    i18n.use(i18n.LONGER)
    app = TrainerApp(case, seed=7, folder=None)
    app.pause = 0.0
    shown: dict[str, Shown] = {area: [] for area in SEAT}

    def look(*, deeply: bool) -> None:
        shown["question"] += of_widgets("question", app.question)
        shown["inbox"] += of_widgets("inbox", app.inbox)
        shown["clocks"] += [*of_widgets("clocks", app.clock), *of_widgets("status", app.status)]
        for control in (app.why.view, app.time.view, app.undo, app.again.press, app.again.view):
            shown["controls"] += of_widgets("controls", control)
        shown["controls"] += [("tabs", title) for title in app.tabs.titles]
        for place, tab in enumerate(TABS.values()):
            app.tabs.selected_index = place
            if tab == "Act" and deeply:
                for _label, name in list(app.toolbox.what.options):
                    app.toolbox.what.value = name
                    shown[tab] += of_widgets(f"{tab}, {name}", app.toolbox.view)
            shown[tab] += of_widgets(tab, app.tabs.children[place])

    look(deeply=True)
    while not app.session.ended:
        pick(app)
        look(deeply=False)
        while app.session.question is None and not app.session.ended:
            app.time.go_on.click()
    look(deeply=True)
    shown["debrief in the seat"] += of_widgets("debriefing", app.debriefing.view)
    return shown


@pytest.fixture(scope="module")
def finder(case: Scenario) -> Finder:
    assert case.case is not None
    lowered = {channel.title.lower() for channel in case.channels.values()}  # inside a sentence
    taught = [says(axis) for axis in (*AXES, "preservation")]
    people = case_names(case, 7).values()
    lowered |= {measure.title.lower() for measure in case.measures.values()}
    return Finder(case, names=(*taught, *people, *lowered))


@pytest.mark.slow
@pytest.mark.parametrize("area", areas(*SEAT))
def test_the_seat(area: str, seat: dict[str, Shown], finder: Finder, case: Scenario) -> None:
    assert seat[area], "an area that shows nothing proves nothing"
    shown = without_headings(seat[area], case) if area == "Write a letter" else seat[area]
    assert shown and finder.in_all(shown) == []


def without_headings(shown: Shown, case: Scenario) -> Shown:
    """What is shown without the headings of a letter, which are in the language that the reader picks for it, and
    without the invented name of who signs it."""
    nothing = SendRequest.model_construct(
        id="letter-1", to="nor", measures=(), evidence=(), instrument="", language="", draft=Draft()
    )
    signs = LetterContents(Session(case, seed=7).run, nothing, 7).says("official-name")
    known = {*english_headings(), *signs}
    return [(where, text) for where, text in shown if re.sub(r"^\d+\. ", "", text.strip()) not in known]


def english_headings() -> set[str]:
    labels = read((files("sim.training") / "letter_labels.yaml").read_text(encoding="utf-8"), "letter_labels.yaml").data
    return set(labels["en"].values())  # type: ignore[index] # a file of ours that has them


def ids_of(case: Scenario) -> set[str]:
    """Ids that are no words of any language: files write a hyphen where people write a space."""
    assert case.case is not None
    engines = {f"preserve-{id_}" for id_ in case.case.evidence} | {
        f"ask-{id_}" for id_ in Library((shipped_folder(),)).ids("service")
    }
    stages = {id_ for procedure in case.procedures.values() for id_ in procedure.stages}
    chances = {id_ for procedure in case.procedures.values() for id_ in procedure.chances}
    return {id_ for id_ in {*all_ids(case.case), *engines, *stages, *chances} if "-" in id_}


def with_id(case: Scenario, shown: Shown) -> list[str]:
    """Places where an id of a file is shown: of any kind, or of a letter as a note beside something else."""
    assert case.case is not None
    written = " ".join(text.text for text in authored_texts(case.case))
    ids = {id_ for id_ in ids_of(case) if id_ not in written}
    sent = [action.content for _at, owner in owners_of_actions(case.case) for action in owner.do]
    letters = {what.id for what in sent if isinstance(what, SendRequest)}
    codes = {*case.jurisdictions, *(code for state in case.jurisdictions.values() for code in state.languages)}
    any_id, a_letter = "|".join(sorted(ids | (codes - {"nor"}))), "|".join(letters)  # one State's id is a word
    found = rf"(?<![\w-])(?:{any_id})(?![\w-])|^(?:{a_letter})$|[(·] ?(?:{a_letter})(?!\w)"
    return [f"{where}: {match[0]}" for where, text in shown if (match := re.search(found, text))]


@pytest.mark.slow
@pytest.mark.parametrize("area", SEAT)
def test_no_id_is_shown(area: str, seat: dict[str, Shown], case: Scenario) -> None:
    assert with_id(case, [(area, "Money (logs)"), (area, "terminal-logs: kept"), (area, "the logs are kept")]) != []
    assert with_id(case, seat[area]) == []


# The debrief, the law, problems of files


@pytest.fixture(scope="module")
def played(case: Scenario) -> Session:
    session = Session(case, seed=7)
    while session.question is not None:
        session.choose(next(iter(session.question.options)))
    return session


@pytest.mark.slow
@pytest.mark.parametrize("area", areas("debrief page", "debrief in a terminal", "play in a terminal"))
def test_the_debrief(area: str, played: Session, finder: Finder, case: Scenario) -> None:
    found = debrief(played, replays=1) if area != "play in a terminal" else None
    if area == "debrief page":
        assert found is not None
        shown = list(of_html(area, debrief_html(found, starts=played.run.starts)))
    elif found is not None:
        shown = list(of_lines(area, printed(lambda target: play.show_debrief(found, target))))
    else:
        shown = list(of_lines(area, printed(lambda target: play.show_play(played, target))))
        shown += of_lines(area, printed(lambda target: play.show_intro(played, target)))
    assert shown and finder.in_all(shown) == [] and with_id(case, shown) == []


@pytest.mark.slow
@pytest.mark.parametrize("area", areas("explanation", "why not"))
def test_the_law(area: str) -> None:
    world = load("meridian")
    found: Shown = []
    for measure in ("bank-records", "traffic-data", "video-hearing"):
        facts: law.Facts = {"requesting": "lys", "requested": "nor", "measure": measure}
        if area == "explanation":
            answer = sim.explain(world, **facts)
            text = printed(lambda target, a=answer: explanation.show_explanation(a, target, full=True))  # type: ignore[misc]
        else:
            reason = law.why_not(world, "eio", **facts)
            text = printed(lambda target, r=reason: explanation.show_reason(r, target))  # type: ignore[misc]
        found += of_lines(f"{area}, {measure}", text)
    assert found and Finder(world).in_all(found) == []


def test_problems_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every example of a problem: the message and the hint, without what an author wrote in their places."""
    monkeypatch.chdir(EXAMPLES)
    problems = [problem for example in sorted(EXAMPLES.iterdir()) for problem in check(example).problems]
    assert len(problems) > 50
    shown = [
        (str(problem), str(without_values(said))) for problem in problems for said in (problem.message, problem.hint)
    ]
    assert Finder().in_all(shown) == []
    # What stands in their places is an id, a key or a value, not a sentence that had no key; but the YAML parser, and
    # the computer, speak for themselves.
    values = {
        value
        for problem in problems
        if problem.code not in ("Y101", "R308")
        for sentence in (problem.message, problem.hint)
        for part in sentence.walk()
        for name, value in part.values.items()
        if isinstance(value, str) and name not in ("names", "value")
    }
    assert {value for value in values if value.count(" ") > 2} == set()


def without_values(said: Words) -> Words:
    """A sentence with nothing in its places but other sentences."""
    values = {name: without_values(v) if isinstance(v, Words) else "§" for name, v in said.values.items()}
    return Words(said.key, values, said.other, said.count)


# Policy


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    world = quick_world(tmp_path_factory.mktemp("world"))
    return compared(run_experiment(Experiment.of(world, [WIRE, MORE_WORK], years=0.5, seed=3), 4))


@pytest.mark.slow
@pytest.mark.parametrize("area", areas("comparison in a terminal", "report"))
def test_a_comparison(area: str, comparison: Comparison) -> None:
    world = comparison.results.experiment.world
    # Values stand as the world's file writes them, so does the end of its procedure (``done``); programs and machines
    # have their own names.
    values = [value for one in inputs_of(world) for value in (one.value, one.figure, one.place)]
    finder = Finder(world, WIRE, MORE_WORK, names=(*values, *world.world.priorities, *MACHINERY, "done"))
    if area == "comparison in a terminal":
        shown = list(of_lines(area, printed(lambda target: tables.show_comparison(comparison, target))))
    else:
        shown = list(of_html(area, as_html(report(material_of(comparison)))))
    assert shown and finder.in_all(shown) == []


@pytest.mark.slow
def test_the_policy_lab(comparison: Comparison) -> None:
    lab = PolicyApp(comparison.results.experiment.world, pairs=2, years=0.5)
    try:
        assert Finder(comparison.results.experiment.world).in_all(of_widgets("lab", lab.view)) == []
    finally:
        lab.runs.close()


# The command

COMMANDS: dict[str, tuple[str, ...]] = {
    "list": ("list",),
    "list levers": ("list", "levers"),
    "list nothing": ("list", "leevers"),
    "check": ("check", "silent-harbour"),
    "check a wrong file": ("check", str(EXAMPLES / "f205.yaml")),
    "check what is not there": ("check", "nowhere"),
    "library": ("library",),
    "explain": ("explain", "queue-mm1", "--from", "lys", "--to", "lys", "--measure", "bank-records"),
    "run": ("run", "queue-mm1", "--years", "0.05", "--warm-up", "0.01"),
    "design": ("design", "meridian", "--factor", "triage", "--factor", "e-transmission", "--plan"),
    "a wrong option": ("compare", "meridian", "--lever", "triage", "--warm-up", "soon"),
    "no such world": ("run", "no-such-world"),
    "no such player": ("play", "silent-harbour", "--player", "nobody"),
}


@pytest.mark.slow
@pytest.mark.parametrize("area", areas(*COMMANDS))
def test_the_command(
    area: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = spoken(monkeypatch, capfd, tmp_path, "--language", i18n.LONGER, *COMMANDS[area])
    assert said.strip() and Finder(load("meridian"), names=(*PLAYERS, *LIBRARY)).in_all(of_lines(area, said)) == []


def test_the_help_of_every_command(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    command = typer.main.get_command(console.app)
    cli.translate_help(command)
    commands = {"mlasim": command, **getattr(command, "commands", {})}
    assert len(commands) > 13
    helps = {name: [one.help, *(getattr(p, "help", None) for p in one.params)] for name, one in commands.items()}
    own = "Show this message and exit."  # the parser's own
    left = [
        (name, said)
        for name, all_said in helps.items()
        for said in all_said
        if said and said != own and "lang" not in said
    ]
    assert left == []
    monkeypatch.setenv(cli.LANGUAGE, i18n.LONGER)
    assert "[Cömpärë" in spoken(monkeypatch, capfd, tmp_path, "compare", "--help")


def spoken(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> str:
    """What the command says on both channels."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["mlasim", *arguments])
    monkeypatch.setattr(console, "out", Console(width=4000, markup=False))
    monkeypatch.setattr(console, "err", Console(stderr=True, highlight=False, width=4000, markup=False))
    with pytest.raises(SystemExit):
        cli.main()
    captured = capfd.readouterr()
    return captured.out + captured.err


# The finder itself


@pytest.mark.slow
def test_one_label_is_found_among_many(finder: Finder) -> None:
    shown = f"<p>{i18n._('Case file')}</p><p><b>Case file</b> {i18n._('Map')}</p><code>Case file</code>"
    (found,) = finder.in_all(of_html("page", shown))
    assert found.startswith("page: …Case")


@pytest.mark.slow
def test_what_authors_wrote_is_not_ours(case: Scenario, finder: Finder) -> None:
    assert case.case is not None
    assert finder.in_text(case.case.story) == [] and finder.in_text(case.title) == []
    assert finder.in_text(f"{case.title} was played") != []


def test_a_problem_that_stops_the_seat_is_said_in_the_language_in_use() -> None:
    from sim.errors import ScenarioError

    with pytest.raises(ScenarioError) as error:
        load(EXAMPLES / "f205.yaml")
    assert Finder().in_all(of_widgets("panel", problem_panel(error.value))) == []
