"""A Dask cluster that takes the meters, where the address of its scheduler is configured.

It makes work quicker and nothing else: whatever is the matter with it, this machine goes on with the work,
and the log and the doctor say why.
"""

import logging
import platform
import socket
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit

from ml.artifacts import LIBRARIES
from ml.parallel import Result, Task, Workers, local_processes
from services.errors import LoadlensError

SECONDS_TO_CONNECT = 5
SECONDS_BETWEEN_CHECKS = 2
"""Of whether the workers of a task are still there."""
COMPARED = ("loadlens", *LIBRARIES, "distributed", "torch")

log = logging.getLogger(__name__)

Client = Any
"""Of `dask.distributed`, which is not always there."""
Versions = dict[str, str]


class ClusterRefused(LoadlensError):
    """The cluster cannot do the work."""


@contextmanager
def workers(address: str | None) -> Iterator[Workers]:
    """Open the workers of the scheduler at that address, or this machine's cores where there is none.

    Nothing is connected before there is work for them.
    """
    if not address:
        yield local_processes
        return
    with ExitStack() as exit_stack:
        yield _Cluster(address, exit_stack)


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """Connect to the scheduler; raise `ClusterRefused` where none answers, or the extra is not installed.

    TLS is as Dask's own configuration says.
    """
    try:
        from dask import config, distributed
    except ImportError:
        raise ClusterRefused(
            "The Dask cluster at {address} is not used: Dask is not installed. Install Loadlens with its "
            "extra “cluster”.",
            address=address,
        ) from None
    with config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):
        try:
            _check_listening(address)
            client = distributed.Client(  # type: ignore[no-untyped-call]
                address, timeout=SECONDS_TO_CONNECT, set_as_default=False
            )
        except Exception as error:  # what is there may be anything
            raise ClusterRefused(
                "No Dask scheduler answers at {address}: {reason}. Have it started, or correct "
                "LOADLENS_CLUSTER.",
                address=address,
                reason=str(error).split("\n", maxsplit=1)[0].rstrip("."),
            ) from None
        with client:
            yield client


def usable(client: Client) -> tuple[list[str], list[ClusterRefused]]:
    """Return the addresses of the workers with the versions of this machine, and why others are not used.

    Raises `ClusterRefused` where there are none, or the scheduler does not have it, who passes work on.
    """
    address, here = client.scheduler.address, _versions()
    refused = _unlike(address, here, _remote_versions(client.run_on_scheduler))
    if refused:
        raise refused
    found = client.run(_versions, on_error="return")
    if not found:
        raise ClusterRefused(
            "The Dask cluster at {address} has no workers. Have some started: dask worker {address}",
            address=address,
        )
    unlike = {worker: _unlike(worker, here, there) for worker, there in found.items()}
    fit = [worker for worker, refused in unlike.items() if refused is None]
    refusals = [refused for refused in unlike.values() if refused is not None]
    if not fit:
        raise refusals[0]
    return fit, refusals


class _Cluster:
    """Its workers as long as they do what is asked, and from then on this machine's cores."""

    def __init__(self, address: str, exit_stack: ExitStack) -> None:
        self._address = address
        self._exit_stack = exit_stack
        self._client: Client = None
        self._is_given_up = False

    def __call__(
        self, work: Callable[..., Result], tasks: Sequence[Task], /
    ) -> Generator[Result, None, None]:
        done = 0
        try:
            if not self._is_given_up:
                with closing(self._on_workers(work, tasks)) as results:
                    for result in results:
                        yield result
                        done += 1
                return
        except Exception as error:
            # What is the work's own fault fails here once more, and for its own reason.
            self._is_given_up = True
            log.warning("this machine goes on instead of the cluster at %s: %s", self._address, error)
        yield from local_processes(work, tasks[done:])

    def _on_workers(
        self, work: Callable[..., Result], tasks: Sequence[Task]
    ) -> Generator[Result, None, None]:
        if self._client is None:
            self._client = self._exit_stack.enter_context(connected(self._address))
        fit, refusals = usable(self._client)
        log.info("%d tasks go to %d workers of the cluster at %s", len(tasks), len(fit), self._address)
        for refused in refusals:
            log.warning("%s", refused)
        futures = self._client.map(work, *zip(*tasks, strict=True), pure=False, workers=fit)
        try:
            for future in futures:
                yield _result(self._client, future, set(fit))
        finally:
            self._client.cancel(futures, force=True)


def _result(client: Client, future: Any, fit: set[str]) -> Any:
    """Wait for a task's result. Raises `ClusterRefused` when its workers have gone."""
    while True:
        try:
            return future.result(timeout=SECONDS_BETWEEN_CHECKS)
        except TimeoutError:
            if future.done():  # just now, or it is the work that timed out
                return future.result()
            if not fit & client.nthreads().keys():
                raise ClusterRefused("The workers have gone.") from None


def _check_listening(address: str) -> None:
    """Raises `OSError` where nobody answers; Dask's own client waits for what is no scheduler for ever."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), SECONDS_TO_CONNECT) as connection:
        if parts.scheme == "tcp":  # a scheduler speaks first
            connection.recv(1)


def _versions() -> Versions:
    """Return the versions of what models are made with; runs on scheduler and workers, too.

    There it runs on the main thread, before any task does: Arrow, which this module imports with pandas, has
    to be loaded on a thread that stays (see `desktop.framework.native_libraries.load_arrow`).
    """
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in COMPARED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _remote_versions(run: Callable[..., Any]) -> Versions | Exception:
    try:
        found: Versions = run(_versions)
    except Exception as error:
        return error
    return found


def _unlike(address: str, here: Versions, there: Versions | Exception) -> ClusterRefused | None:
    """Return why a scheduler or worker is not used, None where it has the same versions."""
    if isinstance(there, Exception):
        return ClusterRefused(
            "{address} of the Dask cluster cannot run Loadlens: {reason}. Install the same Loadlens there.",
            address=address,
            reason=str(there).rstrip("."),
        )
    for name, wanted in here.items():
        if there.get(name) != wanted:
            return ClusterRefused(
                "{address} of the Dask cluster has {name} {there}, and this machine {here}. Install the same "
                "there.",
                address=address,
                name=name,
                there=there.get(name, "–"),
                here=wanted,
            )
    return None
