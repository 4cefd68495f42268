"""Forecasts by other libraries; run by `forecast_benchmark` with an interpreter that has them.

They demand pandas 2 where Loadlens needs pandas 3, so that files go between: argument 1 is a CSV of
histories (fold, unique_id, ds, y), argument 2 where the forecasts go (fold, unique_id, ds, a column for
each peer), argument 3 where the seconds go (JSON); further ones name the peers, all of them if there is none.
"""

import json
import sys
import time
import warnings

import lightgbm
import pandas as pd
from mlforecast import MLForecast
from mlforecast.lag_transforms import RollingMean
from sklearn.linear_model import LinearRegression
from statsforecast import StatsForecast
from statsforecast.models import (
    MSTL,
    AutoARIMA,
    AutoCES,
    AutoETS,
    AutoTheta,
    DynamicOptimizedTheta,
    SeasonalNaive,
    SeasonalWindowAverage,
    WindowAverage,
)

HORIZON, WEEK = 28, 7


def statistical(model: object, history: pd.DataFrame) -> pd.DataFrame:
    found = StatsForecast([model], freq="D", n_jobs=1).forecast(df=history, h=HORIZON)
    return found.rename(columns={found.columns[-1]: "y"})


def learnt(model: object, history: pd.DataFrame) -> pd.DataFrame:
    # Of the settings tried on the homes, those with which linear regression did best.
    learner = MLForecast(
        models={"y_hat": model},
        freq="D",
        lags=[1, 2, 3, 7, 14, 21, 28],
        lag_transforms={1: [RollingMean(7)], 7: [RollingMean(28)]},
        date_features=["dayofweek"],
    )
    return learner.fit(history).predict(HORIZON).rename(columns={"y_hat": "y"})


PEERS = {
    "SeasonalNaive": lambda h: statistical(SeasonalNaive(WEEK), h),
    "WindowAverage": lambda h: statistical(WindowAverage(WEEK), h),
    "SeasonalWindowAverage": lambda h: statistical(SeasonalWindowAverage(WEEK, 4), h),
    "MSTL": lambda h: statistical(MSTL(WEEK), h),
    "MSTLwithETS": lambda h: statistical(MSTL(WEEK, trend_forecaster=AutoETS(model="ZZN")), h),
    "AutoETS": lambda h: statistical(AutoETS(season_length=WEEK), h),
    "AutoCES": lambda h: statistical(AutoCES(season_length=WEEK), h),
    "AutoTheta": lambda h: statistical(AutoTheta(season_length=WEEK), h),
    "DynamicOptimizedTheta": lambda h: statistical(DynamicOptimizedTheta(season_length=WEEK), h),
    "AutoARIMA": lambda h: statistical(AutoARIMA(season_length=WEEK), h),
    "LinearRegression": lambda h: learnt(LinearRegression(), h),
    "LightGBM": lambda h: learnt(lightgbm.LGBMRegressor(verbosity=-1, random_state=0), h),
}


def main(histories: str, forecasts: str, seconds: str, *names: str) -> None:
    warnings.simplefilter("ignore")
    folds = pd.read_csv(histories, parse_dates=["ds"])
    taken, found = {}, None
    for name in names or PEERS:
        forecast = PEERS[name]
        begun = time.perf_counter()
        parts = [
            forecast(history.drop(columns="fold"))[["unique_id", "ds", "y"]].assign(fold=fold)
            for fold, history in folds.groupby("fold")
        ]
        taken[name] = time.perf_counter() - begun
        each = pd.concat(parts).rename(columns={"y": name})
        found = each if found is None else found.merge(each, on=["fold", "unique_id", "ds"])
        print(f"    {name}: {taken[name]:.0f} s", file=sys.stderr, flush=True)
    found.to_csv(forecasts, index=False)
    with open(seconds, "w") as file:  # noqa: PTH123
        json.dump(taken, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
