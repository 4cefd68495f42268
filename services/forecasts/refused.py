"""Why there is no forecast."""

from pathlib import Path

from services.errors import LoadlensError


class ForecastRefused(LoadlensError):
    """A model cannot be trained or used, or a forecast not be made, as asked."""


def too_short(days: int, least: int) -> ForecastRefused:
    """The refusal of too short a history."""
    return ForecastRefused(
        "There are too few readings to forecast from: {days} whole days, and at least {least} are needed. "
        "Import earlier readings.",
        days=days,
        least=least,
    )


def too_sparse(least: int, within: int) -> ForecastRefused:
    """The refusal of readings that are too far apart."""
    return ForecastRefused(
        "The readings are too far apart to forecast days from: at least one device needs {least} days with "
        "readings in every {within}, up to the last. Import daily or hourly readings.",
        least=least,
        within=within,
    )


def unwritable(folder: Path, error: OSError) -> ForecastRefused:
    """The refusal of a folder that models cannot be written to."""
    return ForecastRefused(
        "The models cannot be written to {folder}: {reason}. Make room there, or give yourself the right to "
        "write there.",
        folder=folder,
        reason=error.strerror or error,
    )
