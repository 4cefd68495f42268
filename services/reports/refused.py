"""Why there is no report."""

from services.errors import LoadlensError


class ReportRefused(LoadlensError):
    """The report cannot be made as asked, or cannot be written where it was asked for."""


class NoReadings(ReportRefused):
    """There is nothing to report of."""
