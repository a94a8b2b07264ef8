"""A library's folder: made for who may begin a library, and told of where it holds none."""

import shlex
from pathlib import Path

from index.backups import CATALOG, backups
from index.errors import LibraryError


def folder_of(path: str | Path, *, create: bool = False) -> Path:
    """Return a library's folder, made where it is missing if that is wanted.

    Raises `LibraryError` when it cannot be made, holds no library and may not be made one, or has lost its catalog.
    """
    folder = Path(path).expanduser()
    if create:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"The library folder {folder} cannot be made: {error}.") from error
    else:
        check_library(folder)
    if not (folder / CATALOG).exists() and backups(folder):
        raise LibraryError(
            f"The library {folder} has lost its catalog. Bring the last automatic backup back: khabar doctor --restore."
        )
    return folder


def check_library(folder: Path) -> None:
    """Raise `LibraryError` when a folder holds neither a catalog nor backups of one; makes nothing."""
    if not (folder / CATALOG).exists() and not backups(folder):
        raise LibraryError(
            f"There is no library in {folder}. Name another with --library, or fill it: "
            f"khabar index FILES --library {shlex.quote(str(folder))}"
        )
