"""Sheets of raw cells: opened from any file, and their cells as text and numbers."""

from services.sheets.sources import HEAD_ROWS, SUFFIXES, Cells, FileRefused, Sheet, files_in, open_sheets

__all__ = ["HEAD_ROWS", "SUFFIXES", "Cells", "FileRefused", "Sheet", "files_in", "open_sheets"]
