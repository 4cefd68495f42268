"""The report on paper."""

from services.reports.pages.pdf import as_pdf

__all__ = ["as_pdf"]
