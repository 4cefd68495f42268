"""Windows: files of readings on their way in."""
