"""How the facility's dataclasses are named in the database."""

from pydantic import ConfigDict, with_config
from pydantic.alias_generators import to_camel

stored = with_config(ConfigDict(alias_generator=to_camel))
"""Decorates a dataclass whose fields are in camelCase there, as all others."""
