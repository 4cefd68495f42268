"""View-models: a month or a week on paper."""
