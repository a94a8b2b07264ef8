"""Asking once, before anything is searched: what kind of question it is, of which time, of which outlet."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from index import Filters, Library
from index.analysis import question_language, terms
from qa.understanding.kinds import LANGUAGES, Classifier, Kind, fitted
from qa.understanding.outlet import Outlet, outlets_in
from qa.understanding.present import PresentState
from qa.understanding.present import fitted as fitted_present
from qa.understanding.time import Period, period_in
from qa.understanding.topic import topic_of


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question is: its kind, the time and the outlets that it names.

    `present` is the probability, 0 to 1, that it asks for what holds now.
    """

    kind: Kind = Kind.FACT
    period: Period | None = None
    outlets: tuple[Outlet, ...] = ()
    present: float = 0.0

    @property
    def is_scoped(self) -> bool:
        """Tell whether a time or an outlet is named."""
        return self.period is not None or bool(self.outlets)

    @property
    def is_filter(self) -> bool:
        """Tell whether only articles of the time and the outlets are meant.

        A fact of 2024 may be told in 2025, so that its time only says which articles come first. What happened then is
        in the articles of then, and what an outlet says in its own.
        """
        asked = any(outlet.is_asked for outlet in self.outlets)
        wide = self.kind.is_of_several or self.kind.is_of_articles or self.kind is Kind.LATEST
        return asked or (self.is_scoped and wide)

    def matter(self, text: str) -> str:
        """Return a question without the outlet that is to tell: no article names its own."""
        for outlet in self.outlets:
            rest = f"{text[: outlet.start]} {text[outlet.end :]}".strip(" ,،")
            if outlet.is_asked and len(self.outlets) == 1 and len(rest.split()) > 1:
                return rest
        return text

    def topic(self, text: str) -> str:
        """Return what a question is about, in its own words, without how it asks, its time and its outlets."""
        unnamed = text
        for outlet in self.outlets:
            unnamed = unnamed[: outlet.start] + " " * (outlet.end - outlet.start) + unnamed[outlet.end :]
        return topic_of(unnamed, fitted().frame_terms | set(terms(self.period.words if self.period else "")))

    def within(self, filters: Filters) -> Filters | None:
        """Return filters narrowed to the time and the outlets, None where they leave nothing."""
        first, last = filters.after, filters.before
        if self.period:
            first = max((day for day in (first, self.period.start) if day), default=None)
            last = min((day for day in (last, self.period.end) if day), default=None)
        sources = tuple(sorted(outlet.source for outlet in self.outlets)) or filters.source
        if filters.source:
            sources = tuple(source for source in sources if source in filters.source)
        if (first and last and first > last) or (filters.source and not sources):
            return None
        return replace(filters, source=sources, after=first, before=last)


class Understanding:
    """Tells kinds by the encoder's vectors, times by the calendar, and outlets by the library's own sources."""

    def __init__(
        self,
        library: Library,
        *,
        classifier: Classifier | None = None,
        present: PresentState | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._library = library
        self._classifier = classifier or fitted()
        self._present = present or fitted_present()
        self._today = today
        # By what whoever asks may see: nobody is told of an outlet by its name alone.
        self._known: dict[frozenset[str] | None, tuple[int, tuple[str, ...], date | None]] = {}

    def kind(self, text: str) -> Kind:
        """Return the kind of a question; a fact where the library's encoder is not the one of the classifier."""
        encoder = self._library.encoder
        if encoder.name != self._classifier.encoder:
            return Kind.FACT
        return self._classifier.kind(encoder.encode_query(text).vector)

    def language(self, text: str) -> str:
        """Return the language of small talk, which is too short for its words to tell it."""
        found = question_language(text)
        if found not in ("und", *LANGUAGES):
            return found
        return self._classifier.language(self._library.encoder.encode_query(text).vector)

    def of(self, text: str) -> Understood:
        """Understand a question that stands alone."""
        kind = self.kind(text)
        if kind.is_chat:
            return Understood(kind)
        sources, newest = self._sources()
        outlets, today = outlets_in(text, sources), self._today()
        # "USA Today" names no time.
        unnamed = text
        for outlet in outlets:
            unnamed = unnamed[: outlet.start] + "x" * (outlet.end - outlet.start) + unnamed[outlet.end :]
        period = period_in(unnamed, question_language(text), today=today, newest=newest)
        # Whoever names a time asks for what held then: for what holds now only where it reaches to today.
        is_past = period is not None and not period.holds(today)
        return Understood(kind, period, outlets, 0.0 if is_past else self._present.probability(text))

    def _sources(self) -> tuple[tuple[str, ...], date | None]:
        """Return the library's outlets and its newest day, counted anew when it has changed."""
        with self._library.snapshot() as generation:
            visible = self._library.visible
            known = self._known.get(visible)
            if known is None or known[0] != generation:
                stats = self._library.stats()
                sources = tuple(count.name for count in stats.sources if count.name)
                self._known[visible] = known = (generation, sources, stats.last)
        return known[1:]
