"""Backups: made by hand and by themselves, listed, looked into and restored."""

from services.backups.author import COMMAND_LINE
from services.backups.due import Made, make_due
from services.backups.listing import Backup, Description, describe, described, list_backups, verify
from services.backups.making import back_up, made, proposed_path
from services.backups.restoring import restore, restored
from services.backups.schedule import (
    KINDS,
    Kind,
    Schedule,
    ScheduleRefused,
    Standing,
    save_schedule,
    schedule_of,
    standing,
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
    "Standing",
    "back_up",
    "describe",
    "described",
    "list_backups",
    "made",
    "make_due",
    "proposed_path",
    "restore",
    "restored",
    "save_schedule",
    "schedule_of",
    "standing",
    "verify",
]
