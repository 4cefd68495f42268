"""Trained models on disk: `<name>_model.pkl` (joblib) beside `<name>_model.json`, which is its passport.

Unpickling a file runs whatever its maker wanted. So the metadata carry a signature with the
installation's key over both files, and nothing is unpickled before that signature has been found right.
The signature is also over the place of the files, whose they are and of which training: a file that is
rightly signed, but was put in another's place, is none.
"""

import hashlib
import hmac
import io
import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import joblib

from ml.forecasting.forecast import Forecaster

LIBRARIES = ("scikit-learn", "numpy", "pandas", "joblib")
FORMAT = 6
"""Another one wherever what is pickled has other fields."""

Metadata = dict[str, Any]


class ArtifactRefused(ValueError):
    """The file is altered, unsigned, signed with another key or for another place, or of other versions.

    ``sentence`` has named places for ``details``; who shows it translates it.
    """

    def __init__(self, sentence: str, **details: str | None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details

    def __str__(self) -> str:
        return self.sentence.format(**self.details)


def save(
    folder: Path, name: str, model: Forecaster, metadata: Mapping[str, Any], key: bytes, place: str = ""
) -> None:
    """Write the model and its metadata (JSON values); an earlier one stays whole until both are.

    ``place`` is asked for whenever it is read. Added to the metadata: name, place, format, libraries, sha256
    of the .pkl, signature.
    """
    buffer = io.BytesIO()
    joblib.dump(model, buffer, compress=3)
    content = buffer.getvalue()
    described = {**metadata, "name": name, "place": place, "format": FORMAT, "libraries": _libraries()}
    described["sha256"] = hashlib.sha256(content).hexdigest()
    described["signature"] = _signature(described, content, key)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pickled, passport = _paths(folder, name)
    _draft(passport).write_text(json.dumps(described, indent=2), encoding="utf-8")
    _draft(pickled).write_bytes(content)
    # Dying between these two leaves the passport of the new model as a draft, where `read` finds it.
    _draft(pickled).replace(pickled)
    _draft(passport).replace(passport)


def read(folder: Path, name: str, key: bytes, place: str = "") -> Metadata | None:
    """Read the metadata of a model and check its signature; None where there is no model.

    Nothing is unpickled. Raises `ArtifactRefused`.
    """
    verified = _verified(folder, name, key, place)
    return verified[0] if verified else None


def load(folder: Path, name: str, key: bytes, place: str = "") -> tuple[Forecaster, Metadata] | None:
    """Load a model and its metadata once its signature is checked; None where there is no model.

    Raises `ArtifactRefused`, also for a model of another version of Loadlens or of the libraries.
    """
    verified = _verified(folder, name, key, place)
    if verified is None:
        return None
    metadata, content = verified
    _check_makers(metadata)
    try:
        return cast(Forecaster, joblib.load(io.BytesIO(content))), metadata
    except ImportError as missing:
        raise ArtifactRefused(
            "The {model} model needs {library}, which is not installed.", model=name, library=missing.name
        ) from None


def check(folder: Path, name: str, key: bytes, place: str = "") -> None:
    """Raise `ArtifactRefused` for what `load` would refuse before it unpickles anything; unpickle nothing."""
    if verified := _verified(folder, name, key, place):
        _check_makers(verified[0])


def _check_makers(metadata: Metadata) -> None:
    if metadata["format"] != FORMAT:
        raise ArtifactRefused(
            "The {model} model was trained by another version of Loadlens.", model=metadata["name"]
        )
    trained, here = metadata["libraries"]["scikit-learn"], version("scikit-learn")
    if trained != here:
        raise ArtifactRefused(
            "The {model} model was trained with scikit-learn {trained}, and this is {here}.",
            model=metadata["name"],
            trained=trained,
            here=here,
        )


def _verified(folder: Path, name: str, key: bytes, place: str) -> tuple[Metadata, bytes] | None:
    """Return metadata and content of the two files if both are signed for each other and for this place."""
    pickled, passport = _paths(folder, name)
    if not pickled.exists():
        return None
    # What is checked is what is loaded: the file is read once.
    content = _content(pickled)
    for path in (passport, _draft(passport)):
        metadata = _parsed(path)
        signature = metadata.get("signature")
        if not isinstance(signature, str) or metadata.get("name") != name:
            continue
        right = _signature(metadata, content, key)
        if hmac.compare_digest(signature.encode(errors="replace"), right.encode()):
            _check_place(metadata, pickled, place)
            return metadata, content
    raise ArtifactRefused("{file} is not as this installation signed it.", file=pickled.name)


def _content(pickled: Path) -> bytes:
    try:
        return pickled.read_bytes()
    except OSError as error:
        raise ArtifactRefused(
            "{file} cannot be read: {reason}.", file=pickled.name, reason=error.strerror
        ) from None


def _check_place(metadata: Metadata, pickled: Path, place: str) -> None:
    if "place" not in metadata:
        raise ArtifactRefused("{file} was written by an earlier Loadlens.", file=pickled.name)
    if metadata["place"] != place:
        raise ArtifactRefused("{file} was put here from another place.", file=pickled.name)


def _parsed(path: Path) -> Metadata:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _signature(metadata: Metadata, content: bytes, key: bytes) -> str:
    """Return HMAC-SHA256 (RFC 2104) over the metadata without their signature, then the pickled model."""
    unsigned = {field: value for field, value in metadata.items() if field != "signature"}
    written = json.dumps(unsigned, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(key, written + b"\0" + content, hashlib.sha256).hexdigest()


def _libraries() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def _paths(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}_model.pkl", folder / f"{name}_model.json"


def _draft(path: Path) -> Path:
    return path.with_name(f"{path.name}.draft")
