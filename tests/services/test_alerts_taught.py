"""What a person called normal, whose holidays a facility keeps, and what its other devices do."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from services import alerts, facility, importing
from services.facility import Facility
from services.holidays import HolidaysUnknown
from services.scope import Scope

HOLIDAYS = ("2024-03-29", "2024-04-01", "2024-05-01", "2024-05-09", "2024-05-20")


def office(name: str, seed: int = 1, **times: tuple[str, str, float]) -> pd.DataFrame:
    """Hourly readings of an office on German holidays; each of ``times`` (from, to, factor) changes it."""
    date = pd.date_range("2024-02-01", "2024-06-10", freq="h", inclusive="left")
    date = date[date != pd.Timestamp("2024-03-10 02:00")]
    off = (date.day_of_week >= 5) | np.isin(date.normalize(), pd.DatetimeIndex(HOLIDAYS))
    busy = ~off & (date.hour >= 7) & (date.hour < 18)
    kwh = np.where(busy, 10.0, 2.5) * np.random.default_rng(seed).lognormal(0, 0.1, len(date))
    for start, end, factor in times.values():
        kwh[(date >= start) & (date < end)] *= factor
    return pd.DataFrame({"date": date, "device": name, "consumption (kWh)": kwh.round(3)})


def bring(scope: Scope, folder: Path, readings: pd.DataFrame) -> list[alerts.Alert]:
    path = folder / "meters.csv"
    readings.to_csv(path, index=False)
    return importing.import_file(scope, path).alerts


def test_what_was_normal_is_not_told_again(scope: Scope, tmp_path: Path) -> None:
    twice = {
        "one": ("2024-05-14 10:00", "2024-05-14 12:00", 4.0),
        "two": ("2024-05-21 10:00", "2024-05-21 12:00", 4.0),
    }
    first = bring(scope, tmp_path, office("Hall", **{"one": twice["one"]}))
    alerts.mark_normal(scope, [alert.id for alert in first])
    assert bring(scope, tmp_path, office("Hall", **twice).tail(24 * 21)) == []
    assert [alert.id for alert in alerts.list_alerts(scope)] == [alert.id for alert in first]


def test_holidays_are_those_of_the_facilitys_country(scope: Scope, tmp_path: Path) -> None:
    running = {"holiday": ("2024-05-20 09:00", "2024-05-20 17:00", 4.0)}
    assert bring(scope, tmp_path, office("Hall", **running)) == []
    facility.save(scope, Facility(country="QQ"))
    assert alerts.evaluate(scope) == []
    facility.save(scope, Facility(country="DE"))
    (found,) = alerts.evaluate(scope)
    assert (found.type, found.start) == ("spike", pd.Timestamp("2024-05-20 09:00", tz=scope.timezone))


def test_a_file_is_searched_by_the_holidays_of_a_country(tmp_path: Path) -> None:
    path, output = tmp_path / "meters.csv", tmp_path / "found.csv"
    office("Hall", holiday=("2024-05-20 09:00", "2024-05-20 17:00", 4.0)).to_csv(path, index=False)
    assert alerts.detect_file(path, output) == 0
    assert alerts.detect_file(path, output, "DE") == 8
    with pytest.raises(HolidaysUnknown, match="“QQ” are not known"):
        alerts.detect_file(path, output, "QQ")


def test_one_device_is_held_against_the_others_however_it_is_looked_at(scope: Scope, tmp_path: Path) -> None:
    hot = {"week": ("2024-05-13", "2024-05-20", 1.35)}
    offices = [office(f"Office {seed}", seed, **hot) for seed in range(6)]
    bring(scope, tmp_path, pd.concat(offices[1:]))
    bring(scope, tmp_path, offices[0])
    assert "anomaly" not in {alert.type for alert in alerts.list_alerts(scope)}
    assert alerts.evaluate(scope) == []
