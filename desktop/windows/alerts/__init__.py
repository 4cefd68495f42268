"""Windows: what went wrong."""
