"""The one error tree of Khabar: every error a caller may want to catch is a `KhabarError`.

A message says what happened and what to do next; it is fit to be shown to a user as it is.
"""


class KhabarError(Exception):
    """Base of every error Khabar raises on purpose."""


class LoadError(KhabarError):
    """A file or stream could not be turned into articles (unreadable, undecodable, malformed, empty)."""


class ArticleError(KhabarError, ValueError):
    """An article's fields break a rule (no text, no id, a date that is not one)."""


class ArticleNotFoundError(KhabarError, KeyError):
    """No article, or no such revision of it, has this id."""

    def __str__(self) -> str:
        """Return the plain message: `KeyError` would show its repr."""
        return str(self.args[0]) if self.args else ""


class LibraryError(KhabarError):
    """A library's folder or one of its files cannot be used."""


class LibraryMismatchError(LibraryError):
    """A library was made with another encoder or another chunking than the one it is opened with."""


class LibraryBusyError(LibraryError):
    """Another process is writing to the library and the caller chose not to wait."""


class EncoderError(KhabarError):
    """A model could not be found, converted, loaded or run."""


class MissingExtraError(KhabarError, ImportError):
    """An optional package is not installed; the message names the extra that brings it."""


class QueryError(KhabarError, ValueError):
    """A question or a filter is not usable (blank, too long, an impossible date range)."""


class AbandonedError(KhabarError):
    """Whoever asked has left, so that the question was not answered to its end."""


class WriterError(KhabarError):
    """The configured chat model could not be reached or did not answer."""


class WriterTimeoutError(WriterError):
    """The chat model took too long."""


class WriterBusyError(WriterError):
    """The chat model's provider asks to wait: too many requests, or a quota that is used up."""


class WriterBudgetError(WriterError):
    """The token budget for chat models is used up."""


class EvaluationError(KhabarError):
    """An evaluation file is not of a known form or does not fit the library."""


class SettingsError(KhabarError):
    """A setting from the environment, a file or a flag is unknown or has an impossible value."""
