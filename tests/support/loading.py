"""Loading one file's articles, as tests of formats do."""

from pathlib import Path

from index.article import Article
from index.sources.files import Failure, FieldMapping, Loaded, load_file


def loaded(
    folder: Path, name: str, content: bytes | str, mapping: FieldMapping | None = None
) -> list[Loaded | Failure]:
    """Write a file and load what it holds."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(load_file(path, folder, mapping or FieldMapping()))


def articles(folder: Path, name: str, content: bytes | str, mapping: FieldMapping | None = None) -> list[Article]:
    """Return the articles of a file; fails where anything of it could not be read."""
    found = loaded(folder, name, content, mapping)
    assert all(isinstance(item, Loaded) for item in found), found
    return [item.article for item in found if isinstance(item, Loaded)]


def only(folder: Path, name: str, content: bytes | str) -> Article:
    """Return the one article of a file."""
    (article,) = articles(folder, name, content)
    return article


def reasons(folder: Path, name: str, content: bytes | str) -> list[str]:
    """Return why a file, or parts of it, gave no article."""
    return [item.reason for item in loaded(folder, name, content) if isinstance(item, Failure)]
