"""Reports of a month or a week, on paper and as a workbook, made when asked for or by themselves."""

from services.reports.contents import Contents, gather
from services.reports.due import Made, due_periods, make_due
from services.reports.files import SUFFIXES, file_name, save
from services.reports.pages import as_pdf
from services.reports.period import KINDS, Kind, Period, last_whole, period_of
from services.reports.refused import NoReadings, ReportRefused
from services.reports.schedules import Schedule, add_schedule, delete_schedule, list_schedules
from services.reports.subject import FACILITY, Subject, subject_named, subjects
from services.reports.summary import summary
from services.reports.wording import English, Paper, Wording, paper_of
from services.reports.workbook import as_workbook

__all__ = [
    "FACILITY",
    "KINDS",
    "SUFFIXES",
    "Contents",
    "English",
    "Kind",
    "Made",
    "NoReadings",
    "Paper",
    "Period",
    "ReportRefused",
    "Schedule",
    "Subject",
    "Wording",
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
    "paper_of",
    "period_of",
    "save",
    "subject_named",
    "subjects",
    "summary",
]
