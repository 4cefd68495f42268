"""The `loadlens` command without a screen: one verb a capability, for scripts and scheduled jobs."""

from services.cli.main import main

__all__ = ["main"]
