"""A real Dask scheduler and real workers take the meters; this machine goes on with what they leave."""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml import parallel
from ml.forecasting.models import NAMES
from ml.parallel import each
from services import cli, cluster, doctor
from services.forecasts import forecast_days
from services.settings import Settings

pytest.importorskip("distributed")

Start = Callable[..., subprocess.Popen[bytes]]
PID = "__import__('os').getpid()"
ALONE = ["--no-nanny", "--nthreads", "1", "--dashboard-address", "127.0.0.1:0"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a part of a cluster, which ends with the test."""
    known, running = tmp_path / "scheduler.json", []

    def start(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *arguments, "--host", "127.0.0.1", "--scheduler-file", known]
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, cwd=tmp_path, stderr=subprocess.DEVNULL
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def workers(start: Start) -> list[subprocess.Popen[bytes]]:
    return [start("worker", *ALONE) for _ in range(2)]


@pytest.fixture
def address(start: Start, workers: list[subprocess.Popen[bytes]], tmp_path: Path) -> str:
    """Of the scheduler of both workers, which are there."""
    start("scheduler", "--port", "0", "--dashboard-address", "127.0.0.1:0")
    while not (known := tmp_path / "scheduler.json").exists():
        time.sleep(0.05)
    address: str = json.loads(known.read_text())["address"]
    with cluster.connected(address) as client:
        client.wait_for_workers(len(workers), timeout=60)
    return address


def _daily(devices: int, days: int) -> pd.DataFrame:
    """Shaped like `readings.daily_consumption`."""
    rng = np.random.default_rng(3)
    dates = pd.date_range("2024-01-01", periods=days)
    kwh = rng.uniform(5, 500, devices) * rng.normal(1, 0.1, (days, devices))
    names = [f"office {number:03}" for number in range(devices)]
    matrix = pd.DataFrame(kwh, pd.Index(dates, name="date"), pd.Index(names, name="deviceId"))
    daily = matrix.melt(ignore_index=False, value_name="consumption").reset_index()
    return daily.assign(device=daily["deviceId"], covered=1.0, readings=1)


def test_a_cluster_forecasts_as_this_machine_does(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "services")
    monkeypatch.setattr(parallel, "WORTH_SPREADING", 100)
    monkeypatch.setattr(parallel, "METERS_A_TASK", 4)
    daily, told = _daily(8, 40), []
    there = forecast_days(daily, 7, None, lambda *step: told.append(step), address)
    assert caplog.text.count("go to 2 workers") == 4
    assert "this machine goes on" not in caplog.text
    steps = 2 * len(NAMES) + 2
    assert told == [("Training models", done, steps + 1) for done in range(1, steps + 1)]
    pd.testing.assert_frame_equal(there, forecast_days(daily, 7), check_exact=True)


def test_workers_do_the_work_until_it_is_cancelled_or_they_die(
    address: str, workers: list[subprocess.Popen[bytes]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with cluster.workers(address) as at_work:
        assert set(each(eval, [(PID,)] * 8, at_work)) <= {worker.pid for worker in workers}

        def cancel() -> None:
            raise KeyboardInterrupt

        begun = f"__import__('tempfile').mkdtemp('-begun', dir='{tmp_path}'); __import__('time').sleep(0.3)"
        with pytest.raises(KeyboardInterrupt):
            each(exec, [(begun,)] * 40, at_work, cancel)
        with cluster.connected(address) as client:
            assert client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)) == 0
        time.sleep(0.5)
        assert len(list(tmp_path.glob("*-begun"))) <= 6

        slow = f"__import__('time').sleep(0.2) or {PID}"
        assert set(each(eval, [(slow,)] * 8, at_work, workers[0].kill)) <= {worker.pid for worker in workers}
        assert "this machine goes on" not in caplog.text
        found = each(eval, [(slow,)] * 8, at_work, workers[1].kill)
        assert len(found) == 8
        assert not set(found[2:]) & {worker.pid for worker in workers}
        assert f"this machine goes on instead of the cluster at {address}" in caplog.text


def test_a_worker_of_another_version_is_named_and_not_used(
    start: Start, address: str, workers: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    settings = Settings(_env_file=None, loadlens_data_dir=tmp_path, loadlens_cluster=address)

    def seen() -> str:
        [found] = [c.detail for c in doctor.examine(OSError("none"), settings) if c.name == "cluster"]
        return found

    assert seen().startswith(
        f"the workers of {address} take the meters: 2; whoever answers there runs programs as"
    )
    older = tmp_path / "older" / "loadlens-0.0.9.dist-info" / "METADATA"
    older.parent.mkdir(parents=True)
    older.write_text("Name: loadlens\nVersion: 0.0.9\n")
    other = start("worker", *ALONE, PYTHONPATH=str(older.parents[1]))
    with cluster.connected(address) as client:
        client.wait_for_workers(3, timeout=60)
        assert "has loadlens 0.0.9, and this machine 0.1.0. Install the same there." in seen()
        with cluster.workers(address) as at_work:
            assert other.pid not in each(eval, [(PID,)] * 12, at_work)


def test_without_a_scheduler_or_dask_this_machine_does_the_work(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with cluster.workers("tcp://127.0.0.1:9") as at_work:
        begun = time.monotonic()
        assert each(abs, [(-1,), (-2,)], at_work) == each(abs, [(-1,), (-2,)], at_work) == [1, 2]
        assert time.monotonic() - begun < 5
    assert caplog.text.count("No Dask scheduler answers at tcp://127.0.0.1:9: ") == 1
    monkeypatch.setitem(sys.modules, "dask", None)
    with cluster.workers("tcp://127.0.0.1:9") as at_work:
        assert each(abs, [(-1,)], at_work) == [1]
    assert "Install Loadlens with its extra “cluster”." in caplog.text


def test_an_address_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOADLENS_CLUSTER", "10.0.0.5")
    assert cli.main(["doctor"]) == 1
    assert "The setting LOADLENS_CLUSTER cannot be used" in capsys.readouterr().err
