"""The real program, asked for its figures: the one place that knows the names of its commands and services.

Commands run through the entry point of `loadlens`, in this process and over one open data folder, so that
none costs the start of an interpreter and a server. What no command says is asked of `dashboard.overview`.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
from figures_facility import ZONE, Period
from figures_truth import Figures

from services import accounts, dashboard, devices, facility, settings, startup

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Refusal:
    """What the program would not do, or asked, in its own sentence."""

    case: str
    what: str
    sentence: str


@dataclass
class Account:
    """One user of the program with a folder for files."""

    db: Any
    email: str
    folder: Path
    case: str
    refusals: list[Refusal] = field(default_factory=list)
    lacks_file: bool = False
    """Whether a file was not imported."""

    def run(self, verb: str, *arguments: str) -> dict[str, Any] | None:
        """Run a command with ``--json``; its answer, or None where it refuses, which is kept."""
        status, answer, said = command(verb, *arguments, "--user", self.email, "--json")
        if status == 0:
            return dict(json.loads(answer))
        sentence = said.strip().splitlines()[-1] if said.strip() else f"exit {status}"
        self.refusals.append(Refusal(self.case, " ".join([verb, *map(_base, arguments)]), sentence))
        return None

    def take(self, table: pd.DataFrame, name: str = "readings.csv") -> dict[str, Any] | None:
        """Import a table as a csv file."""
        path = self.folder / name
        table.to_csv(path, index=False)
        return self.bring_in(path)

    def bring_in(self, path: Path, options: Sequence[str] = ()) -> dict[str, Any] | None:
        """Import a file; once more without the options where the program does not take them."""
        answer = self.run("import", str(path), *options)
        if answer is None and options:
            answer = self.run("import", str(path))
        self.lacks_file |= answer is None
        return answer

    def arrange(self, device_list: pd.DataFrame) -> None:
        """Apply a list of devices."""
        path = self.folder / "devices.csv"
        device_list.to_csv(path, index=False)
        self.run("devices", "--apply", str(path))

    def statistics(self, period: Period, utility: str | None = None) -> Figures | None:
        """Ask `loadlens stats`; its answer under the names of `Truth.statistics`, None if refused."""
        asked = [*_days(period), *(["--utility", utility] if utility else [])]
        found = self.run("stats", *asked)
        return found and {
            "total": found["totalConsumption"],
            "average day": found["avgDailyConsumption"],
            "coverage": _coverage(found.get("coverage")),
            "days": np.array([day["consumption"] for day in found["dailyData"]]),
            "weeks": np.array([week["consumption"] for week in found["weeklyData"]]),
            "highest reading": found["peakConsumption"],
            "next month": found["predictedNextMonth"],
        }

    def anomalies(self, table: pd.DataFrame) -> pd.DataFrame:
        """Let `loadlens detect` look through a long table of date, device and consumption."""
        given, found = self.folder / "readings to check.csv", self.folder / "anomalies.csv"
        table.to_csv(given, index=False)
        status, _, errors = command("detect", "--input", str(given), "--output", str(found))
        if status == 0:
            return pd.read_csv(found)
        self.refusals.append(Refusal(self.case, "detect", errors.strip()))
        return pd.DataFrame({"date": []})

    def report(self, month: str) -> list[list[Any]]:
        """Read the first sheet of a month's report, row by row; empty where it is refused."""
        path = self.folder / f"{month}.xlsx"
        if self.run("report", "--month", month, "--output", str(path)) is None:
            return []
        rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
        return [[cell for cell in row if cell is not None] for row in rows]

    def set_facility(self, floor_area: float, prices: tuple[float, float, float] | None = None) -> None:
        """Set floor area and tariff; ``prices`` as in `figures_facility.Facility`."""
        tariff = None
        if prices:
            base, day, demand = prices
            working = facility.TariffPeriod(
                "Working days", frozenset(range(1, 13)), frozenset(range(5)), 8, 20, day
            )
            tariff = facility.Tariff(base, (working,), demand)
        known = facility.facility_of(self._scope)
        facility.save(self._scope, replace(known, floor_area=floor_area, country="DE", tariff=tariff))

    def figures(self, names: Sequence[str] = (), period: Period = Period("all")) -> Figures:  # noqa: B008 - frozen
        """Ask the dashboard about these meters (all without names), under the names of `Truth`."""
        ids = {device.name: device.id for device in devices.list_devices(self._scope)}
        chosen = tuple(ids[name] for name in names if name in ids)
        if names and not chosen:
            return {}
        choice = dashboard.Filter(period.start, period.end, chosen or None)
        return _as_figures(dashboard.overview(self._scope, choice))

    @property
    def _scope(self) -> Any:
        return accounts.scope_of(self.db, self.email)


def _as_figures(overview: Any) -> Figures:
    shown, profile = overview.figures, overview.profile
    return {
        "total": shown.total.value,
        "average day": shown.average_day.value,
        "peak demand": shown.peak_demand.value,
        "baseload": shown.baseload.value,
        "load factor": shown.load_factor.value,
        "cost": shown.cost.value,
        "EUI": shown.eui.value,
        "change": shown.total.change,
        "coverage": _coverage(shown.coverage),
        "profile": profile and np.concatenate([profile.weekday.mean, profile.weekend.mean]),
        "heat map": overview.heat_map and overview.heat_map.kwh,
        "duration": overview.load_duration
        and np.vstack([overview.load_duration.share, overview.load_duration.demand]),
        "shares": {part.name: part.share for part in overview.devices},
        "remainder": getattr(overview, "remainder", None),
    }


def _coverage(said: Any) -> float | None:
    return said.get("totalConsumption") if isinstance(said, dict) else said


def command(*arguments: str, typed: str = "") -> tuple[int, str, str]:
    """Run `loadlens` as a shell would; its exit status, standard output and standard error."""
    (entry,) = entry_points(group="console_scripts", name="loadlens")
    output, errors = io.StringIO(), io.StringIO()
    before = sys.argv, sys.stdin
    sys.argv, sys.stdin = ["loadlens", *arguments], io.StringIO(typed)
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            status = entry.load()()
    except SystemExit as ended:
        status = ended.code
    finally:
        sys.argv, sys.stdin = before
    return int(status or 0), output.getvalue(), errors.getvalue()


@dataclass
class Program:
    """An open data folder of its own, with an account for each case."""

    db: Any
    folder: Path
    accounts: list[Account] = field(default_factory=list)

    def account(self, case: str) -> Account:
        """Register a user."""
        number = len(self.accounts)
        email, folder = f"manager{number}@example.com", self.folder / f"files{number}"
        folder.mkdir()
        said = ("--email", email, "--first-name", "Ada", "--last-name", "Wong")
        status, _, errors = command("register", *said, typed=f"{PASSWORD}\n")
        assert status == 0, errors
        self.accounts.append(Account(self.db, email, folder, case))
        return self.accounts[-1]


@contextlib.contextmanager
def opened() -> Iterator[Program]:
    """Open a fresh data folder on a machine whose clock is the facility's, and close it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ |= {"TZ": ZONE, "LOADLENS_DATA_DIR": str(Path(folder) / "data")}
        time.tzset()
        with startup.opened(settings.load(None)) as db:
            yield Program(db, Path(folder))


def _days(period: Period) -> list[str]:
    return ["--from", f"{period.start}", "--to", f"{period.end}"] if period.start else []


def _base(argument: str) -> str:
    return Path(argument).name if os.sep in argument and not argument.startswith("--") else argument
