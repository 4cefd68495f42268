"""The report in a few sentences, for whoever reads no more than these."""

from services.reports.summary.paragraphs import summary

__all__ = ["summary"]
