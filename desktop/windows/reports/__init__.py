"""Windows: a month or a week on paper."""
