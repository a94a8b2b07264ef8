"""Indexes at a Chroma server, which the machines of one catalog share: collections, filled once, searched over HTTP."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from index.errors import KhabarError, LibraryError, StorageError
from index.vectors.chroma import ChromaIndex, Made, VectorIndex, collection_names, fill, is_part, opened, sizes_of

if TYPE_CHECKING:
    from index.store.rows import Vectors

# Chroma's own client waits for ever. Seconds for a connection, for what a question asks, and for a step of a build: a
# server takes in vectors first, and works them into its graph before it answers the first query.
_CONNECTING, _ASKING, _BUILDING = 5.0, 10.0, 1800.0
# Chroma Cloud's quotas: results of a query, and records of a write, are no more than this many.
_CLOUD, _QUOTA = "trychroma.com", 300
_REFUSED = {401, 403}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """A Chroma server, and who asks it: `url` is http://host:8000, https://api.trychroma.com, or the like.

    `token` is sent as X-Chroma-Token; it is in no message, and not in what `repr` shows. Raises `LibraryError` for an
    address or a token that cannot be one.
    """

    url: str
    tenant: str = "default_tenant"
    database: str = "default_database"
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            is_plain = parts.port != 0 and not (parts.path.strip("/") or parts.query or parts.fragment)
            is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and is_plain
        except ValueError:
            is_address = False
        if "@" in self.url:
            raise LibraryError(
                "A Chroma server's address holds no name and no password: give its token apart (KHABAR_CHROMA_TOKEN)."
            )
        if not is_address:
            raise LibraryError(f"{self.url!r} is not a Chroma server's address: write it as http://localhost:8000.")
        if self.token is not None and not re.fullmatch("[!-~]+", self.token):
            raise LibraryError("A Chroma token has letters, digits and signs of ASCII, without spaces. Check its ends.")

    @property
    def secure(self) -> bool:
        """Tell whether the connection is encrypted."""
        return urlsplit(self.url).scheme == "https"

    @property
    def host(self) -> str:
        """The server's name, in lower case, or its address."""
        name = urlsplit(self.url).hostname or ""
        return f"[{name}]" if ":" in name else name

    @property
    def port(self) -> int:
        """The port, by default that of the scheme or of `chroma run`."""
        return urlsplit(self.url).port or (443 if self.secure else 8000)

    @property
    def where(self) -> str:
        """Name the server, the tenant and the database."""
        return f"{'https' if self.secure else 'http'}://{self.host}:{self.port}, {self.tenant}/{self.database}"

    @property
    def key(self) -> str:
        """What tells this place for indexes from others; machines that share one write its address alike."""
        return hashlib.sha256(f"{self.host}:{self.port}/{self.tenant}/{self.database}".encode()).hexdigest()[:8]

    @property
    def quota(self) -> int | None:
        """How many records may be read or written at once, None for any number."""
        return _QUOTA if self.host == _CLOUD or self.host.endswith(f".{_CLOUD}") else None


class ServerStore:
    """One library's indexes at a Chroma server; each is collections that are named by library, generation and number.

    An index's number is its builder's fencing number, which only grows: what has a lower one is over.
    """

    is_shared, is_copied = True, False

    def __init__(self, server: ChromaServer, library: str) -> None:
        self._server = server
        self._prefix = f"khabar-{library}"
        self._sound: set[Made] = set()

    def build(self, made: Made, parts: Iterable["Vectors"], languages: Mapping[str, int] | None = None) -> Made:
        """Fill collections that nobody is told of yet, and wait until the server can search them."""
        client, sizes = _Client(self._server, _BUILDING), sizes_of(made.count, languages)
        try:
            # Of a future that an older catalog, brought back from a backup, does not know.
            self._delete(client, lambda name: is_part(name, self._name(made)))
            for language, own in fill(client, self._name(made), client.guard, parts, sizes, self._server.quota).items():
                if (held := client.guard(own.count)) != sizes[language]:
                    raise LibraryError(
                        f"The Chroma server at {self._server.where} took {held} passages of {sizes[language]}. "
                        "Look into its log."
                    )
                first = client.guard(partial(own.get, limit=1, include=["embeddings"]))
                client.guard(partial(own.query, query_embeddings=first["embeddings"], n_results=1))
        finally:
            client.close()
        return made

    def at_hand(self, recorded: Sequence[Made]) -> Made | None:
        """The newest one, which the server has for everybody."""
        return next(iter(recorded), None)

    def fetch(self, recorded: Sequence[Made]) -> None:
        """Nothing of it is kept here."""

    def drop(self, made: Made) -> None:
        """Delete an index's collections."""
        self._sound.discard(made)
        client = _Client(self._server, _ASKING)
        try:
            self._delete(client, lambda name: is_part(name, self._name(made)))
        finally:
            client.close()

    def damage(self, made: Made, *, afresh: bool = False) -> str | None:
        """Say why an index cannot be searched; None when its collections are there with all their vectors."""
        if made in self._sound and not afresh:
            return None
        try:
            self.open(made).close()
        except LibraryError as error:
            # That is what was asked.
            self._sound.discard(made)
            return str(error)
        return None

    def open(self, made: Made) -> VectorIndex:
        """Look up an index's collections, for searching over HTTP."""
        client = _Client(self._server, _ASKING)
        try:
            collections = opened(client, self._name(made), client.guard)
            index = ChromaIndex(client, collections, client.guard, at_once=True, most=self._server.quota)
            if not collections:
                raise LibraryError(f"{self._called(made)} is missing. `khabar doctor` rebuilds it.")
            if (held := index.count()) != made.count:
                raise LibraryError(
                    f"{self._called(made)} holds {held} passages, not {made.count}. `khabar doctor` rebuilds it."
                )
        except BaseException:
            client.close()
            raise
        self._sound.add(made)
        return index

    def keep(self, kept: Collection[Made]) -> None:
        """Delete the collections of every earlier index but these; later ones are those of another builder."""
        numbers = {made.number for made in kept}
        pattern = re.compile(rf"{re.escape(self._prefix)}-\d+-(\d+)(-[a-z]+)?")

        def is_over(name: str) -> bool:
            found = pattern.fullmatch(name)
            return found is not None and int(found[1]) < max(numbers) and int(found[1]) not in numbers

        client = _Client(self._server, _ASKING)
        try:
            self._delete(client, is_over)
        finally:
            client.close()

    def describe(self, made: Made | None) -> str:
        """Name the collection and the server."""
        return self._called(made) if made else f"at {self._server.where}"

    def _delete(self, client: "_Client", chosen: Callable[[str], bool]) -> None:
        for name in collection_names(client, client.guard):
            if chosen(name):
                client.guard(partial(client.delete_collection, name))

    def _name(self, made: Made) -> str:
        return f"{self._prefix}-{made.generation}-{made.number}"

    def _called(self, made: Made) -> str:
        return f"The collection {self._name(made)} at {self._server.where}"


