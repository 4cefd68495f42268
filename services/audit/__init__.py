"""Who did what, and when: sign-ins, imports, deletions, roles, settings."""

from services.audit.log import Entry, record, record_for

__all__ = ["Entry", "record", "record_for"]
