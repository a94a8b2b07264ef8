"""The entry object of `index/web/`: addresses into a library, once or again and again."""

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from index.errors import KhabarError, LoadError, SettingsError, UnreachableError
from index.ingest.indexer import SyncReport
from index.library import Library, ProgressCallback
from index.sources.canonical import canonical
from index.sources.files import Failure
from index.store.access.actors import Actor, Way, acting
from index.store.feeds import Feed
from index.web.addresses import parsed
from index.web.client import Client, Fetched, Validators
from index.web.collector import Add, Collected, Collector
from index.web.politeness import PAUSE, Stopped, Visitor

# Pages of a feed or sitemap that are fetched in one run, by hand and when it is followed.
_MOST, _MOST_FOLLOWED = 1_000, 100
# Feeds that are looked at at the same time; of one host only one is.
_AT_A_TIME = 4
# Seconds after which the list of feeds is read anew: others add to it and pause what is on it.
_LOOK = 1.0
_GONE = "The site says that it is gone for good (410): it is paused. Remove it, or resume it if it has come back."
# Seconds between two looks at least, and when nobody says how many.
SHORTEST, PERIOD = 1.0, 600.0


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a followed address (`source`): what was done, or the problem that kept it from it, in words."""

    source: str
    report: SyncReport | None
    problem: str = ""


class Web:
    """Brings what web addresses hold into a library; safe to use from several threads, and beside other processes.

    Nothing is fetched but what a user names here, and what feeds and sitemaps among it name. `private_hosts` lets
    addresses of one's own network be fetched; `pause` is the seconds between two requests to one host. Articles go
    where `add` takes them, by default into the library.
    """

    def __init__(
        self,
        library: Library,
        *,
        private_hosts: bool = False,
        client: Client | None = None,
        pause: float = PAUSE,
        stop: threading.Event | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        add: Add | None = None,
    ) -> None:
        self._library = library
        self._add = add
        self._feeds = library.feeds
        self._now = now
        self._stop = stop or threading.Event()
        self._moved: dict[str, str] = {}
        client = client or Client(private=private_hosts)
        self._visitor = Visitor(client, library.visits, pause=pause, stop=self._stop, now=now)

    def index(
        self,
        address: str,
        *,
        most: int = _MOST,
        progress: ProgressCallback | None = None,
        collections: Iterable[str] | None = None,
    ) -> SyncReport:
        """Take in what is at an address: a page, or the pages that a feed (RSS, Atom, JSON) or a sitemap names.

        What it brings, now and should it be followed, belongs to `collections`, where they are named.

        At most so many pages are fetched; the report tells how many are left.
        A page that is here already is a new revision when it has changed. Whatever gives no article is a failure of
        the report, by its address; nothing is removed. Raises `LibraryError` where the library cannot be written.
        """
        run = Collected()
        try:
            address = _written(address)
            if collections is not None:
                self._library.bring_to(address, collections := list(collections))
            collector = self._collector(most, progress, address, collections)
            visit = self._library.visits.find(canonical(address))
            fetched = self._visitor.fetch(address, collector.validators(visit))
            collector.take(fetched, address, run)
        except LoadError as error:
            # The address itself: it ends as a reason, as those that a feed names do.
            run.failures.append(Failure(address.strip(), str(error)))
        return run.report()

    def follow(self, address: str, period: float = PERIOD) -> Feed:
        """Follow an address from now on, looked at once in a period of seconds, by whoever runs `run`.

        Raises `FetchError` for one that may not be fetched, `SettingsError` for a period below a second.
        """
        if not SHORTEST <= period < float("inf"):
            raise SettingsError(f"A feed is looked at once in {SHORTEST:g} seconds at most, not in {period:g}.")
        address = _written(address)
        self._feeds.follow(address, period, self._now())
        return self._feeds.find(address)

    def begin(self, address: str, period: float = PERIOD, *, progress: ProgressCallback | None = None) -> SyncReport:
        """Follow an address and look at it at once; what `follow` raises, and `LoadError` where that look fails.

        An address whose first look fails is not followed.
        """
        feed = self.follow(address, period)
        look = self.look(feed.address, progress=progress)
        if look is None:
            # It is followed already, and was looked at not long ago.
            return Collected().report()
        if look.report is None:
            if feed.checked is None:
                self.unfollow(feed.address)
            raise LoadError(look.problem)
        return look.report

    def feeds(self) -> list[Feed]:
        """Return what is followed, by address."""
        return self._feeds.all()

    def pause(self, address: str) -> None:
        """Look at an address no longer until it is resumed; raises `LoadError` for one that is not followed."""
        self._feeds.pause(_written(address))

    def resume(self, address: str) -> None:
        """Look at a paused address again; raises `LoadError` for one that is not followed."""
        self._feeds.resume(_written(address))

    def unfollow(self, address: str) -> None:
        """Follow an address no more; its articles stay. Raises `LoadError` for one that is not followed."""
        self._feeds.remove(_written(address))

    def look(self, address: str, *, progress: ProgressCallback | None = None) -> Look | None:
        """Look at a followed address if that is due, asking only for what is new; None when it is not due.

        Of several threads and processes one does it. What fails is looked at ever more seldom. Raises `LoadError` for
        an address that is not followed, `LibraryError` where the library cannot be written.
        """
        if not self._feeds.claim(address, self._now()):
            return None
        feed, run = self._feeds.find(address), Collected()
        try:
            fetched = self._visitor.fetch(address, Validators(feed.etag, feed.last_modified))
            if fetched.status == 304:
                return self._looked(address, fetched, run, Validators(feed.etag, feed.last_modified))
            if fetched.status in (404, 410) and not self._is_article(address):
                return self._lost(address, fetched.status)
            self._collector(_MOST_FOLLOWED, progress, address).take(fetched, address, run, retell=False)
            if fetched.status == 410:
                self._feeds.stop(address, _GONE)
        except Stopped:
            # Whoever follows it next begins with it.
            self._feeds.release(address, self._now())
            raise
        except LoadError as error:
            after = error.after if isinstance(error, UnreachableError) else None
            self._feeds.fail(address, str(error), self._now(), after)
            return Look(address, None, str(error))
        # What could not be had is named by the feed again only if the feed is fetched again.
        return self._looked(address, fetched, run, fetched.validators if run.is_whole else Validators())

    def _is_article(self, address: str) -> bool:
        """Tell whether a followed address is a page, with an article here."""
        visit = self._library.visits.find(canonical(address))
        return visit is not None and visit.article is not None

    def _lost(self, address: str, status: int) -> Look:
        """Record that there is no feed at an address: it is paused where the site says so for good."""
        if status == 410:
            self._feeds.stop(address, _GONE)
            return Look(address, None, _GONE)
        problem = f"There is nothing at this address ({status}). Check it, or remove it."
        self._feeds.fail(address, problem, self._now())
        return Look(address, None, problem)

    def _looked(self, address: str, fetched: Fetched, run: Collected, state: Validators) -> Look:
        """Record that a look went well; an address that has moved for good is followed where it is now."""
        if fetched.status != 410:
            self._feeds.succeed(address, state.etag, state.last_modified)
        if fetched.moved and fetched.status in (200, 304) and (moved := _written(fetched.moved)) != address:
            self._feeds.move(address, moved)
            self._moved[address] = moved
            if own := self._library.collections.of_source(address):
                self._library.bring_to(moved, own)
            run.warnings.append(Failure(address, f"It has moved for good to {moved}, which is followed from now on."))
        return Look(address, run.report())

    def run(self, tell: Callable[[Look], None], addresses: Collection[str] | None = None) -> None:
        """Look at what is followed (or at some of it) whenever it is due, until `stop` is set.

        `tell` hears, from any thread, of every look that did something, and once of a problem while it stays the same.
        """
        under_way: dict[str, Future[None]] = {}
        problems: dict[str, str] = {}
        with ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="feeds") as pool:
            try:
                while not self._stop.is_set():
                    wait = self._start_due(pool, under_way, addresses, lambda look: _said(look, problems, tell))
                    self._stop.wait(wait)
            finally:
                # By Ctrl-C too: what is under way ends before its next request.
                self._stop.set()

    def stop(self) -> None:
        """End `run`, and whatever is being fetched before its next request."""
        self._stop.set()

    def _start_due(
        self,
        pool: ThreadPoolExecutor,
        under_way: dict[str, Future[None]],
        addresses: Collection[str] | None,
        tell: Callable[[Look], None],
    ) -> float:
        """Begin with what is due; returns the seconds until something else may be."""
        now, wait = self._now(), _LOOK
        wanted = None if addresses is None else {*addresses, *self._moved.values()}
        for feed in self.feeds():
            is_busy = feed.address in under_way and not under_way[feed.address].done()
            if feed.paused or is_busy or (wanted is not None and feed.address not in wanted):
                continue
            if feed.due <= now:
                under_way[feed.address] = pool.submit(self._look_and_tell, feed.address, tell)
            else:
                wait = min(wait, (feed.due - now).total_seconds())
        return max(wait, 0.02)

    def _look_and_tell(self, address: str, tell: Callable[[Look], None]) -> None:
        try:
            # Whoever followed it may have gone long ago.
            with acting(Actor(Way.FEED)):
                look = self.look(address)
            if look:
                tell(look)
        except KhabarError as error:
            # Removed meanwhile, or the disk is full: it is due again after its period.
            tell(Look(address, None, str(error)))
        except Stopped:
            return

    def _collector(
        self, most: int, progress: ProgressCallback | None, address: str, collections: Sequence[str] | None = None
    ) -> Collector:
        add = self._add
        if collections is not None or self._library.collections.of_source(address):
            # Committed here, also where workers encode the rest: what a job brings knows of no address.
            add = partial(self._library.add, source=address, collections=collections)
        collector = Collector(self._library, self._visitor, self._now, most, add)
        if progress:
            collector.progress = progress
        return collector


def _written(address: str) -> str:
    """Write an address as it is followed under."""
    return str(parsed(address))


def _said(look: Look, problems: dict[str, str], tell: Callable[[Look], None]) -> None:
    report = look.report
    is_news = report and (report.added or report.replaced or report.failures or report.warnings)
    if is_news or (look.problem and problems.get(look.source) != look.problem):
        tell(look)
    problems[look.source] = look.problem
