"""The same work for many meters at once: on this machine's cores, or on a Dask cluster."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
import pandas as pd

CLUSTER = "LOADLENS_CLUSTER"
"""In the environment: the address of a Dask scheduler, such as tcp://10.0.0.5:8786."""
METERS_A_TASK = 100
WORTH_SPREADING = 40_000
"""Fewer device days than this are done before other processes have started."""

Result = TypeVar("Result")


def meters(matrix: pd.DataFrame) -> list[pd.DataFrame]:
    """The devices (columns) in groups that make a task each."""
    groups = -(-matrix.shape[1] // METERS_A_TASK)
    return [matrix.iloc[:, columns] for columns in np.array_split(np.arange(matrix.shape[1]), groups)]


def worth_spreading(matrix: pd.DataFrame) -> bool:
    """Whether several processes are sooner done with it than one."""
    return matrix.size > WORTH_SPREADING


def each(
    work: Callable[..., Result],
    tasks: Sequence[tuple[Any, ...]],
    spread: bool,
    finished: Callable[[], None] = lambda: None,
) -> list[Result]:
    """The results of ``work(*task)`` in order; one after the other in this process unless ``spread``.

    ``finished`` is called after each task; what it raises ends the work.
    """
    found = []
    for result in _results(work, tasks, spread):
        found.append(result)
        finished()
    return found


def _results(work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], spread: bool) -> Iterator[Result]:
    if not spread:
        yield from (work(*task) for task in tasks)
        return
    from joblib import Parallel, delayed

    with _backend():
        yield from Parallel(n_jobs=-1, return_as="generator")(delayed(work)(*task) for task in tasks)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep compiled code from sharing out small work: on a busy machine its threads wait for each other."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


@contextmanager
def _backend() -> Iterator[None]:
    """Processes of this machine (loky), or the workers of the scheduler whose address is configured."""
    address = os.environ.get(CLUSTER)
    if not address:
        yield
        return
    from dask.distributed import Client
    from joblib import parallel_config

    with Client(address), parallel_config(backend="dask"):
        yield
