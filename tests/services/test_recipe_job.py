"""To add a job: one entry in `services.jobs.JOBS`."""

from pathlib import Path

import pytest

from services import cli, jobs
from services.jobs import Job, JobContext
from services.progress import Progress
from services.scope import Scope
from services.settings import Settings


def test_a_job_of_one_entry_runs_when_it_is_due(
    scope: Scope, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def run(context: JobContext, _progress: Progress) -> None:
        ran.append(str(context.scope.user_id))

    toy = Job("toy", every=60, first=5, lock="toy-{user}", run=run)
    monkeypatch.setattr(jobs, "JOBS", (*jobs.JOBS, toy))
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MONGODB_NAME", settings.mongodb_name)
    assert cli.main(["watch", str(tmp_path), "--user", "ada@example.com", "--once"]) == 0
    assert ran == [str(scope.user_id)]
    timetable = jobs.Timetable(start=0.0)
    assert toy not in timetable.take_due(4.0)
    assert toy in timetable.take_due(5.0)
    assert toy not in timetable.take_due(64.0)
    assert toy in timetable.take_due(65.0)
