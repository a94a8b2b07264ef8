"""Articles to searchable passages: `Library.open(folder).sync(source)`."""

from index.article import Article, Filters, Passage
from index.chunking import Chunking
from index.encoder import Encoder, TokenVectors, open_encoder
from index.errors import (
    AbandonedError,
    ArticleError,
    ArticleNotFoundError,
    EncoderError,
    EvaluationError,
    KhabarError,
    LibraryBusyError,
    LibraryError,
    LibraryMismatchError,
    LoadError,
    MissingExtraError,
    QueryError,
    SettingsError,
    WriterBudgetError,
    WriterBusyError,
    WriterError,
    WriterTimeoutError,
)
from index.feedback import Feedback, Verdict
from index.indexing import SyncReport, SyncState
from index.library import Library
from index.loaders import Failure, FieldMapping
from index.moving import export_library, import_library
from index.records import Count, Revision, Standing
from index.reports import Check, DoctorReport, LibraryStats
from index.search import Candidate
from index.shared import Shared

__all__ = [
    "AbandonedError",
    "Article",
    "ArticleError",
    "ArticleNotFoundError",
    "Candidate",
    "Check",
    "Chunking",
    "Count",
    "DoctorReport",
    "Encoder",
    "EncoderError",
    "EvaluationError",
    "Failure",
    "Feedback",
    "FieldMapping",
    "Filters",
    "KhabarError",
    "Library",
    "LibraryBusyError",
    "LibraryError",
    "LibraryMismatchError",
    "LibraryStats",
    "LoadError",
    "MissingExtraError",
    "Passage",
    "QueryError",
    "Revision",
    "SettingsError",
    "Shared",
    "Standing",
    "SyncReport",
    "SyncState",
    "TokenVectors",
    "Verdict",
    "WriterBudgetError",
    "WriterBusyError",
    "WriterError",
    "WriterTimeoutError",
    "export_library",
    "import_library",
    "open_encoder",
]
