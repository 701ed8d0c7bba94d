"""pm4py, which reads logs as process miners write them, and where it may be used: the extra ``mining``."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator

from sim.extras import lacking
from sim.i18n import say


@contextlib.contextmanager
def pm4py_ready() -> Iterator[None]:
    """Where pm4py may be imported and used: its greeting and its warnings about itself are kept from the reader.

    Raises `UsageError` where it is not installed.
    """
    try:
        quiet = io.StringIO()
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pm4py  # noqa: F401
    except ImportError:
        raise lacking("mining", say("this needs pm4py")) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
