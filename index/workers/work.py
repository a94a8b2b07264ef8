"""What a job is made of, and how its articles are encoded and committed: the job ends in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.article import Article
from index.ingest.indexer import PreparedArticle, SyncReport, prepared_article, write
from index.library import Library
from index.sources.files import Failure
from index.store.access.actors import Actor, Way, current_actor
from index.store.queue import Job, JobKind, NewJob
from index.store.rows import from_plain, to_plain


@dataclass(frozen=True, slots=True)
class _Brought:
    """The articles of a job, each with its file, and what brought them."""

    origin: str
    articles: tuple[tuple[Article, str], ...]


def acting_now() -> dict[str, object]:
    """Return who acts now as a job keeps it."""
    actor = current_actor()
    return {"actor": [actor.way.value, actor.name]}


def actor_of(job: Job) -> Actor:
    """Return who handed a job out: what it changes is theirs."""
    way, name = job.content.get("actor", [current_actor().way.value, current_actor().name])
    return Actor(Way(way), name)


def articles_job(articles: Sequence[tuple[Article, str]], origin: str, run: str, *, tries: int = 0) -> NewJob:
    """Return the job to encode and commit some articles, each with its file, as whoever acts now."""
    content = {"origin": origin, "articles": [[to_plain(article), file] for article, file in articles], **acting_now()}
    key = "\0".join((origin, *(f"{article.id}\0{article.content_hash}" for article, _ in articles)))
    more = f" (+{len(articles) - 1})" if len(articles) > 1 else ""
    return NewJob(JobKind.ARTICLES, f"{articles[0][0].id}{more}", key, content, run, tries)


def standing_job(generation: int) -> NewJob:
    """Return the job to ask the standing questions again after a commit."""
    return NewJob(JobKind.STANDING, "", str(generation))


def commit_articles(library: Library, job: Job) -> SyncReport:
    """Encode the articles of a job, beside other workers, and commit them with its end, one worker after another.

    Left out is what came in a newer text meanwhile, or was withdrawn. Raises `JobLostError`, with nothing committed,
    when the job is another worker's by now.
    """
    parts, brought = library.parts, _brought(job)
    wanted, here = library.handed.wanted(job.id), list[tuple[Article, str]]()
    batch: list[PreparedArticle] = []
    for article, file in brought.articles:
        known = parts.catalog.known(article.id) if article.id in wanted else None
        if known and known.content_hash == article.content_hash:
            here.append((article, file))
        elif article.id in wanted:
            batch.append(prepared_article(article, file, parts.encoder, parts.chunking))
    report, is_moved = _report(), False

    def settle(generation: int, embedded: int) -> list[PreparedArticle]:
        nonlocal report, is_moved
        still = library.handed.wanted(job.id)
        kept = [item for item in batch if item.new.article.id in still]
        for article, file in here:
            if article.id in still and parts.catalog.current_revision(article.id) is not None:
                is_moved |= parts.catalog.claim(article.id, brought.origin, file)
        report = _report(passages=sum(len(item.inputs) for item in kept), embedded=embedded)
        library.jobs.finish(job, outcome_of(report))
        if library.standing_questions.all():
            library.jobs.put_last(standing_job(generation))
        return kept

    if batch:
        write(parts.catalog, parts.encoder, batch, brought.origin, settle)
    else:
        with parts.catalog.database.commit():
            settle(parts.catalog.generation, 0)
            # Nothing else that an answer might show: without it the generation stays.
            if is_moved:
                parts.catalog.end_generation()
    return report


def divide(library: Library, job: Job) -> bool:
    """Make each article of a job that went wrong once a job of its own; False when it has one alone.

    So that one bad article keeps no other back.
    """
    brought = _brought(job)
    if len(brought.articles) == 1:
        return False
    with library.parts.catalog.database.commit():
        for article, file in brought.articles:
            id, _ = library.jobs.put(articles_job([(article, file)], brought.origin, job.run, tries=job.tries - 1))
            library.handed.move(article.id, id, job.id)
        library.jobs.finish(job)
    return True


def outcome_of(report: SyncReport) -> dict[str, Any]:
    """Return a report as the queue keeps it."""
    failures, warnings = ([[item.name, item.reason] for item in items] for items in (report.failures, report.warnings))
    counted = {name: getattr(report, name) for name in _COUNTED}
    return {**counted, "failures": failures, "warnings": warnings}


def reports_of(outcomes: Iterable[Mapping[str, Any]]) -> list[SyncReport]:
    """Read back what `outcome_of` gave."""
    return [
        _report(
            failures=tuple(Failure(*item) for item in outcome["failures"]),
            warnings=tuple(Failure(*item) for item in outcome["warnings"]),
            **{name: outcome[name] for name in _COUNTED},
        )
        for outcome in outcomes
        if outcome
    ]


_COUNTED = ("added", "replaced", "unchanged", "removed", "passages", "embedded")


def _report(**values: Any) -> SyncReport:
    return SyncReport(**{**dict.fromkeys(_COUNTED, 0), "failures": (), **values})


def _brought(job: Job) -> _Brought:
    content = job.content
    return _Brought(content["origin"], tuple((from_plain(plain), file) for plain, file in content["articles"]))
