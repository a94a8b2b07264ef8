"""Articles to searchable passages: `Library.open(folder).sync(source)`."""

from index.article import Article, Filters, Passage
from index.encoding.encoder import Encoder, TokenVectors, open_encoder
from index.errors import (
    AccessError,
    ArticleError,
    ArticleNotFoundError,
    DeliveryError,
    DossierNotFoundError,
    EncoderError,
    FetchError,
    JobLostError,
    KhabarError,
    LibraryBusyError,
    LibraryError,
    LibraryMismatchError,
    LoadError,
    NameNotFoundError,
    QueryError,
    SettingsError,
    StorageError,
    StoryNotFoundError,
    UnreachableError,
)
from index.ingest.chunking import Chunking
from index.ingest.indexer import SyncReport, SyncState
from index.library import Library
from index.search import Candidate
from index.sources.files import Failure, FieldMapping
from index.store.dossiers.pins import Dossier, DossierEntry, Pin, PinnedArticle
from index.store.feedback import Feedback, ReaderVerdict
from index.store.feeds import Feed
from index.store.names import NamedPassage, NameEntry
from index.store.rows import Check, DoctorReport, Extent, FacetCount, LibraryStats, Revision, Standing
from index.store.shared_answers import SharedAnswer
from index.store.standing.questions import StandingQuestion
from index.store.stories import Story, StoryEntry
from index.store.transfer import export_library, import_library
from index.vectors.server import ChromaServer

__all__ = [
    "AccessError",
    "Article",
    "ArticleError",
    "ArticleNotFoundError",
    "Candidate",
    "Check",
    "ChromaServer",
    "Chunking",
    "DeliveryError",
    "DoctorReport",
    "Dossier",
    "DossierEntry",
    "DossierNotFoundError",
    "Encoder",
    "EncoderError",
    "Extent",
    "FacetCount",
    "Failure",
    "Feed",
    "Feedback",
    "FetchError",
    "FieldMapping",
    "Filters",
    "JobLostError",
    "KhabarError",
    "Library",
    "LibraryBusyError",
    "LibraryError",
    "LibraryMismatchError",
    "LibraryStats",
    "LoadError",
    "NameEntry",
    "NameNotFoundError",
    "NamedPassage",
    "Passage",
    "Pin",
    "PinnedArticle",
    "QueryError",
    "ReaderVerdict",
    "Revision",
    "SettingsError",
    "SharedAnswer",
    "Standing",
    "StandingQuestion",
    "StorageError",
    "Story",
    "StoryEntry",
    "StoryNotFoundError",
    "SyncReport",
    "SyncState",
    "TokenVectors",
    "UnreachableError",
    "export_library",
    "import_library",
    "open_encoder",
]
