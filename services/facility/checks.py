"""What may be stored of a facility."""

import re
from collections.abc import Iterable, Iterator

from services.facility.refused import FacilityRefused
from services.facility.tariff import EVERY_DAY, EVERY_MONTH, Tariff, TariffPeriod
from services.names import UNSEEN, name_key, too_long

CODE = {"currency": 3, "country": 2}


def check_code(what: str, code: str) -> None:
    """Raises `FacilityRefused` for what has not the form of an ISO code of a currency or country."""
    if not re.fullmatch(rf"[A-Z]{{{CODE[what]}}}", code):
        examples = {"currency": "EUR or USD", "country": "DE or US"}
        raise FacilityRefused(
            f"“{{code}}” is no {what}. Enter its {CODE[what]} capital letters, as {examples[what]}.",
            code=code,
        )


def check_amount(what: str, value: float | None) -> None:
    """Raises `FacilityRefused` for a floor area, an emission factor or a budget that is 0 or less."""
    if value is not None and not 0 < value < float("inf"):
        raise FacilityRefused(f"The {what} must be above 0, or empty when it is not known.")


def check_tariff(tariff: Tariff) -> None:
    """Raises `FacilityRefused` for a price below 0, and for a period that has no hours."""
    for problem in _problems(tariff):
        raise problem


def _problems(tariff: Tariff) -> Iterator[FacilityRefused]:
    for what, price in (("price per kWh", tariff.base_price), ("price per kW", tariff.demand_price)):
        if not _is_price(price):
            yield FacilityRefused(f"The {what} must be 0 or above.")
    for period in tariff.periods:
        yield from _period_problems(period)


def _period_problems(period: TariffPeriod) -> Iterator[FacilityRefused]:
    name = period.name.strip()
    if name and not name_key(name):
        yield FacilityRefused(UNSEEN)
    if not name:
        yield FacilityRefused("Give every period of the tariff a name.")
    if refusal := too_long(name, FacilityRefused):
        yield refusal
    if not _is_price(period.price):
        yield FacilityRefused("The price of the period “{period}” must be 0 or above.", period=name)
    if not _some_of(period.months, EVERY_MONTH):
        yield FacilityRefused("Choose the months of the period “{period}”.", period=name)
    if not _some_of(period.weekdays, EVERY_DAY):
        yield FacilityRefused("Choose the days of the week of the period “{period}”.", period=name)
    if not (0 <= period.from_hour < 24 and 0 < period.to_hour <= 24 and period.from_hour != period.to_hour):
        yield FacilityRefused(
            "The period “{period}” has no hours. Choose from which hour (0 to 23) to which (1 to 24).",
            period=name,
        )


def _is_price(price: float) -> bool:
    return 0 <= price < float("inf")


def _some_of(chosen: Iterable[int], known: frozenset[int]) -> bool:
    return bool(chosen) and frozenset(chosen) <= known
