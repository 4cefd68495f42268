"""What Loadlens does by itself from time to time: one table, which the window and `loadlens watch` run."""

from services.jobs.run import Timetable, Troubles, run_job
from services.jobs.table import (
    ALERTS,
    BACKUPS,
    FORECASTS,
    JOBS,
    MAIL,
    REPORTS,
    WATCHED_FOLDER,
    Job,
    JobContext,
)

__all__ = [
    "ALERTS",
    "BACKUPS",
    "FORECASTS",
    "JOBS",
    "MAIL",
    "REPORTS",
    "WATCHED_FOLDER",
    "Job",
    "JobContext",
    "Timetable",
    "Troubles",
    "run_job",
]
