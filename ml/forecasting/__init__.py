"""Forecast the days of any number of meters, with prediction intervals: models, backtest, choice."""
