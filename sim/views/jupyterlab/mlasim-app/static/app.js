// The app alone: a notebook whose metadata say `mlasim: {app: true}` is run and fills the page. What JupyterLab has around
// it (menu, file browser, tabs, code) stays out of sight. Any other notebook is shown as usual.
//
// JupyterLab loads this as one of its extensions (a container of webpack's module federation, written by hand: it needs
// nothing of JupyterLab's but the application that `activate` is given, and so no building).
(() => {
  const PATIENCE = 120000; // milliseconds for a notebook and its kernel to come
  const COVER = "mlasim-cover";
  const STYLE = `
    .mlasim-page .Toastify { display: none !important; }
    .${COVER} { position: fixed; inset: 0; z-index: 100000; background: #fff; }
    .mlasim-alone .jp-MarkdownCell, .mlasim-alone .jp-Cell-inputWrapper, .mlasim-alone .jp-InputPlaceholder,
    .mlasim-alone .jp-Notebook-footer, .mlasim-alone .jp-Collapser, .mlasim-alone .jp-OutputPrompt, .mlasim-alone .jp-OutputArea-promptOverlay,
    .mlasim-alone .jp-Toolbar, .mlasim-alone .jp-cell-menu, .mlasim-alone .jp-NotebookPanel-toolbar { display: none !important; }
    .mlasim-alone .jp-Cell, .mlasim-alone .jp-Notebook, .mlasim-alone .jp-WindowedPanel-outer { padding: 0 !important; border: 0 !important; }
    .mlasim-alone .jp-OutputArea-output { padding: 0 !important; }
    .mlasim-alone .jp-Cell { box-shadow: none !important; background: #fff !important; }
  `;

  async function until(ready) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const found = ready();
      if (found) return found;
      if (Date.now() > end) throw new Error("it took too long");
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  // Everything of a row or column of the page but what leads to the notebook.
  function hideAround(widget, shell) {
    for (let inner = widget; inner && inner !== shell; inner = inner.parent) {
      const beside = inner.parent && inner.parent.layout && inner.parent.layout.widgets;
      // A dock of tabs has no such list: it shows one of its widgets at a time by itself.
      if (Array.isArray(beside)) {
        beside.filter(other => other !== inner && !other.isHidden).forEach(other => other.hide());
      }
    }
  }

  // Keys and the menu of the right button belong to the app: in a notebook two presses of D would delete it. JupyterLab
  // looks for its shortcuts from what has the focus upwards, so that is what must say that there are none.
  function leaveKeysTo(node) {
    window.addEventListener("keydown", event => {
      if (node.contains(event.target)) event.target.setAttribute("data-lm-suppress-shortcuts", "true");
    }, true);
    window.addEventListener("contextmenu", event => {
      if (node.contains(event.target)) event.stopImmediatePropagation();
    }, true);
  }

  async function showAlone(app) {
    await app.restored;
    const panel = await until(() => {
      const shown = app.shell.currentWidget;
      return shown && shown.sessionContext && shown.content && shown.context ? shown : null;
    });
    await panel.context.ready;
    await panel.revealed;
    const about = panel.content.model.getMetadata("mlasim");
    if (!about || !about.app) return;
    panel.node.classList.add("mlasim-alone");
    document.body.classList.add("mlasim-page"); // no news of JupyterLab's either
    leaveKeysTo(panel.node);
    panel.content.notebookConfig = { ...panel.content.notebookConfig, windowingMode: "none" };
    app.shell.mode = "single-document";
    app.shell.collapseLeft();
    app.shell.collapseRight();
    panel.toolbar.hide();
    hideAround(panel, app.shell);
    document.title = panel.title.label.replace(/\.ipynb$/, "");
    await panel.sessionContext.ready;
    await until(() => panel.sessionContext.session && panel.sessionContext.session.kernel);
    await panel.sessionContext.session.kernel.info;
    await app.commands.execute("notebook:run-all-cells");
    panel.context.model.dirty = false; // nothing of the notebook's own was changed that leaving would lose
  }

  const plugin = {
    id: "mlasim-app:plugin",
    description: "Shows a notebook that is an app alone.",
    autoStart: true,
    activate: app => {
      const style = document.createElement("style");
      style.textContent = STYLE;
      const cover = document.createElement("div");
      cover.className = COVER;
      document.head.append(style);
      document.body.append(cover);
      // Whatever goes wrong, JupyterLab as it usually looks is there behind it.
      showAlone(app).catch(error => console.warn("the app is not shown alone:", error)).finally(() => cover.remove());
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["mlasim-app"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
