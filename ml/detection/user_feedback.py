"""Leave out events like those that a person said were normal."""

import numpy as np
import pandas as pd

WEEK, NEAR = 7 * 24 * 3600.0, 2 * 3600.0
"""About the same time of the week, in seconds."""
MUCH_LONGER, HIGHER = 1.5, 1.1


def drop_accepted(found: pd.DataFrame, normal: pd.DataFrame, readings: pd.DataFrame) -> pd.DataFrame:
    """Drop from the rows of `anomalies.find` the events like earlier normal ones.

    ``normal`` has device, start, end and kind. Like one is an event of the same device and kind that begins
    at about the same time of the week and does not last much longer; or, at any time, a spike that is hardly
    higher, an outage or a run of one value that lasts no longer, a shift to no other level than then.
    """
    events = found.groupby(["device", "event"], as_index=False).agg(
        kind=("kind", "first"),
        start=("date", "min"),
        end=("end", "max"),
        highest=("consumption", "max"),
        mean=("consumption", "mean"),
    )
    known = normal.join(_heights(normal, readings[readings["device"].isin(normal["device"])]))
    pairs = events.merge(known, on=["device", "kind"], suffixes=("", "_normal"))
    like = pairs[(pairs["start"] >= pairs["end_normal"]) & (_at_its_time(pairs) | _no_worse(pairs))]
    dropped = pd.MultiIndex.from_frame(like[["device", "event"]])
    return found[~pd.MultiIndex.from_frame(found[["device", "event"]]).isin(dropped)].copy()


def _heights(normal: pd.DataFrame, readings: pd.DataFrame) -> pd.DataFrame:
    """Return the highest and the mean reading during each event, NaN where there are none any more."""
    by_device = {str(device): part for device, part in readings.groupby("device", sort=False)}
    rows = []
    for event in normal.to_dict("records"):
        of_device = by_device.get(str(event["device"]), readings.iloc[:0])
        during = (of_device["date"] >= event["start"]) & (of_device["date"] < event["end"])
        kwh = of_device.loc[during, "consumption"]
        rows.append({"highest": kwh.max(), "mean": kwh.mean()})
    return pd.DataFrame(rows, index=normal.index)


def _at_its_time(pairs: pd.DataFrame) -> pd.Series:
    apart = (pairs["start"] - pairs["start_normal"]).dt.total_seconds() % WEEK
    near = np.minimum(apart, WEEK - apart) <= NEAR
    return pd.Series(near & (_length(pairs, "") <= MUCH_LONGER * _length(pairs, "_normal")))


def _no_worse(pairs: pd.DataFrame) -> pd.Series:
    no_longer = _length(pairs, "") <= _length(pairs, "_normal")
    return pd.Series(
        np.select(
            [pairs["kind"] == "spike", pairs["kind"] == "shift"],
            [
                pairs["highest"] <= HIGHER * pairs["highest_normal"],
                pairs["mean"].between(pairs["mean_normal"] / HIGHER, pairs["mean_normal"] * HIGHER),
            ],
            no_longer,
        ).astype(bool),
        index=pairs.index,
    )


def _length(pairs: pd.DataFrame, which: str) -> pd.Series:
    return (pairs["end" + which] - pairs["start" + which]).dt.total_seconds()
