"""Readings into the database: whole or not at all, taken back when wanted, and summed by day."""

from services.readings.storage.history import recover
from services.readings.storage.rollup import agrees, rebuild
from services.readings.storage.store import Stored, store

__all__ = ["Stored", "agrees", "rebuild", "recover", "store"]
