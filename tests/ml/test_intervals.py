"""Intervals from the errors of a backtest."""

import numpy as np
import pandas as pd
import pytest

from ml.arrays import Floats
from ml.forecasting.backtest import Backtest
from ml.forecasting.combination import single
from ml.forecasting.prediction_intervals import LEVELS, Intervals, intervals

AHEAD = np.arange(1, 29)


def _calibrated(
    error: Floats, scatter: Floats | None = None, restlessness: Floats | None = None
) -> Intervals:
    """From errors (origins, days ahead, devices) of forecasts three days apart."""
    origins, devices = len(error), error.shape[2]
    test = Backtest(
        origins=200 + 3 * np.arange(origins),
        devices=pd.Index([f"meter {n}" for n in range(devices)]),
        predicted={"model": np.ones(error.shape)},
        actual=1 + error,
        scale=np.ones((origins, devices)),
        scatter=np.ones((origins, devices)) if scatter is None else scatter,
        restlessness=np.ones(devices) if restlessness is None else restlessness,
        test_from=200 + 3 * origins,
    )
    return intervals(test, single("model"))


def _normal(origins: int, devices: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).normal(0, 0.1, (origins, len(AHEAD), devices))


@pytest.mark.parametrize("level", LEVELS)
def test_errors_of_many_meters_give_the_quantiles_of_their_distribution(level: float) -> None:
    found = _calibrated(_normal(40, 100))
    below, above = found.bounds(level, found.devices, AHEAD)
    for bound in (below, above):
        assert bound[:21].mean(axis=1) == pytest.approx({0.8: 0.128, 0.95: 0.196}[level], rel=0.08)


def test_that_the_last_forecasts_were_too_low_moves_no_interval() -> None:
    right, low = _calibrated(_normal(40, 5)), _calibrated(_normal(40, 5) + 0.3)
    for one, other in zip(*(found.bounds(0.8, found.devices, AHEAD) for found in (right, low)), strict=True):
        np.testing.assert_allclose(one, other)


def test_few_independent_errors_make_a_wider_interval() -> None:
    one = _normal(40, 1)
    few, many = _calibrated(one), _calibrated(np.repeat(one, 100, axis=2))
    for level in LEVELS:
        wide, wider = (found.bounds(level, found.devices[:1], AHEAD)[1][-1, 0] for found in (many, few))
        assert 1.04 < wider / wide < 1.2


def test_a_restless_time_has_wider_intervals_and_a_calm_one_narrower() -> None:
    scatter = np.where(np.arange(40) % 2, 0.5, 2.0)[:, None] * np.ones(6)
    found = _calibrated(_normal(40, 6) * scatter[:, None, :], scatter)
    calm, restless = (found.scatter_ratio(found.devices, row) for row in (scatter[1], scatter[0]))
    assert (restless > 1.4 * calm).all()
    below, above = found.bounds(0.8, found.devices, AHEAD)
    for factor, row in ((calm, scatter[1]), (restless, scatter[0])):
        to_come = _normal(40, 6, seed=2) * row
        adapted = (-below * factor <= to_come) & (to_come <= above * factor)
        alike = (-below <= to_come) & (to_come <= above)
        assert abs(adapted.mean() - 0.8) < abs(alike.mean() - 0.8)


def test_a_meter_that_was_more_restless_in_other_seasons_has_wider_intervals() -> None:
    usual, restless = (_calibrated(_normal(40, 2), restlessness=np.array([1.0, more])) for more in (1.0, 2.0))
    wide, wider = (found.bounds(0.8, found.devices, AHEAD)[1].mean(axis=0) for found in (usual, restless))
    assert wider[1] > 1.4 * wide[1]
    assert wider[0] < 1.4 * wide[0]


def test_a_meter_without_scatter_or_unknown_is_taken_as_usual() -> None:
    found = _calibrated(_normal(40, 2), np.zeros((40, 2)))
    assert found.scatter_ratio(found.devices, np.array([0.0, 3.0])).tolist() == [1.0, 1.0]
    assert found.scatter_ratio(pd.Index(["another"]), np.array([3.0])).tolist() == [1.0]
