"""When jobs are due by the clock, and running one of them in one program alone."""

from filelock import FileLock, Timeout

from services.jobs.table import JOBS, Job, JobContext, T
from services.progress import Progress, silent


def run_job(
    job: Job[T], context: JobContext, progress: Progress = silent, although_not_due: bool = False
) -> T | None:
    """Do what is due of a job; what became of it, None where nothing is, or another program does it.

    Raises what the job raises, and whatever ``progress`` raises.
    """
    folder = context.settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / f"{job.lock.format(user=context.scope.user_id)}.lock", timeout=0):
            if job.is_due(context) or although_not_due:
                return job.run(context, progress)
    except Timeout:
        pass
    return None


class Timetable:
    """When each job runs next, by a clock in seconds that never goes back.

    The first time is some time after ``start``, or ``at_once``.
    """

    def __init__(self, start: float, at_once: bool = False) -> None:
        self._next = {job.name: start if at_once else start + job.first for job in JOBS}

    def take_due(self, now: float) -> list[Job[object]]:
        """The jobs whose time has come, which is then their next one."""
        due = [job for job in JOBS if self._next[job.name] <= now]
        self._next |= {job.name: now + job.every for job in due}
        return due

    def seconds_to_next(self, now: float) -> float:
        """How long there is nothing to do."""
        return max(0.0, min(self._next.values()) - now)


class Troubles:
    """What is wrong with jobs, so that each trouble is said once however often the job is tried again."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def of(self, what: str) -> str:
        """What was last said of it, empty if all is well."""
        return self._said.get(what, "")

    def is_new(self, what: str, sentence: str) -> bool:
        """Whether this has to be said now; an empty sentence says that all is well again."""
        before, self._said[what] = self.of(what), sentence
        return bool(sentence) and sentence != before