class _Client:
    """What is used of Chroma's client, by its HTTP part: the whole one begins with requests that never time out."""

    def __init__(self, server: ChromaServer, seconds: float) -> None:
        self._server = server
        self._api = self.guard(partial(_api, server, seconds))
        self._place = {"tenant": server.tenant, "database": server.database}

    def create_collection(self, name: str, **options: Any) -> Any:
        embedding = options.pop("embedding_function")
        return self._collection(self._api.create_collection(name, **options, **self._place), embedding)

    def get_collection(self, name: str, *, embedding_function: None) -> Any:
        return self._collection(self._api.get_collection(name, **self._place), embedding_function)

    def list_collections(self, *, limit: int, offset: int) -> Any:
        return self._api.list_collections(limit, offset, **self._place)

    def delete_collection(self, name: str) -> None:
        self._api.delete_collection(name, **self._place)

    def get_max_batch_size(self) -> int:
        return int(self._api.get_max_batch_size())

    def close(self) -> None:
        """Close the connections."""
        self._api._session.close()

    def guard(self, call: Callable[[], T], /) -> T:
        """Run one call; its errors have no common base, so every exception becomes ours, without the token."""
        try:
            return call()
        except KhabarError:
            raise
        except Exception as error:
            told = " ".join(str(error).split()).rstrip(".") or type(error).__name__
            # A server or a proxy may say again what it was sent.
            if self._server.token and self._server.token in told:
                told, error = told.replace(self._server.token, "…"), None  # type: ignore[assignment]
            raise StorageError(
                f"The Chroma server at {self._server.where} cannot be used: {told}. Check that it runs "
                "and lets this machine in, and try again; the articles are in the catalog, and nothing of them is lost."
            ) from error

    def _collection(self, model: Any, embedding_function: None) -> Any:
        from chromadb.api.models.Collection import Collection

        return Collection(client=self._api, model=model, embedding_function=embedding_function)


def _api(server: ChromaServer, seconds: float) -> Any:
    from chromadb.api.fastapi import FastAPI
    from chromadb.config import Settings, System

    # Said in so many words: what is left out would be taken from Chroma's own variables.
    settings = Settings(
        anonymized_telemetry=False,
        chroma_server_host=server.host,
        chroma_server_http_port=server.port,
        chroma_server_ssl_enabled=server.secure,
        chroma_server_headers={"X-Chroma-Token": server.token} if server.token else {},
        chroma_client_auth_provider=None,
    )

    def refused(response: Any) -> None:
        if response.status_code in _REFUSED:
            what = "the token" if server.token else "whoever comes without a token"
            raise StorageError(
                f"The Chroma server at {server.where} refuses {what} (HTTP {response.status_code}). "
                "Check KHABAR_CHROMA_TOKEN, the tenant and the database."
            )

    system = System(settings)
    api: Any = system.instance(FastAPI)
    system.start()
    # For a connection, reading, writing, and a connection that others have.
    api._session.timeout = (_CONNECTING, seconds, seconds, seconds)
    api._session.event_hooks = {"response": [refused]}
    return api
