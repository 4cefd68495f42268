"""Windows: figures and charts of a period."""
