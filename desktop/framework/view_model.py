"""The base of view-models: ask a service off the GUI thread, and hand its answer to whoever shows it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from desktop.framework.tasks import Task, run

if TYPE_CHECKING:  # the first form is on screen before the services are loaded
    from services.accounts import Session
    from services.jobs import Job
    from services.scope import Scope
    from services.settings import Settings

Slot = Callable[..., object] | SignalInstance
"""Called on the GUI thread, with the answer unless it takes no argument; or a signal to emit."""


class ViewModel(QObject):
    """What a page shows and does, without any widget.

    ``failed`` with the sentence of a refusal, ``notified`` with what was done, in a sentence,
    ``busy_changed`` around work that the user waits for, ``progressed`` as `Task.progressed`.
    """

    failed = Signal(str)
    notified = Signal(str)
    busy_changed = Signal(bool)
    progressed = Signal(str, int, int, float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._busy = 0
        self._running: dict[str, Task] = {}

    @property
    def busy(self) -> bool:
        """Whether work goes on that was started with ``busy``."""
        return self._busy > 0

    def start(
        self,
        work: Callable[..., object],
        then: Slot | None = None,
        *,
        with_progress: bool = False,
        busy: bool = False,
        quiet: bool = False,
        notice: str = "",
        on_failed: Slot | None = None,
        name: str = "",
    ) -> Task:
        """Run ``work()`` off the GUI thread, then call ``then`` with its result on the GUI thread.

        ``with_progress``: ``work`` takes a `Progress`, and what it reports is ``progressed``.
        ``busy``: `busy_changed` while it runs. ``notice``: ``notified`` with this sentence when it succeeded.
        ``on_failed`` gets the sentence of a refusal instead of ``failed``. ``quiet``: tell neither progress
        nor refusals. ``name``: drop an earlier task of this name, whose answer is not wanted any more.
        """
        if earlier := self._running.get(name):
            earlier.drop()
        task = run(work, parent=self, with_progress=with_progress)
        if name:
            self._running[name] = task
            task.finished.connect(lambda: self._forget(name, task))
        if with_progress and not quiet:
            task.progressed.connect(self.progressed)
        if busy:
            self._change_busy(1)
            task.finished.connect(lambda: self._change_busy(-1))
        if then is not None:
            task.succeeded.connect(then)
        if notice:
            task.succeeded.connect(lambda: self.notified.emit(notice))
        if on_failed is not None:
            task.failed.connect(on_failed)
        elif not quiet:
            task.failed.connect(self.failed)
        return task

    def is_running(self, name: str) -> bool:
        """Return whether the task of this name has not finished yet."""
        return name in self._running

    def cancel_task(self, name: str) -> None:
        """Stop the task of this name, if one runs."""
        if task := self._running.get(name):
            task.cancel()

    def _forget(self, name: str, task: Task) -> None:
        if self._running.get(name) is task:
            del self._running[name]

    def _change_busy(self, by: int) -> None:
        before, self._busy = self.busy, self._busy + by
        if self.busy != before:
            self.busy_changed.emit(self.busy)


class SessionViewModel(ViewModel):
    """A view-model of a signed-in user, whose services take the user's `Scope`."""

    def __init__(self, session: "Session", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def ask(
        self,
        work: "Callable[[Scope], object] | Callable[..., object]",
        then: Slot | None = None,
        **options: Any,
    ) -> Task:
        """Run ``work(scope)``, or ``work(scope, progress)``, as `start` does and with its options."""
        # The scope is made off the GUI thread: it asks the database whether the session still holds.
        return self.start(lambda *progress: work(self._session.scope(), *progress), then, **options)


class JobViewModel(SessionViewModel):
    """A view-model that runs jobs of `services.jobs`, each of them once at a time."""

    def __init__(self, session: "Session", settings: "Settings", parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._settings = settings

    def run_job(self, job: "Job[Any]", then: Slot, on_failed: Slot | None = None) -> Task | None:
        """Run a job quietly, and call ``then`` with its outcome, None if nothing was due.

        Returns None, and does nothing, while the job is running.
        """
        from services import jobs  # not before the first form is on screen

        if self.is_running(job.name):
            return None
        return self.ask(
            lambda scope, progress: jobs.run_job(job, jobs.JobContext(scope, self._settings), progress),
            then,
            on_failed=on_failed,
            with_progress=True,
            quiet=True,
            name=job.name,
        )
