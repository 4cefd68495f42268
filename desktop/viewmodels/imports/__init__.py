"""View-models: files of readings on their way in."""
