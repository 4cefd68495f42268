"""Comparisons take the same meters and the same hours on both sides, whatever lacks on either."""

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from services.dashboard import Figures, Filter, overview
from services.importing import import_file
from services.scope import Scope

ZONE = "America/Los_Angeles"
EXACT = 1e-9


def hours(start: str, end: str) -> pd.DatetimeIndex:
    return pd.date_range(start, end, freq="h", tz=ZONE, inclusive="left")


def at(moment: str) -> pd.Timestamp:
    return pd.Timestamp(moment, tz=ZONE)


def by_hour(times: pd.DatetimeIndex) -> np.ndarray:
    """A day's course that all days have."""
    return 2 + np.sin(np.asarray(times.hour) / 24 * 2 * np.pi)


@pytest.fixture
def figures_of(scope: Scope, tmp_path: Path):
    def store(**meters: pd.Series) -> None:
        for name, kwh in meters.items():
            frame = pd.DataFrame({"device": name, "kwh": kwh.to_numpy()})
            frame.insert(0, "date", kwh.index.map(pd.Timestamp.isoformat))
            frame.to_csv(tmp_path / f"{name}.csv", index=False)
            import_file(scope, tmp_path / f"{name}.csv")

    def of(first: date, last: date, **meters: pd.Series) -> Figures:
        store(**meters)
        return overview(scope, Filter(first, last)).figures

    return of


JULY = date(2023, 7, 1), date(2023, 7, 31)


def test_days_that_lack_drop_out_of_both_sides(figures_of) -> None:
    times = hours("2023-05-01", "2023-08-01")
    kwh = pd.Series(by_hour(times) * np.where(times >= at("2023-07-01"), 1.13, 1.0), times)
    shown = figures_of(*JULY, Main=kwh[(times < at("2023-07-08")) | (times >= at("2023-07-18"))])
    assert shown.total.change == pytest.approx(0.13, rel=EXACT)
    assert shown.peak_demand.change == pytest.approx(0.13, rel=EXACT)
    assert shown.load_factor.change == pytest.approx(0.0, abs=EXACT)
    assert shown.before is not None
    assert (shown.before.other.start, shown.before.other.end) == (date(2023, 6, 1), date(2023, 6, 30))
    assert (shown.before.days, shown.before.all_days, shown.before.until) == (20, 31, None)
    assert shown.total.last_year is None


def test_a_meter_that_stops_or_starts_late_drops_out(figures_of) -> None:
    times = hours("2023-05-01", "2023-08-01")
    kwh = pd.Series(by_hour(times), times)
    shown = figures_of(
        *JULY,
        Hall=kwh,
        Press=2 * kwh[times < at("2023-07-10 08:00")],
        Kiln=3 * kwh[times >= at("2023-06-05")],
        Oven=1.7 * kwh[times >= at("2023-07-03")],
    )
    assert shown.total.change == pytest.approx(0.0, abs=EXACT)
    assert shown.before is not None
    assert (shown.before.meters, shown.before.all_meters) == (3, 4)


def test_the_part_to_date_is_compared_with_the_part_to_date(figures_of) -> None:
    times = hours("2023-05-01", "2023-07-12 09:00")
    kwh = pd.Series(by_hour(times) * np.where(times >= at("2023-07-01"), 1.1, 1.0), times)
    month = figures_of(*JULY, Main=kwh)
    assert month.total.change == pytest.approx(0.1, rel=EXACT)
    assert month.before is not None
    assert (month.before.until, month.before.share) == (datetime(2023, 7, 12, 9), 1.0)
    day = figures_of(date(2023, 7, 12), date(2023, 7, 12))
    assert day.total.change == pytest.approx(0.0, abs=EXACT)
    assert day.before is not None
    assert day.before.other.start == date(2023, 7, 5)


def test_too_little_in_common_bears_no_comparison(figures_of) -> None:
    times = hours("2023-06-20", "2023-08-01")
    shown = figures_of(*JULY, Main=pd.Series(by_hour(times), times))
    assert shown.total.value is not None
    assert shown.total.before is None
    assert shown.before is not None
    assert not shown.before.enough


def test_whole_months_are_compared_as_they_are(figures_of) -> None:
    times = hours("2023-06-01", "2023-08-01")
    shown = figures_of(*JULY, Main=pd.Series(by_hour(times), times))
    assert shown.total.change == pytest.approx(31 / 30 - 1, rel=EXACT)
    assert shown.average_day.change == pytest.approx(0.0, abs=EXACT)
    assert shown.before is not None
    assert shown.before.whole
