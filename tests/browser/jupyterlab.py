"""A notebook in JupyterLab: opened, run, and its kernel stopped."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Lab

_RUN_ALL = """async () => {
  const app = window.jupyterapp;
  await app.restored;
  const panel = app.shell.currentWidget;
  await panel.context.ready; await panel.revealed; await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  await app.commands.execute('notebook:run-all-cells');
  const cells = panel.content.model.sharedModel.cells.filter(c => c.cell_type === 'code');
  return cells.flatMap(c => c.getOutputs().filter(o => o.output_type === 'error').map(o => o.evalue));
}"""
_KILL = "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown(); }"


def run_notebook(page: Any, lab: Lab, notebook: str) -> None:
    """Open a notebook and run every cell once the kernel is really there; no cell may fail."""
    page.goto(lab.address(notebook))
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    assert page.evaluate(_RUN_ALL) == []


def kill_kernel(page: Any) -> None:
    """End the kernel of the notebook that is open."""
    page.evaluate(_KILL)
