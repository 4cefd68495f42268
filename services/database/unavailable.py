"""The one error of opening a database."""

from services.errors import LoadlensError


class DatabaseUnavailable(LoadlensError):
    """The database cannot be started, reached or used."""
