"""A device's own smoothings: what they follow, and what they leave alone."""

import numpy as np
import pandas as pd
import pytest

from ml.arrays import Floats
from ml.forecasting.features import rows
from ml.forecasting.history import history
from ml.forecasting.smoothing import without_outliers

WEEK = np.array([1.0, 1.1, 1.0, 1.2, 1.1, 0.4, 0.3])


def _ahead(values: Floats, ahead: int = 28) -> Floats:
    """Forecast the days after the last, (days, devices), in kWh."""
    matrix = pd.DataFrame(values, index=pd.date_range("2023-01-02", periods=len(values)))
    step, device = (axis.ravel() for axis in np.indices((ahead, matrix.shape[1])))
    found = rows(history(matrix), np.full(len(step), len(matrix) - 1), device, step + 1)
    return (found.base * found.scale).reshape(ahead, -1)


def _week(days: int) -> Floats:
    return WEEK[np.arange(days) % 7]


def test_each_meter_has_the_level_that_suits_it() -> None:
    rng = np.random.default_rng(3)
    noisy = 100 * rng.lognormal(0, 0.3, 300)
    walking = 100 * np.exp(np.cumsum(rng.normal(0, 0.1, 300)))
    bank = history(
        pd.DataFrame({"noisy": noisy, "walking": walking}, pd.date_range("2023-01-02", periods=300))
    ).bank
    quick = bank.weights[0, -1].T @ np.abs(np.diff(bank.level, axis=0)).mean(axis=(0, 2))
    assert quick[1] > 2 * quick[0]


def test_a_new_shape_of_the_week_is_learnt_within_weeks() -> None:
    moved = np.roll(WEEK, 2)
    values = 100 * np.concatenate([np.tile(WEEK, 40), np.tile(moved, 6)])[:, None]
    np.testing.assert_allclose(_ahead(values, 14)[:, 0], 100 * np.tile(moved, 2), rtol=0.1)


def test_a_single_odd_day_moves_no_level() -> None:
    level = 100 + np.random.default_rng(4).normal(0, 2, (60, 1))
    odd = level.copy()
    odd[50] = 1000
    np.testing.assert_allclose(without_outliers(odd)[50], 100, atol=20)
    np.testing.assert_allclose(without_outliers(odd)[:50], without_outliers(level)[:50])


def test_half_of_last_years_way_is_expected_again() -> None:
    days = np.arange(3 * 364)
    season = 100 * (1 + 0.5 * np.cos(2 * np.pi * days / 364))
    values = (season * _week(len(days)))[:, None]
    origin = 2 * 364 + 240  # consumption rises from here
    to_come = values[origin : origin + 28, 0]
    error, flat = (
        np.abs(_ahead(known)[:, 0] - to_come).mean()
        for known in (values[:origin], values[origin - 360 : origin])
    )
    assert error < 0.8 * flat


@pytest.mark.parametrize("days", [8, 20, 40])
def test_a_short_history_is_forecast_by_its_mean(days: int) -> None:
    assert _ahead(np.full((days, 1), 50.0))[:, 0] == pytest.approx(50.0)
