"""What only an administrator may do: keep the accounts, and look at what all of them hold and did."""

from services.administration.audit_log import (
    GROUPS,
    PAGE,
    AuditFilter,
    audit_entries,
    details,
    export_audit_log,
)
from services.administration.listings import OwnedDevice, all_devices, all_imports
from services.administration.users import (
    Account,
    AccountRefused,
    Role,
    create_user,
    list_users,
    reset_password,
    set_role,
    set_status,
)

__all__ = [
    "GROUPS",
    "PAGE",
    "Account",
    "AccountRefused",
    "AuditFilter",
    "OwnedDevice",
    "Role",
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
