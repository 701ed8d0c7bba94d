"""What the pages have in common: templates, and what these may call."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sim.i18n import _, language, many, right_to_left
from sim.written import clean

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


def page(name: str, **values: object) -> str:
    """A page from its template, in the language in use, without characters that are no text."""
    direction = "rtl" if right_to_left() else "ltr"
    return clean(_template(name).render(language=language(), direction=direction, **values))


@lru_cache(maxsize=8)
def _template(name: str) -> Template:
    """A page's template, by its name without the ending. It may call ``words``, ``many``, ``marked_up``, ``plain``."""
    from jinja2 import Environment

    environment = Environment(autoescape=True)
    environment.globals |= {"words": _, "many": many, "marked_up": marked_up, "plain": plain}
    text = (files("sim.views") / f"{name}.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(text)


def marked_up(message: str, **values: object) -> Markup:
    """A sentence in the language in use, with what stands in its places as code to be copied, unless it is `plain`."""
    from markupsafe import Markup, escape

    def shown(value: object) -> Markup:
        return value if isinstance(value, Markup) else Markup("<code>{}</code>").format(value)

    return Markup(escape(_(message))).format(**{name: shown(value) for name, value in values.items()})


def plain(value: object) -> Markup:
    """A value that is no code."""
    from markupsafe import escape

    return escape(value)
