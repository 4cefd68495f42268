"""The days that models learn from and are judged by: those that were metered whole."""

import pandas as pd

from ml.forecasting.features import daily_matrix

WHOLE = 0.9
"""A day with this share of a device's usual number of readings is whole: 23 h of a spring day are."""
REGULAR = 0.8
"""A device with this share of whole days is read regularly; of others every day counts."""


def whole_days(daily: pd.DataFrame) -> pd.DataFrame:
    """kWh by day and device id, from the frame of `readings.daily_consumption`.

    NaN where nothing was metered, and where a regularly read device has too few readings: the first and
    last day of most files, and the days of an outage.
    """
    counts = daily.groupby("deviceId")["readings"]
    whole = daily["readings"] >= WHOLE * counts.transform("median")
    irregular = whole.groupby(daily["deviceId"]).transform("mean") < REGULAR
    kept = daily[whole | irregular]
    return daily_matrix(kept.drop(columns="device").rename(columns={"deviceId": "device"}))
