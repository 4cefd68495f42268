"""The report as a workbook."""

from services.reports.workbook.workbook import as_workbook

__all__ = ["as_workbook"]
