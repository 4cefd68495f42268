"""What every command line of Loadlens has in common: refusals in one sentence, and the env file."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from services.messages import gettext

ENV_FILE_HELP = "read settings from this file instead of .env in the data folder"


class Parser(argparse.ArgumentParser):
    """Like every other refusal, that of an argument is one sentence on standard error, and status 1."""

    def error(self, message: str) -> NoReturn:
        """End the program with the sentence."""
        refusal = f"{message[:1].upper()}{message[1:]}"
        self.exit(1, gettext("{refusal}. See: {program} --help", refusal=refusal, program=self.prog) + "\n")


def add_env_file(parser: argparse.ArgumentParser, default: object = None) -> None:
    """Let ``parser`` take ``--env-file FILE`` as ``env_file``, a path or None."""
    parser.add_argument("--env-file", type=Path, metavar="FILE", default=default, help=ENV_FILE_HELP)


def take_env_file(arguments: Sequence[str]) -> tuple[Path | None, list[str]]:
    """Return the env file that is named anywhere among the arguments, and the others."""
    parser = Parser(prog="loadlens", add_help=False, allow_abbrev=False)
    add_env_file(parser)
    chosen, others = parser.parse_known_args(arguments)
    return chosen.env_file, others
