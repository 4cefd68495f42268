"""The words for figures and severities, which pages and workbook share."""

FIGURE_NAMES = {
    "total": "Consumption",
    "average_day": "Average day",
    "peak_demand": "Peak demand",
    "baseload": "Baseload",
    "load_factor": "Load factor",
    "cost": "Cost",
    "co2": "CO₂",
    "eui": "Energy use intensity",
}
SUMS = ("total", "cost", "co2")
"""What grows with the days."""
SEVERITIES = {"high": "High", "medium": "Medium", "low": "Low"}
