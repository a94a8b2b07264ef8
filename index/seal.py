"""Sealing a finished folder: what its files are, written last, so that a damaged or half-written one is told apart."""

import hashlib
import json
from pathlib import Path

_SEAL = "seal.json"


def seal(folder: Path, *, changing: str) -> None:
    """Write down the checksum of every file under `folder`, but for those named `changing`."""
    sums = {str(file.relative_to(folder)): _checksum(file) for file in _files(folder, changing)}
    (folder / _SEAL).write_text(json.dumps(sums, sort_keys=True), encoding="utf-8")


def damage(folder: Path) -> str | None:
    """Say what is wrong with a sealed folder, in plain words; None when every file is as it was sealed."""
    try:
        sums = json.loads((folder / _SEAL).read_text(encoding="utf-8"))
        for name, expected in sums.items():
            if _checksum(folder / name) != expected:
                return f"{folder.name}/{name} is not as it was written"
    except FileNotFoundError as error:
        # Without its seal, which is written last, a folder was never finished.
        return f"{folder.name}/{Path(error.filename).name} is missing"
    except (OSError, ValueError, AttributeError) as error:
        # A seal that is no JSON (ValueError), or JSON of another shape (AttributeError), is damage too.
        return f"{folder.name} cannot be read: {error}"
    return None


def _files(folder: Path, changing: str) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.name not in {_SEAL, changing})


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "blake2b").hexdigest()
