"""Where the work of an experiment is done: here, in processes on this machine, or on a Dask cluster."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

import sim
from sim.errors import UsageError
from sim.extras import lacking
from sim.i18n import say

PATIENCE = "15 s"
"""How long a scheduler is waited for."""


@contextmanager
def executor(processes: int = 1, cluster: str | None = None) -> Iterator[Executor | None]:
    """An executor for an experiment; None for work in this process.

    ``cluster`` is the address of a Dask scheduler (``tcp://host:8786``), whose workers need the same mlasim. Raises
    `UsageError` if it does not answer, has no workers or has other versions, or if the extra ``cluster`` is
    missing.
    """
    if cluster is not None:
        with _dask(cluster) as found:
            yield found
    elif processes == 1:
        yield None
    else:
        pool = ProcessPoolExecutor(processes, initializer=_leave_interrupts)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def interrupts_held() -> Iterator[Callable[[], None]]:
    """Ctrl-C is noted, and raised where the function given back is called, or at the end.

    `KeyboardInterrupt` raised in the middle of `concurrent.futures.wait` can leave a future locked for ever, so that
    the executor never shuts down. Outside of the main thread, and where somebody else answers interrupts, nothing is
    held.
    """
    asked = False

    def note(number: int, frame: object) -> None:
        nonlocal asked
        asked = True

    def stop_if_asked() -> None:
        nonlocal asked
        if asked:
            asked = False
            raise KeyboardInterrupt

    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield stop_if_asked
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield stop_if_asked
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    stop_if_asked()


def _leave_interrupts() -> None:
    # Ctrl-C reaches every process of a terminal; only the first one should answer it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


Untyped = Any
"""Something of Dask's, whose functions have no types."""


@contextmanager
def _dask(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise lacking("cluster", say("a cluster needs Dask")) from None
    try:
        client: Untyped = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]  # see `Untyped`
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(
            say("no Dask scheduler answers at {address!r} — {error}", address=address, error=error)
        ) from None
    with client:
        try:
            versions = set(client.run(_version).values())
        except Exception as error:
            raise UsageError(
                say(
                    "the workers of {address} cannot load mlasim — {name}: {error}",
                    address=address,
                    name=type(error).__name__,
                    error=error,
                )
            ) from None
        if not versions:
            raise UsageError(
                say("the scheduler at {address} has no workers — start dask worker {address}", address=address)
            )
        if versions != {sim.__version__}:
            raise UsageError(
                say(
                    "workers have mlasim {names}, this is {version}",
                    names=", ".join(sorted(versions)),
                    version=sim.__version__,
                )
            )
        # A replication is a pure function of what is handed over, but a result that failed is not to be remembered.
        with client.get_executor(pure=False, retries=1) as found:
            yield found


def _version() -> str:
    return sim.__version__
