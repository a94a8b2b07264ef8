"""The one error tree of Khabar: every error a caller may want to catch is a `KhabarError`.

A message says what happened and what to do next; it is fit to be shown to a user as it is.
"""

import math


class KhabarError(Exception):
    """Base of every error Khabar raises on purpose."""


class LoadError(KhabarError):
    """A file or stream could not be turned into articles (unreadable, undecodable, malformed, empty)."""


class NoArticleError(LoadError):
    """A file is of a kind that holds no article, such as a picture: among others in a folder it is passed over."""


class FetchError(LoadError):
    """An address may not be fetched, or could not be."""


class UnreachableError(FetchError):
    """An address could not be fetched now, and may be later; `after` is the seconds that its server named, if any."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class ArticleError(KhabarError, ValueError):
    """An article's fields break a rule (no text, no id, a date that is not one)."""


class ArticleNotFoundError(KhabarError, KeyError):
    """No article, or no such revision of it, has this id."""

    def __str__(self) -> str:
        """Return the plain message: `KeyError` would show its repr."""
        return str(self.args[0]) if self.args else ""


class DossierNotFoundError(KhabarError):
    """No dossier that whoever asks may see, or no quote of it, is named so."""


class StoryNotFoundError(KhabarError):
    """No story has this id, or none of its articles is among those that are asked."""


class NameNotFoundError(KhabarError):
    """Nobody and nothing is called so in the articles that are asked."""


class LibraryError(KhabarError):
    """A library's folder or one of its files cannot be used."""


class StorageError(LibraryError):
    """The server that keeps a library's catalog or its vector index does not answer, or has let the connection go."""


class LibraryMismatchError(LibraryError):
    """A library was made with another encoder, chunking or version of Khabar than the one it is opened with."""


class LibraryBusyError(LibraryError):
    """Another process is writing to the library and the caller chose not to wait."""


class JobLostError(LibraryError):
    """A worker's job is no longer its own: another one took it up, or somebody dropped it; nothing of it is kept."""


class EncoderError(KhabarError):
    """A model could not be found, converted, loaded or run."""


class QueryError(KhabarError, ValueError):
    """A question or a filter is not usable (blank, too long, an impossible date range)."""


class AccessError(KhabarError):
    """Whoever asks for this may not do it; the message says who may."""


class TooManyTriesError(AccessError):
    """Too many tries to sign in have failed, under a name or from an address; nobody may try for so many `seconds`.

    Whether there is such a name it does not tell.
    """

    def __init__(self, seconds: float) -> None:
        self.whole_seconds = max(1, math.ceil(seconds))
        self.minutes = math.ceil(self.whole_seconds / 60)
        super().__init__(f"Too many tries to sign in have failed. Try again in {self.minutes} min.")


class SignInError(AccessError):
    """Who somebody is could not be found out where they said that it is known; the message is for the server's log."""


class SignInRefusedError(SignInError):
    """Somebody is known elsewhere, and may not enter here; the message is for the server's log."""


class DeliveryError(KhabarError):
    """That an answer has changed could not be told to whoever wants to know; it is tried again."""


class SettingsError(KhabarError):
    """A setting from the environment, a file or a flag is unknown or has an impossible value."""
