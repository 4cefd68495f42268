"""What an event costs."""

import numpy as np
import pandas as pd

from services.alerts.event import Event
from services.facility import Tariff, prices

LEAST = 0.5
"""Less than half a unit of the currency is not worth a sentence."""


def extra_cost(event: Event, tariff: Tariff | None) -> float | None:
    """What was used beyond what was expected, at the mean price of the event's hours; None without a
    tariff, and where less was used."""
    if tariff is None or event.actual is None or event.expected is None or event.reason == "budget":
        return None
    cost = (event.actual - event.expected) * _mean_price(tariff, event)
    return cost if cost >= LEAST else None


def _mean_price(tariff: Tariff, event: Event) -> float:
    if not tariff.periods:
        return tariff.base_price
    begin = pd.Timestamp(event.start)
    hours = pd.date_range(begin, max(pd.Timestamp(event.end), begin + pd.Timedelta("1h")), freq="h")[:-1]
    return float(np.mean(prices(tariff, hours)))
