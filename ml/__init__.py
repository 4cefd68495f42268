"""Arrays and frames in, arrays and frames out: features, models, anomalies; no database, no screen."""
