"""A user's facility, stored as one document."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel

from services import audit
from services.facility.checks import check_amount, check_code, check_tariff
from services.facility.refused import FacilityRefused
from services.facility.tariff import Tariff
from services.names import check_length
from services.scope import Scope
from services.stored import stored
from services.typed import typed


@stored
@dataclass(frozen=True)
class Facility:
    """What a user says of the facility; None for what is not known."""

    name: str = ""
    currency: str = "EUR"
    """ISO 4217."""
    floor_area: float | None = None
    """m²."""
    emission_factor: float | None = None
    """kg CO2 per kWh."""
    country: str | None = None
    """ISO 3166, two letters: whose public holidays there are."""
    tariff: Tariff | None = None
    monthly_budget: float | None = None
    """kWh."""


FACILITY = TypeAdapter(Facility)
STORED = {"_id": False, **{to_camel(field.name): True for field in fields(Facility)}}
"""What is read of a document."""


def facility_of(scope: Scope) -> Facility:
    """What the user has said of the facility; a nameless one of which nothing is known before that."""
    document = scope.db["facilities"].find_one(scope.owned(), STORED)
    return FACILITY.validate_python(document) if document else Facility()


@typed
def save(scope: Scope, facility: Facility) -> None:
    """Store the facility in the place of what was said of it before. Raises `FacilityRefused`."""
    check_code("currency", facility.currency)
    if facility.country is not None:
        check_code("country", facility.country)
    check_amount("floor area", facility.floor_area)
    check_amount("emission factor", facility.emission_factor)
    check_amount("monthly budget", facility.monthly_budget)
    if facility.tariff:
        check_tariff(facility.tariff)
    facility = replace(facility, name=facility.name.strip())
    check_length(facility.name, FacilityRefused)
    document = FACILITY.dump_python(facility, mode="json", by_alias=True)
    before = scope.db["facilities"].find_one_and_update(
        scope.owned(), {"$set": {**document, "updatedAt": datetime.now(UTC)}}, upsert=True
    )
    audit.record_changes(scope, "facility", before, document)
