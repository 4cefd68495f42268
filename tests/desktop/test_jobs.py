"""The table of jobs, run by the window."""

from functools import partial
from pathlib import Path

from due_jobs import EVERY_JOB, done, make_all_due
from pytestqt.qtbot import QtBot
from workplace import Workplace

from services.scope import Scope
from services.settings import Settings
from services.watching import set_folder


def test_every_job_is_run_by_the_window(
    workplace: Workplace, scope: Scope, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    inbox = make_all_due(scope, settings, tmp_path)
    set_folder(scope, inbox)
    starters = workplace.job_starters
    start = {name: partial(starter, workplace.context) for name, starter in starters.items()}
    assert set(start) == EVERY_JOB
    start["watched folder"]()
    qtbot.waitUntil(lambda: (inbox / "done" / "new.csv").exists(), timeout=60_000)
    start["alerts"]()
    qtbot.waitUntil(lambda: "alerts" in done(scope, tmp_path), timeout=60_000)
    for name in EVERY_JOB - {"watched folder", "alerts"}:
        start[name]()
    qtbot.waitUntil(lambda: done(scope, tmp_path) == EVERY_JOB, timeout=120_000)
    qtbot.waitUntil(lambda: workplace.renewal.running is False, timeout=120_000)
    assert "A backup was made" in workplace.window.banner.text or "report" in workplace.window.banner.text
