"""The table of jobs, run where there is no window."""

from pathlib import Path

import pytest
from due_jobs import EVERY_JOB, done, make_all_due

from services import cli, jobs
from services.jobs import JobContext, Timetable, Troubles, run_job
from services.scope import Scope
from services.settings import Settings


@pytest.fixture
def inbox(scope: Scope, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MONGODB_NAME", settings.mongodb_name)
    return make_all_due(scope, settings, tmp_path)


def watch_once(inbox: Path) -> int:
    return cli.main(["watch", str(inbox), "--user", "ada@example.com", "--once"])


def test_every_job_is_run_without_a_window(
    scope: Scope, tmp_path: Path, inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert done(scope, tmp_path) == set()
    assert watch_once(inbox) == 0
    assert done(scope, tmp_path) == EVERY_JOB
    said = capsys.readouterr()
    assert "new.csv: 1464 added" in said.out
    assert "The report 2024-05 is in " in said.out
    before = scope.db["predictions"].distinct("createdAt", scope.owned())
    assert watch_once(inbox) == 0
    assert capsys.readouterr().out == "", "each thing once"
    assert scope.db["predictions"].distinct("createdAt", scope.owned()) == before


def test_a_job_that_fails_is_said_and_holds_up_no_other(
    scope: Scope, settings: Settings, tmp_path: Path, inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (settings.data_dir / "backups.lock").unlink(missing_ok=True)
    (settings.data_dir / "backups.lock").mkdir()
    try:
        assert watch_once(inbox) == 1
    finally:
        (settings.data_dir / "backups.lock").rmdir()
    assert done(scope, tmp_path) == EVERY_JOB - {"backups"}
    assert "failed at the job “backups”" in capsys.readouterr().err


def test_two_programs_do_each_thing_once(
    scope: Scope, settings: Settings, tmp_path: Path, inbox: Path
) -> None:
    context = JobContext(scope, settings)
    others: list[object] = []

    def other(stage: str, made: int, total: int) -> None:
        others.append(run_job(jobs.REPORTS, context))

    made = run_job(jobs.REPORTS, context, other)
    assert made is not None
    assert [len(one.files) for one in made] == [1]
    assert set(others) == {None}
    assert run_job(jobs.REPORTS, context) == []


def test_each_job_has_its_own_time() -> None:
    assert {job.name for job in jobs.JOBS} == EVERY_JOB
    assert len({job.lock for job in jobs.JOBS}) == len(jobs.JOBS)
    table = Timetable(1000.0)
    assert table.take_due(1000.0) == [jobs.MAIL]
    assert table.seconds_to_next(1000.0) == jobs.WATCHED_FOLDER.first
    assert table.take_due(1029.0) == [jobs.WATCHED_FOLDER, jobs.REPORTS]
    runs = [job for second in range(1030, 2230) for job in table.take_due(second)]
    assert {job.name: runs.count(job) for job in jobs.JOBS} == {
        "backups": 4, "watched folder": 80, "alerts": 2, "reports": 2, "mail": 40, "forecasts": 2,
    }  # fmt: skip
    assert Timetable(0.0, at_once=True).take_due(0.0) == list(jobs.JOBS)


def test_each_trouble_is_said_once() -> None:
    troubles = Troubles()
    said = [troubles.is_new("backups", sentence) for sentence in ("", "gone", "gone", "full", "", "full")]
    assert said == [False, True, False, True, False, True]
