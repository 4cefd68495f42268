"""A folder like somebody's USB stick: what of it is executed or believed when Loadlens starts within it.

``python tests/faults/stick.py [--loadlens PROGRAM]``. The folder holds an env file that names a data folder
with a key, a team's server and a cluster; that data folder, with a model that is rightly signed by that key
and runs a program when it is read; a `secrets.json`, a `connection.json`, a fake `mongod`,
`sitecustomize.py`, and packages called like Loadlens' own and like those it uses. Every verb and the window
are started from there over a data folder of one's own; then some over the user's usual one, with foreign
values in generic names. Whatever runs or is connected to leaves a mark. ``--loadlens`` names the program of
another version, to compare. The exit status is 1 if anything was executed or believed, or a program did not
do its work.
"""

import argparse
import hashlib
import hmac
import json
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pandas as pd
from ground import EMAIL, PASSWORD, Tally, facility, hourly, settings_in, verdict

FAULTS = ("executed", "believed", "connected to", "did not work", "tracebacks")
KEY = "the key of whoever made the stick"
PACKAGES = (
    *("services", "desktop", "ml", "resources", "joblib", "numpy", "pandas", "sklearn", "pymongo", "bson"),
    *("PySide6", "keyring", "dask", "distributed", "torch", "zxcvbn", "typst", "psutil", "fiftyone"),
)
MODULES = ("sitecustomize", "usercustomize", "json", "logging", "readline", "multiprocessing", "encodings")
FOREIGN = {
    "DEBUG": "release",
    "SECRET_KEY": "",
    "EMAIL_PORT": "tcp://10.0.0.1:25",
    "EMAIL_USE_TLS": "starttls",
    "MONGODB_PORT": "tcp://10.0.0.1:27017",
    "JWT_ALGORITHM": "RS256",
}
WINDOW_SECONDS = 15


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--loadlens", type=Path, default=Path(sys.executable).with_name("loadlens"))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own = settings_in(folder / "own")
        own.data_dir.parent.mkdir()
        facility(own, 3, 90)
        pd.concat([hourly(f"Meter {number}", 1, 500).iloc[::24] for number in range(90)]).rename(
            columns={"kWh": "consumption"}
        ).to_csv(folder / "long.csv", index=False)
        named = {"LOADLENS_DATA_DIR": str(own.data_dir)}
        usual = {"XDG_DATA_HOME": str(folder / "home"), **FOREIGN}
        everything = verbs(folder)
        some = [given for given in everything if not given or given[0] in {"register", "stats", "doctor"}]
        return verdict(
            [
                from_within(folder, chosen.loadlens, "a data folder that is named", everything, named),
                from_within(folder, chosen.loadlens, "the usual one, foreign values", some, usual),
            ]
        )


def from_within(
    folder: Path, program: Path, title: str, started: list[list[str]], more: dict[str, str]
) -> Tally:
    """Start verbs and the window in the folder, each with a new mark to be left."""
    tally = Tally(f"Started on a stick, over {title}", FAULTS)
    stick, mark = folder / "stick", folder / "mark"
    environment = {name: value for name, value in os.environ.items() if name != "LOADLENS_DATA_DIR"}
    environment |= {"QT_QPA_PLATFORM": "offscreen", **more}
    with listening(tally) as port:
        make_stick(stick, mark, port)
        for arguments in started:
            tally.add("started")
            said = start([program, *arguments], stick, environment, arguments)
            executed = mark.read_text().split() if mark.exists() else []
            mark.unlink(missing_ok=True)
            tally.add("executed", len(executed))
            tally.add("believed", believed(stick))
            tally.add("tracebacks", "Traceback" in said.stderr)
            works = said.returncode == 0 or (
                arguments[:1] == ["stats"] and "no active account" in said.stderr
            )
            tally.add("did not work", not works)
            if executed or "Traceback" in said.stderr or not works:
                print(arguments[:1], sorted(set(executed)), said.stderr[-300:], flush=True)
    return tally.done()


def verbs(folder: Path) -> list[list[str]]:
    """Every verb so that it does its work in the data folder of one's own; the window first and last."""
    user = ["--user", EMAIL]
    return [
        [],
        [
            "register",
            "--email",
            f"{os.urandom(4).hex()}@example.com",
            "--first-name",
            "E",
            "--last-name",
            "O",
        ],
        ["createsuperuser", "--email", "root@example.com"],
        ["import", str(folder / "own" / "readings.csv"), *user],
        ["stats", *user],
        ["train", *user],
        ["predict", *user],
        ["alerts", *user],
        ["report", *user, "--output", str(folder / "report.pdf")],
        ["watch", str(folder / "own"), *user, "--once"],
        [
            "forecast",
            "--input",
            str(folder / "long.csv"),
            "--horizon-days",
            "7",
            "--output",
            str(folder / "f.csv"),
        ],
        ["detect", "--input", str(folder / "long.csv"), "--output", str(folder / "d.csv")],
        ["backup", str(folder / "a.backup")],
        ["restore", str(folder / "a.backup")],
        ["doctor"],
    ]


