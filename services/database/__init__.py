"""The database: a private `mongod` on this machine, or the server that the settings name."""

from services.database.connection import DatabaseUnavailable, opened

__all__ = ["DatabaseUnavailable", "opened"]
