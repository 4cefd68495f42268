"""All readings of a facility as arrays, in memory as long as they are those of the database."""

from services.readings.load.demand import Demand
from services.readings.load.kept import keep_files, load_of
from services.readings.load.load import Load

__all__ = ["Demand", "Load", "keep_files", "load_of"]
