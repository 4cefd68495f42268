"""Models tested on days they have not seen, and forecasts many days ahead."""

import numpy as np
import pandas as pd
import pytest

from ml.features import scale_of
from ml.forecasting import forecast, last_known
from ml.models import NAMES
from ml.training import HistoryTooShort, HistoryTooSparse, evaluate, train

WEEK = np.array([1.0, 1.1, 1.0, 1.2, 1.1, 0.4, 0.3])


def _buildings(days: int, devices: int = 6) -> pd.DataFrame:
    """Offices that rest at weekends, with noise and slow waves; kWh by day and device."""
    rng = np.random.default_rng(7)
    dates = pd.date_range("2023-01-02", periods=days)
    level = rng.uniform(5, 500, devices)
    season = 1 + 0.2 * np.sin(2 * np.pi * dates.day_of_year.to_numpy() / 365.25)
    noise = rng.normal(1, 0.15, (days, devices))
    values = level * (WEEK[dates.day_of_week] * season)[:, None] * noise
    return pd.DataFrame(values, index=dates, columns=[f"office {n}" for n in range(devices)])


def _ahead(name: str, matrix: pd.DataFrame, steps: int) -> pd.DataFrame:
    starts = last_known(matrix) + pd.Timedelta(days=1)
    model = train(name, matrix)
    found = forecast(model, scale_of(matrix), matrix, starts.index, pd.DatetimeIndex(starts), steps)
    return found.pivot_table(index="date", columns="device", values="predicted")


@pytest.mark.parametrize("name", NAMES)
def test_each_model_beats_repeating_the_week_before(name: str) -> None:
    evaluation = evaluate(name, _buildings(460))
    assert evaluation.metrics["MASE"] < 0.9
    assert evaluation.metrics["WAPE"] < 0.15
    assert evaluation.metrics["R2"] > 0.9
    assert len(evaluation.errors) == 92 * 6
    assert evaluation.errors["date"].min() == evaluation.first_held_out


@pytest.mark.parametrize("name", NAMES)
def test_a_forecast_of_sixty_days_keeps_the_weeks_shape(name: str) -> None:
    matrix = _buildings(360)
    known, to_come = matrix[:300], matrix[300:]
    predicted = _ahead(name, known, 60)
    assert predicted.index.equals(to_come.index)
    wape = (predicted - to_come).abs().sum().sum() / to_come.sum().sum()
    repeated = np.tile(known[-7:].to_numpy(), (9, 1))[:60]
    naive = (repeated - to_come).abs().sum().sum() / to_come.sum().sum()
    assert wape < naive


@pytest.mark.parametrize("name", NAMES)
def test_two_weeks_are_enough_and_less_is_refused(name: str) -> None:
    assert evaluate(name, _buildings(14)).metrics["WAPE"] < 1
    assert _ahead(name, _buildings(14), 60).notna().all(axis=None)
    with pytest.raises(HistoryTooShort) as refused:
        evaluate(name, _buildings(13))
    assert refused.value.days == 13


@pytest.mark.parametrize("name", NAMES)
def test_odd_devices_do_no_harm(name: str) -> None:
    matrix = _buildings(120).assign(nothing=0.0, constant=10.0, stopped=5.0, new=np.nan, gappy=7.0)
    matrix.loc[matrix.index[60:], "stopped"] = np.nan
    matrix.loc[matrix.index[-3:], "new"] = 4.0
    matrix.loc[matrix.index[::3], "gappy"] = np.nan
    assert all(np.isfinite(list(evaluate(name, matrix).metrics.values())))
    last = pd.DatetimeIndex([matrix.index[-1] + pd.Timedelta(days=1)] * matrix.shape[1])
    found = forecast(train(name, matrix), scale_of(matrix), matrix, matrix.columns, last, 30)
    predicted = found.pivot_table(index="date", columns="device", values="predicted")
    assert "stopped" not in predicted
    assert predicted["nothing"].eq(0).all()
    for device, usual in {"constant": 10.0, "new": 4.0, "gappy": 7.0}.items():
        assert predicted[device].between(0.2 * usual, 1.5 * usual).all()


def test_a_facility_that_used_nothing_is_forecast_to_use_nothing() -> None:
    nothing = _buildings(30) * 0
    for name in NAMES:
        assert evaluate(name, nothing).metrics["WAPE"] == 0
        assert _ahead(name, nothing, 10).eq(0).all(axis=None)


@pytest.mark.parametrize("name", NAMES)
def test_devices_metered_in_different_years_are_learnt_together(name: str) -> None:
    matrix = _buildings(900, 2)
    matrix.iloc[:800, 0] = np.nan
    matrix.iloc[100:, 1] = np.nan
    assert evaluate(name, matrix).first_held_out == matrix.index[860]


@pytest.mark.parametrize("name", NAMES)
def test_a_reading_a_week_is_too_sparse(name: str) -> None:
    matrix = _buildings(200)
    matrix[matrix.index.day_of_week > 0] = np.nan
    with pytest.raises(HistoryTooSparse):
        evaluate(name, matrix)
