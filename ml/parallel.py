"""Spread work over many meters on this machine's cores, or by whatever workers a caller has."""

import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from threading import Thread
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd
import psutil

METERS_A_TASK = 100
WORTH_SPREADING = 40_000
"""Fewer device days than this are done before other processes have started."""
LOOK_SECONDS = 1

Result = TypeVar("Result")
Task = tuple[Any, ...]


class Workers(Protocol):
    """Runs tasks: this process, local processes or a cluster."""

    def __call__(
        self, work: Callable[..., Result], tasks: Sequence[Task], /
    ) -> Generator[Result, None, None]:
        """Yield the results of ``work(*task)`` in order; closing it ends the work."""


def sequential(work: Callable[..., Result], tasks: Sequence[Task]) -> Generator[Result, None, None]:
    """Run one task after the other in this process."""
    yield from (work(*task) for task in tasks)


def local_processes(work: Callable[..., Result], tasks: Sequence[Task]) -> Generator[Result, None, None]:
    """Run the tasks in a process for each of this machine's cores."""
    from joblib import Parallel, delayed

    ending = {"initializer": _end_with, "initargs": (os.getpid(),)}
    with _installed_modules_alone():
        yield from Parallel(-1, return_as="generator", **ending)(delayed(work)(*task) for task in tasks)


def split_devices(matrix: pd.DataFrame) -> list[pd.DataFrame]:
    """Split the devices (columns) into groups that make a task each."""
    groups = -(-matrix.shape[1] // METERS_A_TASK)
    return [matrix.iloc[:, columns] for columns in np.array_split(np.arange(matrix.shape[1]), groups)]


def worth_spreading(workers: Workers, matrix: pd.DataFrame) -> Workers:
    """Return the workers, unless this process is done with so few days before they have started."""
    return workers if matrix.size > WORTH_SPREADING else sequential


def each(
    work: Callable[..., Result],
    tasks: Sequence[Task],
    workers: Workers,
    finished: Callable[[], None] = lambda: None,
) -> list[Result]:
    """Return the results of ``work(*task)`` in order.

    ``finished`` is called after each task; what it raises ends the work.
    """
    found = []
    with closing(workers(work, tasks)) as results:
        for result in results:
            found.append(result)
            finished()
    return found


@contextmanager
def single_thread() -> Iterator[None]:
    """Keep compiled code from sharing out small work: on a busy machine its threads wait for each other."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


@contextmanager
def _installed_modules_alone() -> Iterator[None]:
    """Keep processes that joblib starts from taking modules out of the current folder.

    It starts them as ``python -m`` and ``python -c``, which look there first: a ``joblib`` in a folder of
    somebody else's would run.
    """
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("PYTHONSAFEPATH", None)
        else:
            os.environ["PYTHONSAFEPATH"] = before


def _end_with(program: int) -> None:
    """Let this process end when the program that it works for does."""
    Thread(target=_watch, args=(program,), daemon=True).start()


def _watch(program: int) -> None:
    # A program that was killed tells nobody, and who waits to hand it a result would wait for ever.
    with suppress(psutil.NoSuchProcess):
        while psutil.Process(program).status() != psutil.STATUS_ZOMBIE:
            time.sleep(LOOK_SECONDS)
    os._exit(1)
