"""What goes wrong in an office's readings is found where it is, and nothing else is."""

import numpy as np
import pandas as pd
import pytest

from ml.detection import anomalies

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


@pytest.mark.parametrize("days", [7, 21, 28, 40])
@pytest.mark.parametrize("times", [1.5, 0.5, 0.1])
def test_usual_rests_on_no_day_of_an_event_and_its_end_is_none(days: int, times: float) -> None:
    readings = office("1h", days=270)
    usual = readings["consumption"].copy()
    start = pd.Timestamp("2024-05-13", tz=ZONE)
    end = start + pd.DateOffset(days=days)
    readings.loc[(readings["date"] >= start) & (readings["date"] < end), "consumption"] *= times
    later = during(readings, "2024-07-03 10:00", "2024-07-03 12:00")
    readings.loc[later, "consumption"] *= 4

    shift, spike = anomalies.events(anomalies.find(readings)).to_dict("records")

    assert (shift["kind"], shift["start"]) == ("shift", start)
    assert abs(shift["end"] - end) <= pd.Timedelta(days=2)
    within = (readings["date"] >= start) & (readings["date"] < shift["end"])
    assert shift["expected"] == pytest.approx(usual[within].sum(), rel=0.02)
    assert (spike["kind"], spike["start"].date().isoformat()) == ("spike", "2024-07-03")
    assert spike["expected"] == pytest.approx(usual[later].sum(), rel=0.3)


def test_less_is_a_shift_where_it_is_far_less_than_the_meter_ever_strays() -> None:
    readings = office("1h")
    readings.loc[during(readings, "2024-05-13", "2024-05-20"), "consumption"] *= 0.67

    (event,) = anomalies.events(anomalies.find(readings)).to_dict("records")

    assert event["kind"] == "shift"
    assert event["actual"] / event["expected"] == pytest.approx(0.67, rel=0.1)


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


def test_only_earlier_readings_speak() -> None:
    """Whatever is made of the readings that follow, the events of the days before are the same."""
    readings = office("1h")
    readings.loc[during(readings, "2024-05-07 10:00", "2024-05-07 12:00"), "consumption"] *= 4
    readings.loc[during(readings, "2024-05-11 20:00", "2024-05-12 20:00"), "consumption"] = 0
    other = readings.copy()
    other.loc[other["date"] >= pd.Timestamp("2024-05-20", tz=ZONE), "consumption"] *= 7
    found = [anomalies.find(each) for each in (readings, other)]
    before = [each[each["date"] < pd.Timestamp("2024-05-19", tz=ZONE)] for each in found]
    assert set(before[0]["kind"]) == {"spike", "outage"}
    pd.testing.assert_frame_equal(before[0].drop(columns="severity"), before[1].drop(columns="severity"))


