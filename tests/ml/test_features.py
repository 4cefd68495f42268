"""What a model sees of a day: its past and the calendar, never its future."""

import numpy as np
import pandas as pd

from ml.forecasting.features import BUCKETS, bucket, daily_matrix, rows, training_set
from ml.forecasting.history import history
from ml.holidays import is_holiday


def _matrix(values: np.ndarray) -> pd.DataFrame:
    days = pd.date_range("2024-01-01", periods=len(values))
    return pd.DataFrame(values, index=days, columns=[f"meter {n}" for n in range(values.shape[1])])


def test_missing_days_are_neither_learnt_nor_skipped_in_counting_back() -> None:
    daily = pd.DataFrame(
        {
            "device": "A",
            "date": pd.date_range("2024-01-01", periods=60).delete(20),
            "consumption": np.delete(np.arange(1.0, 61.0), 20),
        }
    )
    matrix = daily_matrix(daily)
    assert len(matrix) == 60
    assert matrix["A"].isna().sum() == 1

    known = history(matrix)
    learnt, target = training_set(known, 6, 60, steps=7, most=5000)
    came = np.rint(target * learnt.scale)
    assert 21 not in came
    assert set(came[target < 4]) <= set(range(8, 61))

    origin, ahead = np.array([40, 40, 40]), np.array([1, 7, 8])
    asked = rows(known, origin, np.zeros(3, dtype=int), ahead)
    a_week_earlier = asked.features["same_weekday_1"] * asked.scale
    np.testing.assert_allclose(a_week_earlier, [35, 41, 35])


def test_features_do_not_know_what_comes() -> None:
    values = np.random.default_rng(1).gamma(4, 2, (500, 3))
    changed = values.copy()
    changed[440:] *= 10
    asked = np.repeat(np.arange(30, 440), 3), np.tile(np.arange(3), 410), np.tile([1, 2, 30], 410)
    before, after = (rows(history(_matrix(each)), *asked) for each in (values, changed))
    pd.testing.assert_frame_equal(before.features, after.features)
    np.testing.assert_array_equal(before.base, after.base)
    assert not before.features.equals(rows(history(_matrix(changed)), asked[0] + 20, *asked[1:]).features)


def test_a_device_a_thousand_times_larger_looks_the_same() -> None:
    values = np.random.default_rng(2).gamma(4, 2, (60, 2))
    small, large = (training_set(history(_matrix(each)), 6, 60, 28, 500) for each in (values, values * 1000))
    pd.testing.assert_frame_equal(small[0].features, large[0].features)
    np.testing.assert_allclose(small[1], large[1])


def test_every_horizon_is_learnt_about_as_often() -> None:
    found, _ = training_set(history(_matrix(np.ones((400, 4)))), 6, 400, 60, 6000)
    counts = np.bincount(bucket(found.ahead))
    assert len(counts) == BUCKETS.index(60) + 1
    assert counts.min() > 0.7 * counts.max()


def test_an_office_is_forecast_to_rest_on_the_holidays_of_its_country() -> None:
    days = pd.date_range("2023-01-01", "2024-12-20")
    rests = (days.day_of_week >= 5) | is_holiday(days, "DE")
    matrix = pd.DataFrame({"office": np.where(rests, 20.0, 100.0)}, index=days)
    christmas = [np.array([len(days) - 1] * 3), np.zeros(3, dtype=int), np.array([4, 5, 10])]
    with_country, without = (rows(history(matrix, country), *christmas) for country in ("DE", None))
    np.testing.assert_allclose(with_country.base * with_country.scale, [100, 20, 100], rtol=0.25)
    assert with_country.features["day_off"].tolist() == [0, 1, 0]
    assert without.base[1] > 0.9 * without.base[0]
