"""View-models: figures and charts of a period."""
