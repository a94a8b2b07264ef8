"""One page in several files, as a site's mirror has it: told by the address that the page calls its own."""

import posixpath
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import unquote

from index.ingest.versions import day_of
from index.sources.canonical import canonical
from index.sources.files import Failure, Loaded


@dataclass(frozen=True, slots=True)
class _Page:
    """The article that was taken for an address: its id, title, text's hash, day, and where it stands."""

    id: str
    title: str
    text: int
    day: date | None
    place: str


class Copies:
    """The pages of one run, by their own addresses; one that comes again is passed over, or taken for a newer one."""

    def __init__(self) -> None:
        self._pages: dict[str, _Page] = {}

    def told(self, item: Loaded, name: str) -> Loaded | Failure:
        """Return an article as it is to be taken, under the id of its first copy, or why it is not.

        `name` is its file's. Two pages are one where they state one address, and their titles or their texts are the
        same: careless sites give all of their pages one address.
        """
        article = item.article
        address = _file(name, item.copy_of) if item.copy_of else canonical(article.url or "")
        if not address or not article.id.startswith(name):
            # Known by an id of its own.
            return item
        key = address + article.id[len(name) :]
        own = _Page(article.id, article.title, hash(article.text), day_of(article), item.place)
        known = self._pages.setdefault(key, own)
        if known is own or (known.title != own.title and known.text != own.text):
            return item
        if own.day is None or known.day is None or own.day <= known.day:
            reason = f"It is the page {article.url or address} again, which was taken from {known.place}."
            return Failure(item.place, reason, skipped=True)
        self._pages[key] = replace(own, id=known.id)
        return replace(item, article=replace(article, id=known.id))


def _file(name: str, link: str) -> str:
    """Return the file that a link of a saved page leads to, relative to the folder that the page's own name is of."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(link.partition("#")[0])))
