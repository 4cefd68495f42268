"""Every verb in odd environments and with odd arguments: what it says, and with which status it ends.

    python tests/faults/odd_environments.py [FOLDER]

Prints a line for each environment: runs, tracebacks, warnings on standard error, statuses that are not as
they should be. The exit status is 1 if there was any.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

from ground import EMAIL, Tally, facility, hourly, settings_in, verdict

from services.database import opened

ROOT = Path(__file__).parents[2]
SECONDS = 240
FAULTS = ("tracebacks", "warnings", "wrong statuses", "hung")
OTHER_LOCALE = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
ENVIRONMENTS: dict[str, tuple[dict[str, str | None], str, tuple[int, ...]]] = {
    "as ever": ({}, "", (0,)),
    "cp1252": ({"PYTHONIOENCODING": "cp1252:strict"}, "", (0,)),
    "cp850": ({"PYTHONIOENCODING": "cp850:strict"}, "", (0,)),
    "ASCII": ({"PYTHONIOENCODING": "ascii:strict"}, "", (0,)),
    "locale C, no UTF-8": (OTHER_LOCALE, "", (0,)),
    "no HOME": ({"HOME": None, "XDG_CACHE_HOME": None}, "", (0,)),
    "all warnings shown": ({"PYTHONWARNINGS": "always"}, "", (0,)),
    "a POSIX TZ": ({"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"}, "", (0,)),
    "no standard output": ({}, ">&-", (0,)),
    "no streams": ({}, "<&- >&-", (0,)),
    "a reader that went away": ({}, "| true", (0, 141)),
    "a full disk behind the output": ({}, "> /dev/full", (1,)),
}
"""Of each what is set (None: unset), where output goes, and how a verb may end."""


def main(folder: Path) -> int:
    settings = settings_in(folder)
    files = _files(folder)
    facility(settings, 2, 40)
    verbs, odd = _verbs(folder, files), list(_odd_arguments(folder, files))
    place = {"LOADLENS_DATA_DIR": str(settings.data_dir), "PYTHONPATH": str(ROOT)}
    tallies = []
    with opened(settings):
        for title, (changes, redirection, statuses) in ENVIRONMENTS.items():
            tally = Tally(title, FAULTS)
            for arguments in verbs:
                _count(tally, _run(arguments, {**place, **changes}, redirection, folder), statuses)
            tallies.append(tally.done())
        tally = Tally("odd arguments", FAULTS)
        for arguments, statuses in odd:
            _count(tally, _run(arguments, place, "", folder), statuses)
        tallies.append(tally.done())
    return verdict(tallies)


def _files(folder: Path) -> dict[str, Path]:
    """Readings under a name in Thai letters, under one that is no UTF-8, and what holds none."""
    folder.mkdir(parents=True, exist_ok=True)
    frame = hourly("เครื่อง", 1, 40)
    named = {
        "thai": folder / "เครื่อง.csv",
        "bytes": Path(os.fsdecode(os.fsencode(folder) + b"/Z\xe4hler.csv")),
        "zeros": folder / "zeros.csv",
    }
    frame.to_csv(named["thai"], index=False)
    frame[["date", "kWh"]].to_csv(named["bytes"], index=False)
    frame.assign(kWh=0.0).to_csv(named["zeros"], index=False)
    named["nothing"] = folder / "nothing.csv"
    named["nothing"].touch()
    return named


def _verbs(folder: Path, files: dict[str, Path]) -> list[list[str]]:
    user = ["--user", EMAIL]
    output = str(folder / "out.xlsx")
    return [
        ["--help"],
        ["import", "--help"],
        ["import", str(files["thai"]), *user],
        ["import", str(files["bytes"]), *user, "--json"],
        ["stats", *user],
        ["stats", *user, "--json"],
        ["alerts", *user],
        ["report", *user, "--month", "2024-01", "--output", output],
        ["detect", "--input", str(files["bytes"]), "--output", output],
        ["backup", str(files["bytes"].with_suffix(".backup"))],
        ["doctor", "--json"],
    ]


def _odd_arguments(folder: Path, files: dict[str, Path]) -> Iterator[tuple[list[str], tuple[int, ...]]]:
    """Arguments and the statuses that they may end with."""
    user, there = ["--user", EMAIL], str(files["thai"])
    gone, long, out = str(folder / "gone" / "a.csv"), "x" * 60_000, ["--output", str(folder / "odd.csv")]
    none = [gone, str(folder), "", long, "/dev/null", str(files["nothing"])]
    targets = [str(folder), gone.replace(".csv", ".pdf"), "", "/proc/a.pdf", f"{long}.xlsx", "a\nb.pdf/c.pdf"]
    months = ("0001-01", "9999-12", "2024-13", "", "1677-01", "2262-05")
    of_january = ["report", *user, "--month", "2024-01"]
    refused = [
        *(["import", file, *user] for file in none),
        *(["restore", file] for file in none),
        *(["detect", "--input", file, *out] for file in none),
        *(["forecast", "--horizon-days", "7", "--input", file, *out] for file in none),
        *(["report", *user, "--month", month, "--output", targets[1]] for month in months),
        *([*of_january, "--output", target] for target in targets),
        *(
            ["forecast", "--input", there, "--horizon-days", days, *out]
            for days in ("0", "-1", "367", "99999999999999999999", "x", "")
        ),
        *(["stats", "--user", email] for email in ("", "\udce4@x.y", long, "$ne", "a\nb")),
        *(["backup", target] for target in (str(folder), gone, "/proc/a.backup", "")),
        ["detect", "--input", there, "--output", gone],
        ["import", there, *user, "--map", f"date={long}"],
        ["doctor", "--bundle", gone],
        *(["watch", target, *user, "--once"] for target in (gone, there)),
        [""],
    ]
    either = [
        *(
            ["stats", *user, "--from", start, "--to", end]
            for start, end in (("2024-02-01", "2024-01-01"), ("0001-01-01", "9999-12-31"))
        ),
        *(["import", there, *user, "--timezone", zone] for zone in ("", "..", "/etc", long, "localtime")),
        ["import", there, *user, "--map", "date="],
        ["detect", "--input", str(files["zeros"]), *out],
        ["forecast", "--horizon-days", "7", "--input", str(files["zeros"]), *out],
        ["detect", "--input", there, *out, "--country", ""],
    ]
    yield from ((arguments, (1,)) for arguments in refused)
    yield from ((arguments, (0, 1)) for arguments in either)


def _run(
    arguments: Sequence[str], changes: dict[str, str | None], redirection: str, folder: Path
) -> subprocess.CompletedProcess[bytes] | None:
    """None where it did not end."""
    environment = {name: value for name, value in (os.environ | changes).items() if value is not None}
    script = f'set -o pipefail; "$@" {redirection}'
    command = ["bash", "-c", script, "bash", sys.executable, "-m", "desktop", *arguments]
    try:
        return subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return None


def _count(tally: Tally, done: subprocess.CompletedProcess[bytes] | None, statuses: tuple[int, ...]) -> None:
    tally.add("runs")
    if done is None:
        tally.add("hung")
        return
    told = done.stderr.decode(errors="replace")
    seen: list[tuple[str, Callable[[str], object]]] = [
        ("tracebacks", re.compile("Traceback|went wrong inside").search),
        ("warnings", re.compile(r"\w*Warning\b").search),
    ]
    wrong = [name for name, is_in in seen if is_in(told)]
    wrong += ["wrong statuses"] if done.returncode not in statuses else []
    for name in wrong:
        tally.add(name)
    if wrong:
        print(tally.title, done.args[6:9], done.returncode, *told.splitlines()[-1:], flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(main(Path(sys.argv[1] if sys.argv[1:] else temporary)))
