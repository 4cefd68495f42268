"""Data quality: what is remarkable about the readings of each meter, and how to say it."""

from services.readings.quality.finding import Finding
from services.readings.quality.meters import MeterQuality, quality
from services.readings.quality.remarks import Remark, remarks

__all__ = ["Finding", "MeterQuality", "Remark", "quality", "remarks"]
