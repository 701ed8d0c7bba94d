"""The notebooks: they run from top to bottom, hold no outputs, and a real click in one of them decides."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

pytestmark = [
    pytest.mark.slow,
    # jupyter_client and nbclient run an event loop of their own, and leave closing it to the interpreter.
    pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed event loop:ResourceWarning"),
]


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with copies of the notebooks, where kernels find this checkout and no settings of anybody."""
    folder = tmp_path / "room"
    folder.mkdir()
    for path in NOTEBOOKS:
        shutil.copy(path, folder)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))))
    # Pipes have names relative to the folder, and the kernel starts in the same one.
    monkeypatch.chdir(folder)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return folder


def client(path: Path) -> NotebookClient:
    """A client whose kernel speaks over pipes, not over the network."""
    pipes = Config({"AsyncKernelManager": {"transport": "ipc"}})
    notebook = nbformat.read(path, as_version=4)
    return NotebookClient(notebook, kernel_name="python3", timeout=300, startup_timeout=30, config=pipes)


def outputs(notebook: Any) -> Iterator[Any]:
    for cell in notebook.cells:
        yield from cell.get("outputs", ())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_runs_from_top_to_bottom(path: Path, room: Path) -> None:
    run = client(room / path.name)
    run.execute()
    for output in outputs(run.nb):
        assert output.output_type != "error"
        assert output.get("name") != "stderr", output.get("text")
    assert any(cell.get("outputs") for cell in run.nb.cells if cell.cell_type == "code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_holds_no_outputs_and_only_links_that_exist(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None
        assert len([line for line in "".join(cell["source"]).splitlines() if line.strip()]) <= 15, "thin cells"
        if cell["cell_type"] == "markdown":
            for target in re.findall(r"\]\(([^)#]+)\)", "".join(cell["source"])):
                assert (path.parent / target).exists(), target
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info", "mlasim"}
    assert notebook["metadata"].get("mlasim", {"app": True}) == {"app": True}


LOOK = nbformat.v4.new_code_cell(
    "def words(w):\n"
    "    name = f' {w.description}={w.model_id} ' if type(w).__name__ == 'Button' else ''\n"
    "    return name + str(getattr(w, 'value', '')) + ''.join(map(words, getattr(w, 'children', ())))\n"
    "seat = globals().get('seat') or _\n"
    "print(words(seat))"
)
"""What the widget shows, with the address of every button."""


def press(run: NotebookClient, button: str) -> None:
    """Messages are answered in order: when the next cell runs, the click has been answered."""
    click = {"comm_id": button, "data": {"method": "custom", "content": {"event": "click"}}}
    run.kc.shell_channel.send(run.kc.session.msg("comm_msg", click))


def test_a_click_on_the_trainees_notebook_decides(room: Path) -> None:
    """The message a browser sends when a button is clicked, and what the kernel makes of it."""

    def models(run: NotebookClient, kind: str) -> dict[str, Any]:
        return {id_: state for id_, state in run.widget_state.items() if state.get("_model_name") == kind}

    def said(run: NotebookClient) -> str:
        return " ".join(str(state.get("value", "")) for state in models(run, "HTMLModel").values())

    run = client(room / "trainee.ipynb")
    with run.setup_kernel():
        for place, cell in enumerate(run.nb.cells):
            run.execute_cell(cell, place)
        buttons = {state["description"]: id_ for id_, state in models(run, "ButtonModel").items()}
        assert "Which case?" in said(run)
        press(run, buttons["Silent harbour"])
        press(run, buttons["Go in"])
        run.execute_cell(LOOK, 0)
        seat = LOOK.outputs[0]["text"]
        assert "The first day" in seat
        without_letter = re.search(r"=(\w+) <div class='mla'><p class='asks'>[^<·]*</p>", seat)
        assert without_letter is not None
        press(run, without_letter[1])
        run.execute_cell(LOOK, 0)
    shown = LOOK.outputs[0]["text"]
    assert "Your move" in shown and "The first day" not in shown
    kept = list(room.glob("*.session.jsonl"))
    assert len(kept) == 1 and len(kept[0].read_text(encoding="utf-8").splitlines()) == 2
