"""Forecast and search arrays and frames of readings; no database, no screen."""
