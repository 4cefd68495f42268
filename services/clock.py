"""How far the clocks of machines may be trusted: somebody sets them, or a dead battery does."""

from datetime import timedelta

APART = timedelta(days=1)
"""The clocks of two machines that share a database differ by less; what is farther ahead of now than it can
be was written by a clock that has been set back since."""
