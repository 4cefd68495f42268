"""Files whose clock was not changed, beside files of local time."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from services.readings import Readings, infer_mapping, parse_sheet
from services.readings.standard_time import named_offset
from services.sheets.sources import HEAD_ROWS, Sheet

Clock = Literal["local", "standard"] | None
BERLIN = "Europe/Berlin"
DAY = np.r_[np.full(6, 2.0), 4, 8, np.full(9, 10.0), 6, 5, 4, 3, 2, 2, 2]
"""kW by the hour that people live by."""


def made(start: str, end: str) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Hours as they were, and the kWh in them."""
    hours = pd.date_range(start, end, freq="h", tz=BERLIN, inclusive="left")
    return hours, (DAY[hours.hour] * np.random.default_rng(1).uniform(0.9, 1.1, len(hours))).round(3)


def read(
    wall: pd.DatetimeIndex,
    kwh: np.ndarray,
    heading: str = "Date",
    clock: Literal["local", "standard"] | None = None,
) -> Readings:
    cells = pd.DataFrame({0: wall.strftime("%Y-%m-%d %H:%M"), 1: "A", 2: kwh.astype("str")}, dtype="str")
    head = [heading, "Meter", "kWh"]
    frame = pd.concat([pd.DataFrame([head], dtype="str"), cells], ignore_index=True)
    rows = frame.head(HEAD_ROWS).to_numpy().tolist()
    sheet = Sheet(
        Path("a.csv"), "a.csv", rows, len(frame), False, lambda n: frame.iloc[n:].reset_index(drop=True)
    )
    return parse_sheet(sheet, replace(infer_mapping(sheet, BERLIN), clock=clock))


@pytest.mark.parametrize(
    ("start", "end"),
    [("2024-01-01", "2025-01-01"), ("2024-03-01", "2024-05-01"), ("2024-10-01", "2024-12-01")],
)
def test_standard_time_is_recognized_and_local_time_is_not_taken_for_it(start: str, end: str) -> None:
    hours, kwh = made(start, end)
    standard = read(hours.tz_convert("Etc/GMT-1").tz_localize(None), kwh)
    local = read(hours.tz_localize(None), kwh)
    for found, minutes in ((standard, 60), (local, None)):
        assert (found.utc_offset_minutes, found.combined, found.repeated) == (minutes, 0, 0)
        assert found.frame["date"].tolist() == hours.tz_convert("UTC").tolist()
        assert found.frame["consumption"].to_numpy() == pytest.approx(kwh)


def test_local_time_in_days_of_24_rows_stays_local() -> None:
    """Spring's hour is filled with zeros, and of autumn's two one is dropped."""
    hours, kwh = made("2024-01-01", "2025-01-01")
    wall = pd.DatetimeIndex(hours.tz_localize(None))
    once = pd.Series(kwh, wall)[~wall.duplicated()]
    every = pd.date_range(wall[0], wall[-1], freq="h")
    found = read(every, once.reindex(every, fill_value=0.0).to_numpy())
    assert found.utc_offset_minutes is None
    assert found.combined == 1


def test_a_person_and_a_heading_say_which_clock_it_is() -> None:
    hours, kwh = made("2024-06-01", "2024-06-08")
    utc = hours.tz_convert("UTC").tz_localize(None)
    assert read(utc, kwh, "Time (UTC)").frame["date"].tolist() == hours.tz_convert("UTC").tolist()
    standard = hours.tz_convert("Etc/GMT-1").tz_localize(None)
    assert read(standard, kwh, clock="standard").frame["date"].tolist() == hours.tz_convert("UTC").tolist()
    assert read(standard, kwh).utc_offset_minutes is None
    hours, kwh = made("2024-01-01", "2025-01-01")
    assert read(hours.tz_convert("Etc/GMT-1").tz_localize(None), kwh, clock="local").combined == 1


@pytest.mark.parametrize(
    ("heading", "hours"),
    [("Time (UTC)", 0), ("start_utc", 0), ("Zeit UTC+1", 1), ("Date GMT-05:30", -5.5), ("Date", None),
     ("Gmtime", None), ("UTC+99", None)],
)  # fmt: skip
def test_offset_that_a_heading_names(heading: str, hours: float | None) -> None:
    assert named_offset(heading) == (None if hours is None else timedelta(hours=hours))
