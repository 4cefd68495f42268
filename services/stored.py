"""Dataclasses that are stored as documents."""

from pydantic import ConfigDict, with_config
from pydantic.alias_generators import to_camel

stored = with_config(ConfigDict(alias_generator=to_camel))
"""Decorates a dataclass whose fields are in camelCase in the database, as all others are."""
