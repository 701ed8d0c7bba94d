"""A slider that the browser itself draws: it has a label, a keyboard moves it, and a screen reader says its value. (The
slider of ipywidgets has no name that a screen reader could say.)"""

from __future__ import annotations

import anywidget
import traitlets

_SCRIPT = """
let made = 0;
function render({ model, el }) {
  el.classList.add("mla-slider");
  const label = document.createElement("label");
  const input = document.createElement("input");
  const shown = document.createElement("output");
  input.type = "range";
  input.id = `mla-slider-${++made}-${Date.now()}`;
  label.htmlFor = shown.htmlFor = input.id;
  const say = () => {
    shown.textContent = `${input.value} ${model.get("unit")}`;
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  const draw = () => {
    label.textContent = model.get("description");
    for (const name of ["min", "max", "step"]) input[name] = model.get(name);
    input.value = model.get("value");
    say();
  };
  input.addEventListener("input", say);
  input.addEventListener("change", () => { model.set("value", Number(input.value)); model.save_changes(); });
  model.on("change", draw);
  draw();
  el.append(label, input, shown);
}
export default { render };
"""
_STYLE = """
.mla-slider { display: flex; align-items: center; gap: .6rem; margin: 2px; font-size: 13px; }
.mla-slider input { width: 14rem; max-width: 40vw; accent-color: #1f6feb; }
.mla-slider output { min-width: 4.5rem; font-variant-numeric: tabular-nums; }
"""


class Slider(anywidget.AnyWidget):
    """A whole number between two others, in steps. What a browser sends outside of them becomes the nearest of them."""

    _esm = _SCRIPT
    _css = _STYLE
    description = traitlets.Unicode().tag(sync=True)
    value = traitlets.Int().tag(sync=True)
    min = traitlets.Int(0).tag(sync=True)
    max = traitlets.Int(100).tag(sync=True)
    step = traitlets.Int(1).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)

    @traitlets.validate("value")
    def _within(self, proposal: dict[str, int]) -> int:
        return min(max(proposal["value"], self.min), self.max)
