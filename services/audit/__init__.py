"""Who did what, and when: sign-ins, imports, deletions, roles, settings."""

from services.audit.changes import record_changes
from services.audit.log import Entry, record, record_for

__all__ = ["Entry", "record", "record_changes", "record_for"]
