"""Ends that were not in order are told of, those that were are not, and no program is taken for another."""

import os
import signal
import stat
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services import cli, crash_reports, doctor
from services.scope import Scope
from services.settings import Settings

PROGRAM = """
import ctypes, os, signal, sys, time
from services import crash_reports, logs
from services.settings import Settings
settings = Settings(_env_file=None, loadlens_data_dir=sys.argv[1])
logs.begin(settings, "window")
crash_reports.begin(settings, "window")
print("begun", flush=True)
def password_hunter2():
    exec(sys.argv[2])
password_hunter2()
"""
FAULT = "ctypes.string_at(0)"
WAIT = "time.sleep(60)"
needs_signals = pytest.mark.skipif(os.name == "nt", reason="no such signals there")


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """A data folder that no other program uses."""
    return Settings(_env_file=None, loadlens_data_dir=tmp_path)


def start(settings: Settings, does: str) -> subprocess.Popen[str]:
    """A program that has begun."""
    command = [sys.executable, "-c", PROGRAM, str(settings.data_dir), does]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "begun\n"
    return program


def files(settings: Settings) -> list[str]:
    return [path.name.split("_")[0] for path in (settings.data_dir / "logs").glob("*_*.log")]


def test_a_fault_is_told_with_its_trace_until_it_is_acknowledged(own: Settings) -> None:
    start(own, FAULT).wait()
    [end] = crash_reports.unexpected_ends(own)
    assert (end.program, end.is_fault) == ("window", True)
    assert abs(end.at - datetime.now(UTC)) < timedelta(minutes=2)
    [kept] = (own.data_dir / "logs").glob("ended_*.log")
    assert "password_hunter2" in kept.read_text()
    if os.name != "nt":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    crash_reports.acknowledge(own)
    assert crash_reports.unexpected_ends(own) == []


def test_the_next_program_notes_it_in_the_log_once(own: Settings) -> None:
    start(own, FAULT).wait()
    for _ in range(2):
        assert start(own, "pass").wait() == 0
    text = (own.data_dir / "logs" / "loadlens.log").read_text()
    assert text.count("ended unexpectedly at") == 1
    assert "\n    Fatal Python error: Segmentation fault" in text or "\n    Windows fatal exception" in text
    assert len(crash_reports.unexpected_ends(own)) == 1


def test_a_kill_is_told_and_a_program_that_runs_is_not(own: Settings) -> None:
    killed, other = start(own, WAIT), start(own, WAIT)
    killed.kill()
    killed.wait()
    try:
        [end] = crash_reports.unexpected_ends(own)
        assert not end.is_fault
        assert sorted(files(own)) == ["ended", "run"]
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("does", ["pass", "sys.exit(1)", "raise KeyError", "raise KeyboardInterrupt"])
def test_an_end_in_order_leaves_nothing(own: Settings, does: str) -> None:
    start(own, does).wait()
    assert files(own) == []


def test_a_program_that_was_killed_while_it_ended_had_ended(own: Settings) -> None:
    for does, ends in ((WAIT, 0), (FAULT, 1)):
        program = start(own, f"crash_reports.expect_end(); print('ending', flush=True); {does}")
        assert program.stdout is not None
        assert program.stdout.readline() == "ending\n"
        program.kill() if does == WAIT else None
        program.wait()
        assert len(crash_reports.unexpected_ends(own)) == ends


def test_an_id_that_was_given_out_again_is_another_program(own: Settings) -> None:
    program = start(own, WAIT)
    [path] = (own.data_dir / "logs").glob("run_*.log")
    _, name, _pid, since, host = path.stem.split("_", 4)
    program.kill()
    program.wait()
    path.rename(path.with_name(f"run_{name}_{os.getpid()}_{since}_{host}.log"))  # ours, given to it before
    assert len(crash_reports.unexpected_ends(own)) == 1


def test_what_another_computer_runs_is_its_own_affair_and_is_forgotten_in_time(own: Settings) -> None:
    folder = own.data_dir / "logs"
    folder.mkdir()
    for name in ("run_window_1_since_another.log", "ended_window_2_since_another.log"):
        (folder / name).touch()
    assert len(crash_reports.unexpected_ends(own)) == 1
    long_ago = time.time() - timedelta(days=15).total_seconds()
    for path in folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    assert crash_reports.unexpected_ends(own) == []
    assert files(own) == []


@needs_signals
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", 1)])
def test_a_command_that_is_stopped_ends_in_order(
    scope: Scope, settings: Settings, tmp_path: Path, number: int
) -> None:
    env = {**os.environ, "LOADLENS_DATA_DIR": str(settings.data_dir), "MONGODB_NAME": settings.mongodb_name}
    watched = tmp_path / "watched"
    watched.mkdir()
    (watched / "pump.csv").write_text("Date,Meter,kWh\n2024-02-13,Pump,1\n2024-02-14,Pump,2\n")
    command = [
        sys.executable,
        "-m",
        "desktop",
        "watch",
        str(tmp_path / "watched"),
        "--user",
        "ada@example.com",
    ]
    watch = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not scope.db["imports"].find_one({"state": "done"}):
        assert watch.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert list((settings.data_dir / "logs").glob(f"run_watch_{watch.pid}_*"))
    watch.send_signal(number)
    _, complaints = watch.communicate(timeout=60)
    assert watch.returncode in (0, 128 + number), "between two rounds it ends as if it were through"
    assert b"Traceback" not in complaints
    assert not list((settings.data_dir / "logs").glob(f"*_watch_{watch.pid}_*"))


def test_the_doctor_says_so_until_the_bundle_is_saved(
    own: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(own.data_dir))
    start(own, FAULT).wait()
    bundle = tmp_path / "for support.zip"
    assert cli.main(["doctor", "--bundle", str(bundle)]) == 1
    crash_reports.end()
    assert "BAD  unexpected ends: Loadlens ended unexpectedly on" in capsys.readouterr().out
    with zipfile.ZipFile(bundle) as archive:
        assert b"password_hunter2" in archive.read("logs/loadlens.log")
        assert b"ended unexpectedly" in archive.read("checks.json")
    assert doctor.last_unexpected_end(own) is None
