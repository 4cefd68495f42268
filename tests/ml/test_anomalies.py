"""What goes wrong in an office's readings is found where it is, and nothing else is."""

import numpy as np
import pandas as pd
import pytest

from ml import anomalies

ZONE = "Europe/Berlin"
INTERVALS = ["15min", "1h", "1D"]


def office(interval: str, days: int = 180, seed: int = 1, size: float = 10.0) -> pd.DataFrame:
    """Readings of a noisy office that is busy on working days, over both changes of clocks."""
    first = pd.Timestamp("2024-02-01", tz=ZONE)
    date = pd.date_range(first, first + pd.DateOffset(days=days), freq=interval, inclusive="left")
    busy = (date.day_of_week < 5) & ((date.hour >= 7) & (date.hour < 18) | (interval == "1D"))
    hours = pd.Timedelta(interval) / pd.Timedelta(hours=1)
    # A whole day evens out much of the noise of its hours.
    noise = np.random.default_rng(seed).lognormal(0, 0.05 if interval == "1D" else 0.15, len(date))
    return pd.DataFrame(
        {"device": "Office", "date": date, "consumption": hours * size * np.where(busy, 1.0, 0.25) * noise}
    )


def during(readings: pd.DataFrame, start: str, end: str) -> pd.Series:
    return readings["date"].between(
        pd.Timestamp(start, tz=ZONE), pd.Timestamp(end, tz=ZONE), inclusive="left"
    )


@pytest.mark.parametrize("interval", INTERVALS)
def test_a_quiet_year_stays_quiet(interval: str) -> None:
    assert anomalies.find(office(interval, days=366)).empty


@pytest.mark.parametrize("interval", INTERVALS[:2])
@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        ("spike", "2024-05-14 10:00", "2024-05-14 12:00"),
        # A building that was left running on a Sunday, though no more than on a working day.
        ("spike", "2024-06-02 09:00", "2024-06-02 17:00"),
        ("outage", "2024-05-14 08:00", "2024-05-14 20:00"),
        ("outage", "2024-05-11 22:00", "2024-05-12 22:00"),
        ("stuck", "2024-05-15 16:00", "2024-05-16 16:00"),
    ],
)
def test_an_event_is_found_once_and_whole(kind: str, start: str, end: str, interval: str) -> None:
    readings = office(interval)
    wrong = during(readings, start, end)
    before = readings.loc[wrong, "consumption"]
    happened = {"spike": before * 4, "outage": before * 0, "stuck": before.iloc[0]}[kind]
    readings.loc[wrong, "consumption"] = happened

    (event,) = anomalies.events(anomalies.find(readings)).to_dict("records")

    assert (event["device"], event["kind"]) == ("Office", kind)
    assert event["start"] == pd.Timestamp(start, tz=ZONE)
    assert event["end"] == pd.Timestamp(end, tz=ZONE)
    assert event["actual"] == pytest.approx(readings.loc[wrong, "consumption"].sum())
    assert event["expected"] == pytest.approx(before.sum(), rel=0.15)


@pytest.mark.parametrize("interval", INTERVALS)
def test_a_week_of_another_level_is_one_shift(interval: str) -> None:
    readings = office(interval)
    wrong = during(readings, "2024-05-13", "2024-05-20")
    readings.loc[wrong, "consumption"] *= 1.35

    (event,) = anomalies.events(anomalies.find(readings)).to_dict("records")

    assert (event["kind"], event["severity"]) == ("shift", "high")
    assert event["start"] >= pd.Timestamp("2024-05-12", tz=ZONE)
    assert event["end"] <= pd.Timestamp("2024-05-21", tz=ZONE)
    assert event["actual"] / event["expected"] == pytest.approx(1.35, rel=0.1)


def test_a_day_of_nothing_is_an_outage_in_daily_readings() -> None:
    readings = office("1D")
    wrong = during(readings, "2024-05-14", "2024-05-15")
    readings.loc[wrong, "consumption"] = 0.0
    found = anomalies.find(readings)
    assert found[["kind", "severity"]].to_numpy().tolist() == [["outage", "high"]]


def test_what_was_found_does_not_depend_on_later_readings() -> None:
    readings = office("1h")
    readings.loc[during(readings, "2024-05-14 10:00", "2024-05-14 12:00"), "consumption"] *= 4
    until_then = readings[readings["date"] < pd.Timestamp("2024-05-15", tz=ZONE)]
    at_once = anomalies.events(anomalies.find(until_then))
    later = anomalies.events(anomalies.find(readings))
    assert at_once[["start", "end", "kind"]].equals(later[["start", "end", "kind"]])


def test_short_histories_and_tiny_loads_are_left_alone() -> None:
    short, tiny = office("1h", days=13), office("1h", size=0.001).assign(device="Charger")
    for readings in (short, tiny):
        readings.loc[readings.index[-50:-45], "consumption"] *= 20
    assert anomalies.find(pd.concat([short, tiny])).empty
    assert anomalies.find(short.iloc[:0]).empty


def test_steady_loads_are_not_stuck() -> None:
    readings = office("1h")
    readings["consumption"] = np.where((readings["date"].dt.hour - 6) % 24 < 12, 0.4, 1.0)
    assert anomalies.find(readings).empty
