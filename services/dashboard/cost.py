"""What the energy cost by the facility's tariff."""

import pandas as pd

from services.facility import Tariff, cost
from services.readings.load import Demand


def energy_and_demand_cost(tariff: Tariff | None, demand: Demand) -> float | None:
    """Of each step by its price, and of each month's peak demand; None without a tariff."""
    if tariff is None:
        return None
    read = demand.there
    spent: float = cost(tariff, pd.DatetimeIndex(demand.clock.local[read]), demand.kwh[read], demand.hours)
    return spent
