"""Models tested on days they have not seen, and forecasts many days ahead."""

import numpy as np
import pandas as pd
import pytest

from ml.forecasting.combination import WEIGHTED
from ml.forecasting.forecast import forecast
from ml.forecasting.models import NAIVE, NAMES
from ml.forecasting.prediction_intervals import narrowing
from ml.forecasting.training import COMBINATION, HistoryTooShort, HistoryTooSparse, Trained, train
from ml.holidays import CountryUnknown

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


@pytest.fixture(scope="module")
def to_come() -> pd.DataFrame:
    return _buildings(420)[360:]


@pytest.fixture(scope="module")
def trained() -> Trained:
    """From the first 360 days of six buildings."""
    return train(_buildings(420)[:360], 60)


def _ahead(trained: Trained, name: str, matrix: pd.DataFrame, steps: int) -> pd.DataFrame:
    found = forecast(trained.forecasters[name], matrix, steps)
    return found.pivot_table(index="date", columns="device", values="predicted")


def test_the_scores_are_those_of_days_that_the_models_had_not_seen(trained: Trained) -> None:
    assert list(trained.scores) == [COMBINATION, *NAMES]
    naive = trained.scores[NAIVE]
    for name in set(trained.scores) - {NAIVE}:
        assert trained.scores[name]["MASE"] < 0.85 * naive["MASE"]
        assert trained.scores[name]["WAPE"] < 0.15
    assert trained.first_held_out == pd.Timestamp("2023-01-02") + pd.Timedelta(days=360 - 112)


@pytest.mark.parametrize("name", [COMBINATION, *NAMES])
def test_a_forecast_of_sixty_days_keeps_the_weeks_shape(
    name: str, trained: Trained, to_come: pd.DataFrame
) -> None:
    known = _buildings(420)[:360]
    predicted = _ahead(trained, name, known, 60)
    assert predicted.index.equals(to_come.index)
    wape = (predicted - to_come).abs().sum().sum() / to_come.sum().sum()
    assert wape < (0.25 if name == NAIVE else 0.16)


def test_an_lstm_is_among_the_models_where_pytorch_is_installed(trained: Trained) -> None:
    pytest.importorskip("torch")
    assert trained.scores["lstm"]["WAPE"] < 0.15


def test_intervals_hold_what_they_say(trained: Trained, to_come: pd.DataFrame) -> None:
    found = forecast(trained.forecasters[COMBINATION], _buildings(420)[:360], 60)
    came = to_come.stack().loc[list(zip(found["date"], found["device"], strict=True))].to_numpy()
    for level in (80, 95):
        within = (found[f"lower_{level}"] <= came) & (came <= found[f"upper_{level}"])
        assert within.mean() == pytest.approx(level / 100, abs=0.05)
    assert set(found["model"]) == {WEIGHTED}


def test_a_sum_is_surer_than_its_parts(trained: Trained) -> None:
    intervals = trained.forecasters[COMBINATION].intervals
    level, ends = _buildings(360).mean(), np.array([7, 30, 60])
    of_all, week = narrowing(intervals, 0.8, 1, ends, level), narrowing(intervals, 0.8, 7, ends)
    assert (np.concatenate([of_all, week]) < 1.0).all()
    assert week[0] < week[-1], "far ahead days err together"


def test_what_a_forecast_rests_on(trained: Trained) -> None:
    shares = trained.importance[COMBINATION]
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["shape_of_week"] == max(shares.values())


def test_two_weeks_are_enough_and_less_is_refused() -> None:
    matrix = _buildings(14)
    found = forecast(train(matrix, 60).forecasters[COMBINATION], matrix, 60)
    assert found.notna().all(axis=None)
    assert found["predicted"].between(0, 1.5 * matrix.max().max()).all()
    with pytest.raises(HistoryTooShort) as refused:
        train(_buildings(13), 60)
    assert refused.value.days == 13


def test_odd_devices_do_no_harm() -> None:
    matrix = _buildings(120).assign(nothing=0.0, constant=10.0, stopped=5.0, new=np.nan, gappy=7.0)
    matrix.loc[matrix.index[60:], "stopped"] = np.nan
    matrix.loc[matrix.index[-3:], "new"] = 4.0
    matrix.loc[matrix.index[::3], "gappy"] = np.nan
    trained = train(matrix.assign(unread=np.nan), 30)
    for name in trained.forecasters:
        assert all(np.isfinite(list(trained.scores[name].values())))
        found = forecast(trained.forecasters[name], matrix.assign(unread=np.nan), 30)
        assert found.notna().all(axis=None)
        predicted = found.groupby("device")["predicted"].agg(["min", "max"])
        assert "unread" not in predicted.index
        assert predicted.loc["nothing"].eq(0).all()
        for device, usual in {"constant": 10.0, "new": 4.0, "gappy": 7.0}.items():
            assert predicted.loc[device].between(0.2 * usual, 1.5 * usual).all()
        assert found[found["device"] == "stopped"]["date"].min() == matrix.index[60]


def test_a_facility_that_used_nothing_is_forecast_to_use_nothing() -> None:
    nothing = _buildings(30) * 0
    trained = train(nothing, 10)
    assert all(scores["WAPE"] == 0 for scores in trained.scores.values())
    assert _ahead(trained, COMBINATION, nothing, 10).eq(0).all(axis=None)


def test_devices_metered_in_different_years_are_learnt_together() -> None:
    matrix = _buildings(900, 2)
    matrix.iloc[:800, 0] = np.nan
    matrix.iloc[100:, 1] = np.nan
    found = forecast(train(matrix, 10).forecasters[COMBINATION], matrix, 10)
    assert found.groupby("device")["date"].min().tolist() == [pd.Timestamp("2025-06-20"), matrix.index[100]]


def test_many_meters_are_forecast_by_several_processes_as_by_one() -> None:
    matrix = _buildings(60, 700)
    trained = train(matrix, 7)
    many = forecast(trained.forecasters[COMBINATION], matrix, 7)
    few = forecast(trained.forecasters[COMBINATION], matrix.iloc[:, :5], 7)
    assert many["device"].nunique() == 700
    pd.testing.assert_frame_equal(many[: len(few)], few)


def test_a_reading_a_week_is_too_sparse() -> None:
    matrix = _buildings(200)
    matrix[matrix.index.day_of_week > 0] = np.nan
    with pytest.raises(HistoryTooSparse):
        train(matrix, 10)


def test_a_country_that_is_none_is_refused() -> None:
    with pytest.raises(CountryUnknown):
        train(_buildings(60), 10, "XX")


def test_training_tells_how_far_it_is_and_can_be_stopped() -> None:
    told: list[tuple[int, int]] = []

    def stop_at_four(done: int, total: int) -> None:
        told.append((done, total))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(_buildings(60), 10, finished=stop_at_four)
    assert told == [(done, 2 * len(NAMES) + 1) for done in (1, 2, 3, 4)]
