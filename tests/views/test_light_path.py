"""The playing path is light: a whole case is played and debriefed with every heavy library out of reach."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLAY = '''
import sys

HEAVY = ("numpy", "pandas", "matplotlib", "scipy", "jinja2", "rich", "babel", "typer",
         "yaml", "_yaml", "_ruamel_yaml", "ruamel.yaml.clib")


class Blocked:
    """Says no to heavy libraries, before anybody else is asked."""

    def find_spec(self, name, path=None, target=None):
        if any(name == heavy or name.startswith(heavy + ".") for heavy in HEAVY):
            raise ImportError(f"{name} is out of reach here")
        return None


sys.meta_path.insert(0, Blocked())
try:
    import numpy
except ImportError:
    pass
else:
    raise SystemExit("the block does not hold")

from sim.model.loading import load
from sim.views.seat.app import TrainerApp
from sim.views.seat.tabs import TABS
from tests.seat import pick

app = TrainerApp(load("silent-harbour"), seed=7, folder=None)
app.pause = 0
clicks = 0
while not app.session.ended:
    for name in ("requests", "map"):
        app.tabs.selected_index = list(TABS).index(name)
    assert "<svg" in app.timeline.value and "<svg" in app.map.value, "no picture"
    if app.session.question is None:
        app.time.go_on.click()
        continue
    pick(app)
    clicks += 1
    assert clicks < 50, "the case does not end"
assert clicks == len(app.session.steps) > 5
for tab in range(len(app.tabs.children)):
    app.tabs.selected_index = tab
assert app.session.ending is not None
app.debriefing.replay_some(1)
app.debriefing._draw()
app.debriefing.download.click()
assert "text/csv" in app.debriefing.files.value
assert "<svg" in app.debriefing.body.value and "Where the days went" in app.debriefing.body.value
assert app.debriefing.alternatives and any(a.plays for a in app.debriefing.alternatives)
loaded = sorted(name for name in sys.modules if any(name == h or name.startswith(h + ".") for h in HEAVY))
assert not loaded, loaded
print("played", clicks)
'''


@pytest.mark.slow
def test_a_case_is_played_and_debriefed_without_heavy_libraries(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PLAY],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.startswith("played")
