"""What a model sees of a day: its past and the calendar, never its future."""

import numpy as np
import pandas as pd

from ml.features import LEARNABLE, daily_matrix, examples, scale_of


def _matrix(values: np.ndarray) -> pd.DataFrame:
    days = pd.date_range("2024-01-01", periods=len(values))
    return pd.DataFrame(values, index=days, columns=[f"meter {n}" for n in range(values.shape[1])])


def test_missing_days_are_neither_learnt_nor_skipped_in_counting_back() -> None:
    daily = pd.DataFrame(
        {
            "device": "A",
            "date": pd.date_range("2024-01-01", periods=30).delete(20),
            "consumption": np.delete(np.arange(1.0, 31.0), 20),
        }
    )
    matrix = daily_matrix(daily)
    assert len(matrix) == 30
    assert matrix["A"].isna().sum() == 1

    features, target = examples(matrix)
    learnt = [day for day in range(LEARNABLE, 30) if day != 20]
    assert target.tolist() == [day + 1.0 for day in learnt]
    a_week_earlier = features["lag_7"].to_numpy()
    assert all(a_week_earlier[learnt.index(day)] == day - 6 for day in learnt if day != 27)


def test_features_do_not_know_what_comes() -> None:
    values = np.random.default_rng(1).gamma(4, 2, (60, 3))
    changed = values.copy()
    changed[40:] *= 10
    before, target = examples(_matrix(values))
    after, _ = examples(_matrix(changed))
    up_to_day_40 = (40 - LEARNABLE + 1) * 3
    pd.testing.assert_frame_equal(before[:up_to_day_40], after[:up_to_day_40])
    assert not before.equals(after)
    assert len(target) == len(before)


def test_a_device_a_thousand_times_larger_looks_the_same() -> None:
    values = np.random.default_rng(2).gamma(4, 2, (60, 2))
    small, large = _matrix(values), _matrix(values * 1000)
    features, target = examples(scale_of(small).shares(small))
    scaled, scaled_target = examples(scale_of(large).shares(large))
    pd.testing.assert_frame_equal(features, scaled)
    np.testing.assert_allclose(target, scaled_target)
