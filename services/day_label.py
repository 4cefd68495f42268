"""Days of the calendar in the database, which knows only moments."""

from datetime import UTC, date, datetime


def as_label(day: date) -> datetime:
    """Return a local day as a date of the database: midnight UTC of the same calendar date."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
