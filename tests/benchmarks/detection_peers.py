"""How anomalies of hourly readings are usually looked for: four peers of `ml.anomalies`.

Each takes kWh (hours, meters) and a setting and gives events (device, start, end): stretches of anomalous
hours, of which those no more than three hours apart are one. All but the rolling z-score see the whole
series, later readings included, which ours does not. The settings beside each are those tried, from the
usual on; the benchmark takes the best.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from adtk.detector import SeasonalAD
from sklearn.ensemble import IsolationForest

Find = Callable[[pd.DataFrame, float], pd.DataFrame]

WEEK = 168
GAP = pd.Timedelta(hours=3)


def hour_of_week_mad(kwh: pd.Series, bound: float) -> pd.Series:
    """Farther from the median of its hour of the week than so many MADs."""
    hour = kwh.groupby(kwh.index.dayofweek * 24 + kwh.index.hour)
    away = (kwh - hour.transform("median")).abs()
    spread = away.groupby(kwh.index.dayofweek * 24 + kwh.index.hour).transform("median") * 1.4826
    return away > bound * (spread + 0.05 * kwh.mean())


def seasonal_ad(kwh: pd.Series, bound: float) -> pd.Series:
    """ADTK: residuals of a weekly season farther out than so many interquartile ranges."""
    return SeasonalAD(freq=WEEK, c=bound).fit_detect(kwh).fillna(False).astype(bool)


def isolation_forest(kwh: pd.Series, share: float) -> pd.Series:
    """The oddest share by reading, change, hour, day and distance from the day before."""
    features = pd.DataFrame(
        {
            "kwh": kwh,
            "change": kwh.diff(),
            "yesterday": kwh - kwh.shift(24),
            "hour": kwh.index.hour,
            "weekday": kwh.index.dayofweek,
        }
    ).fillna(0.0)
    forest = IsolationForest(n_estimators=100, contamination=share, random_state=0)
    return pd.Series(forest.fit_predict(features) < 0, kwh.index)


def rolling_z(kwh: pd.Series, bound: float) -> pd.Series:
    """Farther from the mean of the week before than so many standard deviations."""
    before = kwh.rolling(WEEK).agg(["mean", "std"]).shift(1)
    return (kwh - before["mean"]).abs() > bound * (before["std"] + 0.01 * kwh.mean())


def _events(anomalous: Callable[[pd.Series, float], pd.Series]) -> Find:
    def find(table: pd.DataFrame, setting: float) -> pd.DataFrame:
        parts = []
        for meter in table.columns:
            hours = pd.Series(table.index[np.asarray(anomalous(table[meter], setting))])
            apart = hours.diff().gt(GAP).cumsum()
            of = hours.groupby(apart).agg(["min", "max"])
            end = of["max"] + pd.Timedelta(hours=1)
            parts.append(pd.DataFrame({"device": meter, "start": of["min"], "end": end}))
        return pd.concat(parts, ignore_index=True).rename_axis("event")

    return find


PEERS: dict[str, tuple[Find, tuple[float, ...]]] = {
    "hour-of-week MAD": (_events(hour_of_week_mad), (3.5, 5, 8, 12)),
    "ADTK SeasonalAD": (_events(seasonal_ad), (3, 5, 8, 12)),
    "isolation forest": (_events(isolation_forest), (0.01, 0.003, 0.001)),
    "rolling z-score": (_events(rolling_z), (3, 4, 5, 6)),
}
