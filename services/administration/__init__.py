"""What only an administrator may do: keep the accounts, and look at what all of them hold and did."""

from services.administration.audit_export import details, export_audit_log
from services.administration.audit_log import GROUPS, AuditFilter, audit_entries
from services.administration.devices import OwnedDevice, all_devices
from services.administration.imports import all_imports
from services.administration.refused import AccountRefused
from services.administration.users import (
    Account,
    create_user,
    list_users,
    reset_password,
    set_role,
    set_status,
)

__all__ = [
    "GROUPS",
    "Account",
    "AccountRefused",
    "AuditFilter",
    "OwnedDevice",
    "all_devices",
    "all_imports",
    "audit_entries",
    "create_user",
    "details",
    "export_audit_log",
    "list_users",
    "reset_password",
    "set_role",
    "set_status",
]
