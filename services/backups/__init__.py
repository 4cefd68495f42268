"""Backups: made by hand and by themselves, listed, looked into and restored."""

from services.backups.catalog import Backup, Description, describe, describe_backup, list_backups, verify
from services.backups.operations import (
    COMMAND_LINE,
    back_up,
    back_up_database,
    proposed_path,
    restore,
    restore_database,
)
from services.backups.schedule import (
    KINDS,
    Kind,
    Made,
    Schedule,
    ScheduleRefused,
    ScheduleStatus,
    make_due,
    save_schedule,
    schedule_of,
    schedule_status,
)

__all__ = [
    "COMMAND_LINE",
    "KINDS",
    "Backup",
    "Description",
    "Kind",
    "Made",
    "Schedule",
    "ScheduleRefused",
    "ScheduleStatus",
    "back_up",
    "back_up_database",
    "describe",
    "describe_backup",
    "list_backups",
    "make_due",
    "proposed_path",
    "restore",
    "restore_database",
    "save_schedule",
    "schedule_of",
    "schedule_status",
    "verify",
]
