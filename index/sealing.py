"""Sealing a finished folder: what its files are, written last, so that a damaged or half-written one is told apart.

The index of a library is small enough to be read whole at every start. A converted model is not: of it a start looks
at the edges of each file.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

CHECKSUMS = "checksums.json"
_SEAL = "seal.json"
# Bytes at either end of a file.
_EDGE = 65536


def seal(folder: Path, *, changing: str = "") -> None:
    """Write down the checksum of every file under `folder`, but for those named `changing`."""
    sums = {str(file.relative_to(folder)): _checksum(file) for file in _files(folder, changing)}
    (folder / _SEAL).write_text(json.dumps(sums, sort_keys=True), encoding="utf-8")


def seal_digest(folder: Path) -> str:
    """Return the SHA-256 (hex) of a folder's seal: what tells its content from every other; raises `OSError`."""
    return _checksum(folder / _SEAL, "sha256")


def take_seal(folder: Path, to: Path) -> None:
    """Make the folder `to`, with the seal of another one, which `take_sealed` fills; raises `OSError`."""
    to.mkdir()
    shutil.copyfile(folder / _SEAL, to / _SEAL)


def take_sealed(folder: Path, to: Path) -> None:
    """Copy the files that the seal of `to` names from another folder; raises `OSError`, `ValueError` for no seal.

    What came over is told by `damage`.
    """
    for name in json.loads((to / _SEAL).read_text(encoding="utf-8")):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, to / name)


def damage(folder: Path, *, changing: str = "") -> str | None:
    """Say what is wrong with a sealed folder, in plain words; None when every file is as it was sealed.

    Those named `changing` may have changed since.
    """
    try:
        sums = json.loads((folder / _SEAL).read_text(encoding="utf-8"))
        for name, expected in sums.items():
            if Path(name).name != changing and _checksum(folder / name) != expected:
                return f"{folder.name}/{name} is not as it was written"
    except FileNotFoundError as error:
        # Without its seal, which is written last, a folder was never finished.
        return f"{folder.name}/{Path(error.filename).name} is missing"
    except (OSError, ValueError, AttributeError) as error:
        # A seal that is no JSON (ValueError), or JSON of another shape (AttributeError), is damage too.
        return f"{folder.name} cannot be read: {error}"
    return None


def is_whole(folder: Path) -> bool:
    """Tell whether a converted folder is there with every file at its recorded size and edges.

    The full SHA-256 of half a gigabyte would cost more than loading it, so a start compares sizes and the
    hash of each file's first and last 64 KiB; `verify` reads everything.
    """
    try:
        recorded = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        # No record, or half of one: it was never finished, and is made anew.
        return False
    return all(
        (folder / name).is_file() and _edges(folder / name) == entry["edges"] for name, entry in recorded.items()
    )


def verify(folder: Path) -> bool:
    """Tell whether every file of a converted folder has its recorded SHA-256."""
    if not is_whole(folder):
        return False
    recorded = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
    return all(_checksum(folder / name, "sha256") == entry["sha256"] for name, entry in recorded.items())


def replace_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Fill a temporary folder by `write`, seal it with checksums and move it to `folder` in one step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as temporary:
        made = Path(temporary) / "model"
        made.mkdir()
        write(made)
        sums = {
            file.relative_to(made).as_posix(): {"sha256": _checksum(file, "sha256"), "edges": _edges(file)}
            for file in _files(made)
        }
        (made / CHECKSUMS).write_text(json.dumps(sums, indent=1), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        made.replace(folder)


def _files(folder: Path, changing: str = _SEAL) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.name not in {_SEAL, changing})


def _checksum(file: Path, algorithm: str = "blake2b") -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, algorithm).hexdigest()


def _edges(path: Path) -> str:
    size = path.stat().st_size
    with path.open("rb") as file:
        digest = hashlib.sha256(file.read(_EDGE))
        file.seek(max(0, size - _EDGE), os.SEEK_SET)
        digest.update(file.read(_EDGE))
    return f"{size}:{digest.hexdigest()}"
