"""What is remarkable about interval data."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd

from services.readings.quality import Finding, MeterQuality, assess_quality, remarks

RANDOM = np.random.default_rng(7)
NOTHING = Finding(0, 0, 0, None)
KINDS = ("gaps", "duplicates", "zero_runs", "negative", "stuck_runs", "outliers", "interval_changes")


def meter(kwh: object = None, every: str = "h", count: int = 24 * 60, zone: str = "UTC") -> pd.DataFrame:
    """A meter that never repeats itself, unless told what it measures."""
    dates = pd.date_range("2024-01-01", periods=count, freq=every, tz=zone)
    used = RANDOM.gamma(2, 1, count) + 0.01 if kwh is None else kwh
    return pd.DataFrame({"device": "Chiller", "date": dates, "consumption": used})


def examined(frame: pd.DataFrame) -> MeterQuality:
    [found] = assess_quality(frame)
    return found


def found_only(meter: MeterQuality, kind: str) -> Finding:
    """The finding of that kind, when there is no other."""
    assert {k for k in KINDS if getattr(meter, k) != NOTHING} == {kind}
    finding: Finding = getattr(meter, kind)
    return finding


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2024, 1, number, hour, tzinfo=UTC)


def test_sound_meters_have_nothing_to_remark_at_any_interval() -> None:
    for every, count, minutes in (("min", 3000, 1), ("15min", 3000, 15), ("h", 3000, 60), ("MS", 36, 44640)):
        found = examined(meter(every=every, count=count))
        assert (found.readings, found.interval_minutes, found.completeness) == (count, minutes, 1)
        assert all(getattr(found, kind) == NOTHING for kind in KINDS)
    # Days in a facility's own time, of 23 and 25 hours among them.
    assert remarks(examined(meter(every="D", count=400, zone="Europe/Berlin")), "UTC")[0].sentence.startswith(
        "{device} is complete"
    )


def test_gaps_are_counted_and_the_longest_is_named() -> None:
    found = examined(meter().drop([30, 31, 48, 49, 50, 100]))
    assert found_only(found, "gaps") == Finding(3, 6, 3, day(3))
    assert found.missing_readings == 6
    assert str(remarks(found, "Europe/Berlin")[0]) == (
        "Chiller lacks 6 of 1,440 readings; the longest gap begins on 3 January 2024 at 01:00."
    )


def test_repeated_readings_count_once() -> None:
    frame = meter()
    found = examined(pd.concat([frame, frame.iloc[[5, 5, 9]]]))
    assert found_only(found, "duplicates") == Finding(3, 3, 1, day(1, 5))
    assert found.readings == len(frame)


def test_zeros_are_told_from_a_habit_of_zeros() -> None:
    outage = meter()
    outage.loc[48:80, "consumption"] = 0
    outage.loc[200:210, "consumption"] = 0
    assert found_only(examined(outage), "zero_runs") == Finding(1, 33, 33, day(3))
    weekends = meter(count=24 * 70)
    weekends.loc[weekends["date"].dt.day_of_week > 4, "consumption"] = 0
    assert all(getattr(examined(weekends), kind) == NOTHING for kind in KINDS)


def test_stuck_value_is_told_from_a_coarse_register() -> None:
    stuck = meter()
    stuck.loc[72:120, "consumption"] = 2.5
    assert found_only(examined(stuck), "stuck_runs") == Finding(1, 49, 49, day(4))
    coarse = meter(RANDOM.integers(1, 3, 24 * 60) / 10)
    assert all(getattr(examined(coarse), kind) == NOTHING for kind in KINDS)


def test_outliers_and_negative_readings_are_told_from_peaks() -> None:
    frame = meter()
    frame.loc[24, "consumption"] = 4000
    frame.loc[25, "consumption"] = 90
    assert found_only(examined(frame), "outliers") == Finding(2, 2, 1, day(2))
    frame = meter()
    frame.loc[[48, 49], "consumption"] = [-0.01, -0.02]
    assert found_only(examined(frame), "negative") == Finding(2, 2, 1, day(3, 1))
    # An electric car is charged every few nights.
    charger = meter(np.where(np.arange(24 * 60) % 72 < 2, 7.2, RANDOM.random(24 * 60) / 100))
    assert examined(charger).outliers == NOTHING


def test_change_of_interval_is_no_gap() -> None:
    hourly = meter(count=240)
    quarters = meter(every="15min", count=960)
    # A demand that stays the same is a quarter of the energy in a quarter of the time.
    quarters["consumption"] /= 4
    quarters["date"] += pd.Timedelta(days=10)
    found = examined(pd.concat([quarters, hourly]))
    assert found_only(found, "interval_changes") == Finding(1, 1, 1, day(11))
    assert found.interval_minutes == 15


def test_meters_are_examined_each_for_itself() -> None:
    sound, single = meter().assign(device="B"), meter(count=1).assign(device="C")
    gap = meter().drop(range(48, 96)).assign(device="A")
    shuffled = pd.concat([sound, single, gap]).sample(frac=1, random_state=1)
    a, b, c = assess_quality(shuffled)
    assert [m.device for m in (a, b, c)] == ["A", "B", "C"]
    assert found_only(a, "gaps") == Finding(1, 48, 48, day(3))
    assert (b.readings, b.start, b.end) == (1440, day(1), datetime(2024, 3, 1, tzinfo=UTC))
    assert (c.interval_minutes, c.start) == (None, c.end)
    assert str(remarks(c, "UTC")[0]) == "C has a single reading."
    assert assess_quality(shuffled.iloc[:0]) == []
