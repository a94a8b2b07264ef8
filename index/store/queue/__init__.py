"""What is handed out to workers: jobs, and which of them brings an article. Entry: `JobTable`."""

from index.store.queue.handed import HandedArticle, HandedTable
from index.store.queue.jobs import (
    MOST_TRIES,
    NO_WORKERS,
    Job,
    JobCounts,
    JobKind,
    JobLine,
    JobState,
    JobTable,
    NewJob,
    RunProgress,
)

__all__ = [
    "MOST_TRIES",
    "NO_WORKERS",
    "HandedArticle",
    "HandedTable",
    "Job",
    "JobCounts",
    "JobKind",
    "JobLine",
    "JobState",
    "JobTable",
    "NewJob",
    "RunProgress",
]
