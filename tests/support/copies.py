"""Copies of a vector index: in the folder that machines share, and on their own disks."""

from pathlib import Path

from index import Library


def copies(folder: Path) -> list[int]:
    """Return the numbers of the indexes in a folder, in which nothing unfinished may be."""
    assert not [left for left in folder.iterdir() if left.name.startswith(("part-", "building-", "fetching-"))]
    return sorted(int(found.name.split("-")[2]) for found in folder.glob("chroma-*"))


def shelf(place: Path) -> Path:
    """Return the folder of the one library that has copies in a place."""
    (found,) = place.iterdir()
    return found


def own(library: Library) -> list[int]:
    """Return the numbers of a machine's own copies."""
    (root,) = library.path.glob("copies-*")
    return copies(root)


def copy_of(folder: Path, number: int) -> Path:
    """Return the copy of the index of a number."""
    (found,) = folder.glob(f"chroma-*-{number}-*")
    return found


def used(library: Library) -> int | None:
    """Return the number of the index that questions of a machine are asked to."""
    library.search("harbour7")
    opened = library._dense._held
    return opened[0].number if opened and library._dense._failed is None else None


def flip(file: Path) -> None:
    """Turn one bit in the middle of a file."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(content)


def graph(folder: Path) -> Path:
    """Return the largest file of the one index in a folder."""
    (found,) = folder.rglob("data_level0.bin")
    return found
