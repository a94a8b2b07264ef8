"""The errors that asking, writing and measuring raise, in Khabar's one error tree."""

from index.errors import KhabarError


class MissingExtraError(KhabarError, ImportError):
    """An optional package is not installed; the message names the extra that brings it."""


class AbandonedError(KhabarError):
    """Whoever asked has left, so that the question was not answered to its end."""


class CrowdedError(KhabarError):
    """Too many questions wait already for their answers."""


class EndingError(KhabarError):
    """The server that was asked is ending."""


class WriterError(KhabarError):
    """The configured chat model could not be reached or did not answer."""


class WriterTimeoutError(WriterError):
    """The chat model took too long."""


class WriterBusyError(WriterError):
    """The chat model's provider asks to wait: too many requests, or a quota that is used up."""


class WriterBudgetError(WriterError):
    """The token budget for chat models is used up."""


class StandingQuestionError(KhabarError):
    """What is kept of a standing question cannot be read: another version of Khabar wrote it, or it is damaged."""


class EvaluationError(KhabarError):
    """An evaluation file is not of a known form or does not fit the library."""


class BatchError(KhabarError):
    """A file of questions cannot be read as such, or a table of answers cannot be written as asked."""
