"""View-models: what went wrong."""