def from_to(folder: Path, output: str) -> list[str]:
    return ["--input", str(folder / "long.csv"), "--output", str(folder / output)]


def start(
    command: list[str | Path], stick: Path, environment: dict[str, str], arguments: list[str]
) -> subprocess.CompletedProcess[str]:
    """Its outcome; a window that still runs after a while does its work."""
    program = subprocess.Popen(
        command,
        cwd=stick,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if arguments:
        out, err = program.communicate(f"{PASSWORD} nobody knows\n", timeout=300)
        return subprocess.CompletedProcess(command, program.returncode, out, err)
    with suppress(subprocess.TimeoutExpired):
        program.wait(WINDOW_SECONDS)
    running = program.poll() is None
    program.terminate()
    out, err = program.communicate(timeout=60)
    return subprocess.CompletedProcess(command, 0 if running else 1, out, err)


def make_stick(stick: Path, mark: Path, port: int) -> None:
    """Everything that a program might take from where it is started."""
    data = stick / "data"
    data.mkdir(parents=True, exist_ok=True)
    (stick / ".env").write_text(
        f"LOADLENS_DATA_DIR={data}\nSECRET_KEY={KEY}\nMONGODB_URI=mongodb://127.0.0.1:{port}/\n"
        f"LOADLENS_CLUSTER=tcp://127.0.0.1:{port}\nEMAIL_HOST=127.0.0.1\nEMAIL_PORT={port}\n"
    )
    for folder in (stick, data):
        (folder / "secrets.json").write_text(json.dumps({"secretKey": KEY, "privateDatabasePassword": KEY}))
        server = {"address": f"127.0.0.1:{port}", "tls": False}
        (folder / "connection.json").write_text(json.dumps({"inUse": True, "server": server}))
    run = "import pathlib; pathlib.Path({!r}).open('a').write('{} ')\n"
    for name in MODULES:
        (stick / f"{name}.py").write_text(run.format(str(mark), name))
    for name in PACKAGES:
        (stick / name).mkdir(exist_ok=True)
        (stick / name / "__init__.py").write_text(run.format(str(mark), name))
    for name in ("mongod", "python", "gcc", "ldconfig", "uname", "xdg-open"):
        (stick / name).write_text(f"#!/bin/sh\necho {name} >> {mark}\nexit 1\n")
        (stick / name).chmod(0o755)
    (stick / "qt.conf").write_text(f"[Paths]\nPlugins={stick}\n")
    sign_model(data / "models", mark)


class _Payload:
    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"echo model >> {self._mark}",)


def sign_model(models: Path, mark: Path) -> None:
    """A model as the key of the stick signs it, wherever one of any account might be looked for."""
    models.mkdir(exist_ok=True)
    content = pickle.dumps(_Payload(mark))
    about = {"name": "combination", "place": "", "format": 4, "libraries": {"scikit-learn": "1"}}
    about["sha256"] = hashlib.sha256(content).hexdigest()
    written = json.dumps(about, sort_keys=True, separators=(",", ":")).encode()
    about["signature"] = hmac.new(KEY.encode(), written + b"\0" + content, hashlib.sha256).hexdigest()
    (models / "combination_model.pkl").write_bytes(content)
    (models / "combination_model.json").write_text(json.dumps(about))


def believed(stick: Path) -> bool:
    """Whether a program went to work in the data folder of the stick, or left anything on it."""
    made = {
        "database",
        "logs",
        "clients",
        "mongod.json",
        "mongod.log",
        "loads",
        "keyring.lock",
        "secrets.lock",
    }
    found = [path for folder in (stick, stick / "data") for path in folder.iterdir() if path.name in made]
    return bool(found)


@contextmanager
def listening(tally: Tally) -> Iterator[int]:
    """The port of the stranger that the stick names; whoever comes there is counted."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def count() -> None:
            with suppress(OSError):
                while True:
                    server.accept()[0].close()
                    tally.add("connected to")

        threading.Thread(target=count, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    sys.exit(main())