def mixed() -> list[pd.DataFrame]:
    """Meters of all intervals, with gaps, of other spans, each with something wrong."""
    meters = [
        office(interval, seed=seed, days=days).assign(device=f"{interval} {seed}")
        for interval in INTERVALS
        for seed, days in ((3, 150), (4, 120), (5, 60), (6, 10))
    ]
    for number, readings in enumerate(meters):
        wrong = readings.index[-len(readings) // 4 :][: 6 if len(readings) > 500 else 1]
        readings.loc[wrong, "consumption"] *= 5
        meters[number] = readings.drop(index=readings.index[len(readings) // 3 :][: number * 3])
    return meters


def test_meters_are_looked_at_together_as_if_each_were_alone() -> None:
    meters = mixed()
    shuffled = pd.concat(meters).sample(frac=1, random_state=0)
    together = anomalies.find(shuffled)
    alone = pd.concat([anomalies.find(readings) for readings in meters])
    columns = ["device", "date", "kind"]
    # What meters have in common, which one alone cannot know, only tells shifts.
    spikes = [each.loc[each["kind"] == "spike", columns].sort_values(columns) for each in (together, alone)]
    assert spikes[0]["device"].nunique() >= 6
    pd.testing.assert_frame_equal(*(each.reset_index(drop=True) for each in spikes))


@pytest.mark.parametrize("closed", [[], ["2024-03-29", "2024-04-01", "2024-05-01"]])
def test_what_all_meters_do_is_a_shift_of_none(closed: list[str]) -> None:
    meters = [office("1h", seed=seed).assign(device=f"Office {seed}") for seed in range(6)]
    for readings in meters:
        # Days off that nobody told, which move a mean day far more than most of its hours.
        off = readings["date"].dt.strftime("%Y-%m-%d").isin(closed) & readings["date"].dt.hour.between(7, 17)
        readings.loc[off, "consumption"] /= 4
        readings.loc[during(readings, "2024-05-13", "2024-05-20"), "consumption"] *= 1.35
    hot = pd.concat(meters, ignore_index=True)
    assert "shift" not in set(anomalies.find(hot)["kind"])
    one = hot["device"] == "Office 0"
    assert set(anomalies.find(hot[one])["kind"]) == {"shift"}
    days = hot[~one].assign(date=hot["date"].dt.normalize())
    daily = days.groupby(["device", "date"], as_index=False)["consumption"].sum()
    assert "shift" not in set(anomalies.find(hot[one], others=daily)["kind"])


def test_a_few_hours_are_no_shift_of_their_days() -> None:
    readings = office("1h")
    week = during(readings, "2024-05-13", "2024-05-20")
    readings.loc[week & readings["date"].dt.hour.isin([1, 2, 3]), "consumption"] += 20
    assert "shift" not in set(anomalies.find(readings)["kind"])


def test_a_holiday_is_expected_like_a_sunday() -> None:
    readings = office("1h")
    for day in ("2024-03-29", "2024-04-01", "2024-05-01", "2024-05-09", "2024-05-20"):
        readings.loc[during(readings, f"{day} 07:00", f"{day} 18:00"), "consumption"] *= 0.25
    readings.loc[during(readings, "2024-05-20 09:00", "2024-05-20 17:00"), "consumption"] *= 4
    assert anomalies.find(readings).empty
    (event,) = anomalies.events(anomalies.find(readings, country="DE")).to_dict("records")
    assert (event["kind"], event["start"]) == ("spike", pd.Timestamp("2024-05-20 09:00", tz=ZONE))


def test_what_was_called_normal_is_not_called_again() -> None:
    readings = office("1h")
    # A heat-up on two Tuesdays, one on a Friday night, and one much higher.
    for start, end, times in (
        ("2024-05-07 10:00", "2024-05-07 12:00", 4),
        ("2024-05-14 10:00", "2024-05-14 12:00", 5),
        ("2024-05-24 20:00", "2024-05-24 22:00", 8),
        ("2024-06-05 12:00", "2024-06-05 14:00", 9),
    ):
        readings.loc[during(readings, start, end), "consumption"] *= times
    first = anomalies.events(anomalies.find(readings))
    assert len(first) == 4
    found = anomalies.events(anomalies.find(readings, normal=first.iloc[:1]))
    # The same hour of another week, and no higher than it was, are as normal; the event itself stays.
    assert found["start"].tolist() == [first["start"].iloc[0], first["start"].iloc[3]]
    other = first.iloc[:1].assign(device="Another")
    assert len(anomalies.events(anomalies.find(readings, normal=other))) == 4


def test_an_outage_that_happens_often_is_a_habit() -> None:
    readings = office("1h")
    for night in pd.date_range("2024-05-01", "2024-06-12", freq="10D"):
        start = night + pd.Timedelta(hours=20)
        off = during(readings, str(start), str(start + pd.Timedelta(hours=12)))
        readings.loc[off, "consumption"] = 0
    found = anomalies.events(anomalies.find(readings))
    assert found["kind"].tolist() == ["outage"] * 3


@pytest.mark.parametrize("interval", INTERVALS[:2])
def test_a_habit_is_told_once(interval: str) -> None:
    readings = office(interval)
    hours = pd.Timedelta(interval) / pd.Timedelta(hours=1)
    since = pd.Timestamp("2024-05-06", tz=ZONE)
    nightly = (readings["date"] >= since) & readings["date"].dt.hour.isin([1, 2, 3])
    readings.loc[nightly, "consumption"] += 5 * hours

    found = anomalies.find(readings)

    (event,) = anomalies.events(found).to_dict("records")
    assert (event["kind"], event["start"]) == ("habit", pd.Timestamp("2024-05-06 01:00", tz=ZONE))
    assert (event["first_end"], event["stretches"]) == (pd.Timestamp("2024-05-06 04:00", tz=ZONE), 3)
    assert event["end"] <= pd.Timestamp("2024-05-13", tz=ZONE)
    # The first nights are spikes as long as nobody knows the third.
    early = anomalies.find(readings[readings["date"] < pd.Timestamp("2024-05-08", tz=ZONE)])
    assert set(early["kind"]) == {"spike"}


def test_looking_can_be_stopped() -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        anomalies.find(office("1h"), between=stop)


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


def billed(first: str, count: int, freq: str, seed: int = 3) -> pd.DataFrame:
    """Bills of a heated building: three times as much a day in winter as in summer."""
    edges = pd.date_range(first, periods=count + 1, freq=freq)
    start, days = edges[:-1], np.diff(edges) / np.timedelta64(1, "D")
    season = 1 + 0.5 * np.cos(2 * np.pi * (start.day_of_year - 15) / 365)
    kwh = np.asarray(10 * days * season * np.random.default_rng(seed).lognormal(0, 0.05, count))
    return pd.DataFrame({"device": "Bills", "date": start.tz_localize(ZONE), "consumption": kwh})


@pytest.mark.parametrize(("count", "freq"), [(40, "MS"), (20, "QS"), (150, "W-MON"), (12, "YS")])
@pytest.mark.parametrize("times", [1.9, 0.4])
def test_bills_are_held_against_those_of_their_season(count: int, freq: str, times: float) -> None:
    readings = billed("2010-01-01", count, freq)
    assert anomalies.find(readings).empty
    usual = readings["consumption"].copy()
    wrong = count - 4
    readings.loc[wrong, "consumption"] *= times
    (event,) = anomalies.events(anomalies.find(readings)).to_dict("records")
    assert (event["kind"], event["start"]) == ("bill", readings["date"][wrong])
    assert event["end"] == readings["date"][wrong + 1]
    assert event["actual"] == pytest.approx(usual[wrong] * times)
    assert event["expected"] == pytest.approx(usual[wrong], rel=0.2)


def test_a_meter_that_counts_below_zero_is_looked_at_like_one_that_counts_above() -> None:
    readings = office("1h")
    wrong = during(readings, "2024-05-14 10:00", "2024-05-14 12:00")
    readings.loc[wrong, "consumption"] *= 4
    above = anomalies.find(readings)
    below = anomalies.find(readings.assign(consumption=-readings["consumption"]))
    assert len(above) == 2
    for name in ("consumption", "expected"):
        assert below[name].to_numpy() == pytest.approx(-above[name].to_numpy())
    unchanged = ["device", "date", "end", "kind", "severity", "event"]
    pd.testing.assert_frame_equal(above[unchanged], below[unchanged])
