"""Reports of a month or a week, on paper and as a workbook, made when asked for or by themselves."""

from services.reports.contents import Contents, Paper, gather
from services.reports.files import SUFFIXES, file_name, save
from services.reports.pages import as_pdf
from services.reports.schedules import (
    Made,
    Schedule,
    add_schedule,
    delete_schedule,
    due_periods,
    list_schedules,
    make_due,
)
from services.reports.subject import (
    FACILITY,
    KINDS,
    Kind,
    NoReadings,
    Period,
    ReportRefused,
    Subject,
    last_whole,
    period_of,
    subject_named,
    subjects,
)
from services.reports.summary import summary
from services.reports.workbook import as_workbook

__all__ = [
    "FACILITY",
    "KINDS",
    "SUFFIXES",
    "Contents",
    "Kind",
    "Made",
    "NoReadings",
    "Paper",
    "Period",
    "ReportRefused",
    "Schedule",
    "Subject",
    "add_schedule",
    "as_pdf",
    "as_workbook",
    "delete_schedule",
    "due_periods",
    "file_name",
    "gather",
    "last_whole",
    "list_schedules",
    "make_due",
    "period_of",
    "save",
    "subject_named",
    "subjects",
    "summary",
]
