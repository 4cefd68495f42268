"""What energy costs at a facility, and what is known of it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from services.facility import Facility, FacilityRefused, Tariff, TariffPeriod, cost, facility_of, prices, save
from services.scope import Scope

WORK_DAYS = frozenset(range(5))
ALL_DAYS = frozenset(range(7))
WINTER = frozenset({11, 12, 1, 2, 3})
ALL_YEAR = frozenset(range(1, 13))

TARIFF = Tariff(
    base_price=0.20,
    periods=(
        TariffPeriod("Winter peak", WINTER, WORK_DAYS, 17, 20, 0.50),
        TariffPeriod("Day", ALL_YEAR, WORK_DAYS, 8, 20, 0.30),
        TariffPeriod("Night", ALL_YEAR, ALL_DAYS, 22, 6, 0.10),
    ),
    demand_price=12.0,
)
FACILITY = Facility("Town hall", "USD", 1200.5, 0.38, "US", TARIFF, 18_000.0)


def test_price_is_that_of_the_first_period_the_hour_is_in() -> None:
    moments = pd.DatetimeIndex(
        ["2024-01-10 17:45", "2024-07-10 17:45", "2024-01-13 17:45", "2024-01-13 23:00", "2024-01-13 05:59"]
    )
    # A winter and a summer Wednesday, then a Saturday: by day, late and early.
    assert prices(TARIFF, moments).tolist() == [0.50, 0.30, 0.20, 0.10, 0.10]


def test_energy_is_priced_and_each_month_s_peak_is_charged() -> None:
    local = pd.date_range("2024-01-31 22:00", periods=4, freq="h")  # the last two are in February
    kwh = np.array([3.0, np.nan, 5.0, 2.0])
    expected = (3 + 5 + 2) * 0.10 + 12.0 * (3 + 5)
    assert cost(TARIFF, local, kwh, 1.0) == pytest.approx(expected)


def test_quarter_hours_count_for_demand_by_their_length() -> None:
    local = pd.date_range("2024-06-03 12:00", periods=2, freq="15min", tz="America/Los_Angeles")
    assert cost(TARIFF, local, np.array([1.0, 2.0]), 0.25) == pytest.approx(3 * 0.30 + 12.0 * 8)


def test_a_day_s_reading_has_the_mean_price_of_its_hours() -> None:
    days = pd.date_range("2024-01-08", periods=7)
    hours = pd.date_range("2024-01-08", periods=7 * 24, freq="h")
    flat = replace(TARIFF, demand_price=0.0)
    by_day = cost(flat, days, np.full(7, 24.0), np.full(7, 24.0))
    assert by_day == pytest.approx(cost(flat, hours, np.ones(7 * 24), 1.0))


def test_no_readings_cost_nothing() -> None:
    assert cost(TARIFF, pd.DatetimeIndex([]), np.zeros(0), 1.0) == 0
    assert cost(TARIFF, pd.DatetimeIndex(["2024-01-01"]), np.array([np.nan]), 1.0) == 0


def test_what_is_saved_comes_back(scope: Scope) -> None:
    assert facility_of(scope) == Facility()
    save(scope, FACILITY)
    assert facility_of(scope) == FACILITY
    save(scope, Facility(name="  Depot "))
    assert facility_of(scope) == Facility(name="Depot")
    assert scope.db["facilities"].count_documents({}) == 1


def test_fields_are_named_as_all_others_in_the_database(scope: Scope) -> None:
    save(scope, FACILITY)
    stored = scope.db["facilities"].find_one(scope.owned()) or {}
    assert {"floorArea", "emissionFactor", "monthlyBudget", "updatedAt"} <= set(stored)
    assert stored["tariff"]["periods"][0]["fromHour"] == 17


PEAK = TARIFF.periods[0]


@pytest.mark.parametrize(
    ("facility", "said"),
    [
        (Facility(currency="euro"), "“euro” is no currency"),
        (Facility(country="Germany"), "“Germany” is no country"),
        (Facility(floor_area=0), "The floor area must be above 0"),
        (Facility(emission_factor=float("nan")), "The emission factor must be above 0"),
        (Facility(monthly_budget=-1), "The monthly budget must be above 0"),
        (Facility(tariff=Tariff(-0.1)), "The price per kWh must be 0 or above"),
        (Facility(tariff=Tariff(0.1, demand_price=float("inf"))), "The price per kW must be 0 or above"),
        (Facility(tariff=Tariff(0.1, (replace(PEAK, name=" "),))), "a name"),
        (Facility(name="Hall " * 60), "has 299 characters, and a name at most 255"),
        (
            Facility(tariff=Tariff(0.1, (replace(PEAK, months=frozenset()),))),
            "months of the period “Winter peak”",
        ),
        (Facility(tariff=Tariff(0.1, (replace(PEAK, weekdays=frozenset({7})),))), "days of the week"),
        (Facility(tariff=Tariff(0.1, (replace(PEAK, to_hour=17),))), "has no hours"),
        (Facility(tariff=Tariff(0.1, (replace(PEAK, to_hour=25),))), "has no hours"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(scope: Scope, facility: Facility, said: str) -> None:
    with pytest.raises(FacilityRefused, match=said):
        save(scope, facility)
    assert scope.db["facilities"].count_documents({}) == 0
