"""One address into a library: a page, a feed, a sitemap or a file; what it names ends in a count or a reason."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO

from index.article import Article
from index.errors import ArticleError, FetchError, LoadError, UnreachableError
from index.ingest.indexer import SyncReport, SyncState
from index.library import Library, ProgressCallback
from index.sources.canonical import canonical, identity, site_of
from index.sources.damage import whole
from index.sources.decoding import decode
from index.sources.files import Failure, load_stream
from index.sources.labels import labelled
from index.sources.metadata import Fields
from index.sources.pages.extraction import PageArticle, parse_page
from index.store.fetched_addresses import Visit
from index.web.client import Fetched, Validators
from index.web.listings import Listed, Listing, feed_of, read_listing, unpacked
from index.web.politeness import Visitor

# Takes articles into a library, as `Library.add` does.
Add = Callable[[Iterable[Article]], SyncReport]
# Sitemaps within sitemaps, and how many of them are read.
_DEEPEST, _MOST_LISTINGS = 3, 200
# A feed's own text stands for a page that cannot be had from this length on, in characters of HTML.
_WHOLE_STORY = 600
# A page that a feed still names is looked at again after this long, and then ever more seldom as it grows old.
_SOONEST = timedelta(hours=1)
_HTML = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_GONE = "It is no longer there ({status}). Its article is kept, and marked."
_NOTHING = "There is nothing at this address ({status}). Check it."


@dataclass(slots=True)
class Collected:
    """What one address has come to so far.

    `is_whole` is False when something of it is to be tried again: what could not be reached now, and what is left.
    """

    reports: list[SyncReport] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    warnings: list[Failure] = field(default_factory=list)
    unchanged: int = 0
    is_whole: bool = True
    fetched: int = 0

    def report(self) -> SyncReport:
        """Sum up."""

        def total(name: str) -> int:
            return sum(getattr(report, name) for report in self.reports)

        return SyncReport(
            total("added"),
            total("replaced"),
            total("unchanged") + self.unchanged,
            0,
            total("passages"),
            total("embedded"),
            tuple(self.failures),
            tuple(self.warnings),
        )


class Collector:
    """Takes what addresses hold into a library; at most `most` pages of a feed or sitemap are fetched in one run."""

    def __init__(
        self, library: Library, visitor: Visitor, now: Callable[[], datetime], most: int, add: Add | None = None
    ) -> None:
        self._library = library
        self._add = add or library.add
        self._visits = library.visits
        self._visitor = visitor
        self._now = now
        self._most = most
        self.progress: ProgressCallback = lambda state: None

    def take(self, fetched: Fetched, address: str, run: Collected, *, retell: bool = True) -> None:
        """Take in what was fetched from an address that a user gave.

        With `retell`, reasons that are known from earlier runs are told again. Raises `LoadError` when it is neither
        page nor feed nor anything else with an article in it.
        """
        own = canonical(address)
        if fetched.status in (404, 410):
            self._gone(own, fetched.status, run)
        elif fetched.status == 304:
            self._unchanged(own, run)
        elif listing := read_listing(unpacked(fetched.body), fetched.url):
            items: dict[str, Listed] = {}
            for item in self._listed(listing, fetched, run, _DEEPEST):
                items.setdefault(canonical(item.address), item)
            if retell and not items and not run.failures:
                raise LoadError("It is a feed or a sitemap that names no address now.")
            self._take_items(list(items.values()), own, run, retell=retell)
        else:
            self._keep(fetched, Listed(address), run)

    def _listed(self, listing: Listing, fetched: Fetched, run: Collected, depth: int) -> Iterator[Listed]:
        """Yield the pages that a feed or a sitemap names, and those of its sitemaps, the newest of these first."""
        if listing.unnamed:
            run.failures.append(Failure(fetched.url, f"{listing.unnamed} of its entries name no address."))
        yield from (item for item in listing.items if not item.is_listing)
        inner = sorted((item for item in listing.items if item.is_listing), key=lambda item: item.stamp, reverse=True)
        for place, item in enumerate(inner):
            if depth == 1 or place == _MOST_LISTINGS:
                run.failures.append(
                    Failure(fetched.url, f"{len(inner) - place} sitemaps in it are not read: too many.")
                )
                return
            try:
                below = self._visitor.fetch(item.address)
                named = read_listing(unpacked(below.body), below.url)
                if named is None:
                    raise FetchError("It is no sitemap, though one names it.")
                yield from self._listed(named, below, run, depth - 1)
            except UnreachableError as error:
                # Other sitemaps of the index may be there; this one is tried again.
                self._fail(item.address, error, run, is_final=False)
            except LoadError as error:
                self._fail(item.address, error, run)

    def _take_items(self, items: list[Listed], listing: str, run: Collected, *, retell: bool) -> None:
        for place, item in enumerate(items):
            self._tell(run, item.address, place, len(items))
            address = canonical(item.address)
            visit = self._visits.find(address)
            if visit and not self._is_due(visit, item, listing):
                self._count_known(visit, run, retell=retell)
            elif run.fetched < self._most:
                run.fetched += 1
                self._take_item(item, visit, run)
                self._visits.keep_stamp(listing, address, item.stamp)
            else:
                run.is_whole = False
                if retell:
                    left = len(items) - place
                    run.failures.append(
                        Failure(listing, f"Up to {left} more addresses are left: run it again for them.")
                    )
                break
        self._tell(run, "", len(items), len(items))

    def _count_known(self, visit: Visit, run: Collected, *, retell: bool) -> None:
        if visit.article:
            run.unchanged += 1
        elif retell:
            run.failures.append(Failure(visit.address, visit.reason))

    def _is_due(self, visit: Visit, item: Listed, listing: str) -> bool:
        """Tell whether a page that was fetched before is fetched again: it is said to have changed, or it is time."""
        known = self._visits.stamp(listing, visit.address)
        if known is not None and item.stamp != known:
            return True
        if known is None:
            # Another feed or sitemap brought it: what this one says of it is what is known from now on.
            self._visits.keep_stamp(listing, visit.address, item.stamp)
        return self._now() - visit.checked >= max(_SOONEST, visit.checked - visit.first)

    def _take_item(self, item: Listed, visit: Visit | None, run: Collected) -> None:
        try:
            fetched = self._visitor.fetch(item.address, self.validators(visit))
        except UnreachableError as error:
            # Another time, it may be there: nothing is remembered of this one.
            self._fail(item.address, error, run, is_final=False)
            return
        except FetchError as error:
            # The site keeps the page to itself; the feed may carry the story.
            self._keep_own(item, error, run)
            return
        if fetched.status == 304:
            self._unchanged(canonical(item.address), run)
        elif fetched.status in (404, 410):
            self._gone(canonical(item.address), fetched.status, run)
        else:
            try:
                self._keep(fetched, item, run)
            except LoadError as error:
                # One page of many: the others are taken.
                self._keep_own(item, error, run)

    def validators(self, visit: Visit | None) -> Validators | None:
        """Return what to ask with for a newer state only: nothing where the article is not in the library any more."""
        if visit is None or visit.article is None or not self._library.has(visit.article):
            return None
        return Validators(visit.etag, visit.last_modified)

    def _keep_own(self, item: Listed, error: LoadError, run: Collected) -> None:
        """Take the story as the feed carries it, or say why there is none."""
        if len(item.html) >= _WHOLE_STORY:
            page = f"<html><body><article>{item.html}</article></body></html>"
            try:
                self._keep(Fetched(item.address, 200, "text/html", page.encode()), item, run)
                return
            except LoadError:
                # No story after all: the page's own reason is told.
                pass
        self._fail(item.address, error, run)

    def _keep(self, fetched: Fetched, item: Listed, run: Collected) -> None:
        """Make what was fetched articles, and remember it; raises `LoadError` when there is none in it."""
        articles = self._articles(fetched, item, run)
        run.reports.append(self._add(articles))
        self._remember(canonical(item.address), fetched.validators, article=articles[0].id)

    def _articles(self, fetched: Fetched, item: Listed, run: Collected) -> list[Article]:
        kind = fetched.content_type.partition(";")[0].strip().lower()
        if kind in ("text/html", "application/xhtml+xml") or _HTML.match(fetched.body[:4096]):
            return self._page(fetched, item)
        loaded = list(load_stream(BytesIO(fetched.body), name=canonical(item.address)))
        failures = [one for one in loaded if isinstance(one, Failure)]
        articles = [one.article for one in loaded if not isinstance(one, Failure)]
        if not articles:
            raise LoadError(failures[0].reason if failures else "There is no article in it.")
        run.failures += failures
        run.warnings += [one.warning for one in loaded if not isinstance(one, Failure) and one.warning]
        return [replace(article, url=article.url or fetched.url) for article in articles]

    def _page(self, fetched: Fetched, item: Listed) -> list[Article]:
        text = _text(fetched)
        try:
            found = parse_page(text)
        except LoadError as error:
            # The front page of a site, most often: its feed has the articles.
            feed = feed_of(text, fetched.url)
            raise LoadError(f"{error} It names a feed, though: {feed}" if feed else str(error)) from error
        if len(found) == 1 and found[0].name is None:
            return [_only(found[0].fields, fetched, item)]
        return [_of_several(article, fetched, item) for article in found]

    def _unchanged(self, address: str, run: Collected) -> None:
        if visit := self._visits.find(address):
            self._visits.keep(replace(visit, checked=self._now(), gone=None))
        run.unchanged += 1

    def _gone(self, address: str, status: int, run: Collected) -> None:
        visit = self._visits.find(address)
        if visit is None or visit.article is None:
            self._fail(address, FetchError(_NOTHING.format(status=status)), run)
            return
        self._visits.keep(replace(visit, checked=self._now(), gone=visit.gone or self._now()))
        run.warnings.append(Failure(address, _GONE.format(status=status)))

    def _fail(self, address: str, error: LoadError, run: Collected, *, is_final: bool = True) -> None:
        run.failures.append(Failure(address, str(error)))
        if is_final:
            self._remember(canonical(address), Validators(), reason=str(error))
        else:
            run.is_whole = False

    def _remember(self, address: str, validators: Validators, *, article: str | None = None, reason: str = "") -> None:
        known, now = self._visits.find(address), self._now()
        article = article or (known.article if known else None)
        first = known.first if known else now
        self._visits.keep(Visit(address, article, first, now, validators.etag, validators.last_modified, reason))

    def _tell(self, run: Collected, address: str, done: int, total: int) -> None:
        report = run.report()
        articles = report.added + report.replaced + report.unchanged
        self.progress(SyncState(address, done, total, done / max(total, 1), articles, report.passages))


def _only(fields: Fields, fetched: Fetched, item: Listed) -> Article:
    """Make a page's article, known by its address, with what the feed says where the page does not."""
    own = identity(fetched.url, fields.url)
    fields = replace(
        fields,
        url=own,
        title=fields.title or item.title,
        byline=fields.byline or item.byline,
        source=fields.source or item.source,
        published=fields.published or item.published,
        language=fields.language or item.language,
    )
    return _article(fields, own)


def _of_several(article: PageArticle, fetched: Fetched, item: Listed) -> Article:
    """Make one of a page's several articles, known by the page's address and its name there."""
    fields = article.fields
    page = identity(fetched.url, fields.url)
    url = fields.url if fields.url and site_of(fields.url) == site_of(fetched.url) else page
    fields = replace(
        fields,
        url=url,
        source=fields.source or item.source,
        published=fields.published or item.published,
        language=fields.language or item.language,
    )
    return _article(fields, f"{canonical(fetched.url)}#{article.name}" if article.name else page)


def _article(fields: Fields, own: str) -> Article:
    try:
        return labelled(whole(fields)).article(own)
    except ArticleError as error:
        raise LoadError(str(error)) from error


def _text(fetched: Fetched) -> str:
    """Decode a page; the server's word on its encoding counts where the bytes are not UTF-8."""
    named = _CHARSET.search(fetched.content_type)
    try:
        fetched.body.decode("utf-8")
    except UnicodeDecodeError:
        # Whether the server's word or the page's own: what fits.
        try:
            return fetched.body.decode(named[1]) if named else decode(fetched.body)
        except (LookupError, UnicodeDecodeError):
            return decode(fetched.body)
    return decode(fetched.body)
