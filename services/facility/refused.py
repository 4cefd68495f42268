"""Why a facility cannot be stored as asked."""

from services.errors import LoadlensError


class FacilityRefused(LoadlensError):
    """A field of the facility, or of its tariff, is none."""
