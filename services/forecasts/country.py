"""Whose public holidays a facility keeps."""

from importlib.resources import files

from services.facility import facility_of
from services.scope import Scope

ZONES = "zoneinfo/zone.tab"
"""Of the IANA time zone database: country, place and name of each zone, between tabs."""


def country_of(scope: Scope) -> str | None:
    """The country that the user has named, else the one its time zone lies in; ISO 3166, two letters."""
    return facility_of(scope).country or _country_of_zone(scope.timezone)


def _country_of_zone(zone: str) -> str | None:
    lines = files("tzdata").joinpath(ZONES).read_text(encoding="utf-8").splitlines()
    fields = (line.split("\t") for line in lines if not line.startswith("#"))
    return next((country for country, _place, name, *_ in fields if name == zone), None)
