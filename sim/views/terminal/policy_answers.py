"""Answers to questions of policy in a terminal: a study, what a conclusion hangs on, the best mix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.i18n import _, many
from sim.model.measures import measure_of
from sim.policy.answers.sentences import between, number, sentences_of, signed
from sim.policy.experiments.alternatives import BASELINE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.i18n import Words
    from sim.policy.answers.conclusions import Sensitivity
    from sim.policy.answers.study import Study
    from sim.policy.economics.optimisation import Optimum

SHOWN = 10
"""Rows of a long table."""


def show_study(study: Study, console: Console) -> None:
    """The question, the answer in sentences, causes, and what the first figure hangs on."""
    console.print(Text(study.policy.title, style="bold"))
    console.print(Text(" ".join(study.policy.question.split())))
    console.print()
    _items(study.sentences, console)
    for why in study.whys:
        console.print(Text(_("Why: {name}").format(name=why.alternative), style="bold"))
        _items(sentences_of(why), console)
    for sensitivity in study.sensitivity:
        show_sensitivity(sensitivity, console)
    console.print(Text(_("What the answer does not say"), style="bold"))
    _items(study.policy.limits, console)
    console.print(Text(_("To repeat it: {command}").format(command=study.command), style="dim"))


def show_sensitivity(sensitivity: Sensitivity, console: Console) -> None:
    """Sentences first, then the tornado; of a difference it is said whose."""
    head = _("What {figure} hangs on").format(figure=sensitivity.key.subject)
    whose = "" if sensitivity.alternative == BASELINE else f"{sensitivity.alternative}: "
    console.print(Text(whose + head, style="bold"))
    _items(sensitivity.sentences, console)
    table = Table(_("Assumption"), _("lowest"), _("highest"), box=None, padding=(0, 2, 0, 0))
    for swing in sensitivity.tornado.swings[:SHOWN]:
        table.add_row(str(swing.title), signed(swing.ends[0]), signed(swing.ends[1]))
    console.print(table)
    console.print()


def show_optimum(optimum: Optimum, console: Console) -> None:
    """The best, the runner-up, how sure that is, and everything that was tried."""
    best = _("Best within {budget} euro a year: {name} ({figure} {value}, at most {cost} euro a year).")
    console.print(
        Text(
            best.format(
                budget=f"{optimum.budget:,.0f}",
                name=optimum.best.name,
                figure=optimum.key.words,
                value=number(optimum.best.value.mean),
                cost=f"{optimum.best.cost:,.0f}",
            ),
            style="bold",
        )
    )
    unit = measure_of(optimum.key).change_words
    lines = [
        _("Against the world as it is: {change} {unit}, in runs that nothing was chosen by.").format(
            change=between(optimum.against_nothing), unit=unit
        )
    ]
    if not optimum.against_nothing.clear:
        lines.append(_("No mix within this budget is clearly better than the world as it is."))
    for name, cost in optimum.too_dear.items():
        words = _("Not tried, since it may cost {cost} euro a year, more than the budget: {name}.")
        lines.append(words.format(cost=f"{cost:,.0f}", name=name))
    if optimum.runner_up is not None and optimum.margin is not None:
        words = _("Runner-up: {name}; the best less the runner-up: {margin}.")
        lines.append(words.format(name=optimum.runner_up.name, margin=between(optimum.margin)))
        if not optimum.distinguishable:
            lines.append(_("The two cannot be told apart with these runs."))
    if optimum.unpriced:
        words = _("Nobody has put a price on {names}: counted as free, which it is not.")
        lines.append(words.format(names=", ".join(optimum.unpriced)))
    tried = many("{n} mix tried", "{n} mixes tried", len(optimum.tried))
    scope = _("every possible one") if optimum.complete else _("of {size}").format(size=optimum.size)
    lines.append(_("{tried} ({scope}), {runs} runs in all, seed {seed}.").format(
        tried=tried, scope=scope, runs=optimum.runs, seed=optimum.seed
    ))  # fmt: skip
    _items(lines, console)
    searched = _("{figure}, in the search").format(figure=optimum.key.words)
    table = Table(_("Mix"), _("euro a year, at most"), searched, box=None, padding=(0, 2, 0, 0))
    for one in optimum.tried[:SHOWN]:
        table.add_row(one.name, f"{one.cost:,.0f}", number(one.value.mean))
    console.print(table)


def _items(lines: Iterable[str | Words], console: Console) -> None:
    for line in lines:
        console.print(Padding(Text(f"• {' '.join(str(line).split())}"), (0, 0, 0, 2)))
    console.print()
