"""The page's library: its components, and what happens when they are used."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.article import Article, Filters
from index.errors import ArticleNotFoundError, KhabarError
from index.loaders import SUFFIXES
from ui import panels
from ui.choice import Choice
from ui.events import Update, filter_choices, filter_fields, told
from ui.evidence import Evidence
from ui.library_words import ENGLISH, library_words_for
from ui.session import Session
from ui.shelves import Found, adding_html, listing_html
from ui.uploads import Adding, add_files, add_text
from ui.words import ENGLISH as WORDS
from ui.words import words_for

if TYPE_CHECKING:
    from index import Library
    from index.reports import LibraryStats

_PAGE = 20
_MOST_LISTED = 400
# What is found by meaning when no title has the words.
_CLOSEST = 10


class LibraryPart:
    """What is indexed, and the ways to add to it."""

    def __init__(self, library: "Library", evidence: Evidence) -> None:
        self._library = library
        self._evidence = evidence

    def lay_out(self) -> None:
        """Put the components where the caller is laying out."""
        self.find = gr.Textbox(
            elem_id="khabar-find", label=ENGLISH.find, show_label=False, placeholder=ENGLISH.find, max_length=200
        )
        with gr.Accordion(WORDS.filters, open=False) as self.filtering:
            self.filters = filter_fields()
        with gr.Accordion(ENGLISH.add, open=False, elem_id="khabar-add") as self.adding:
            self.files = gr.File(
                elem_id="khabar-files", label=ENGLISH.drop, file_count="multiple", file_types=[*SUFFIXES, ".gz"],
                type="filepath", height=160,
            )  # fmt: skip
            with gr.Accordion(ENGLISH.paste, open=False, elem_id="khabar-paste") as self.pasting:
                self.title = gr.Textbox(label=ENGLISH.paste_title, max_lines=1, max_length=500)
                with gr.Row():
                    self.source = gr.Textbox(label=ENGLISH.paste_source, max_lines=1, max_length=200, min_width=110)
                    self.day = gr.DateTime(
                        include_time=False, type="string", label=ENGLISH.paste_day, min_width=150
                    )  # fmt: skip
                self.text = gr.Textbox(label=ENGLISH.paste_text, lines=6, max_lines=12, max_length=1_000_000)
                self.paste = gr.Button(ENGLISH.paste_add, variant="primary", size="sm")
        self.outcomes = gr.HTML(elem_id="khabar-outcomes")
        self.listing = gr.HTML(elem_id="khabar-listing")
        self.listed = gr.State(_PAGE)

    def wire(self, session: Any, panel: Any) -> None:
        """Connect the components; `panel` is where the page's own buttons come from, and where articles are shown."""
        self._panel = panel
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        shown = [session, self.listed, self.find, *self.filters]
        changes = [self.find.change, *(field.change for field in self.filters)]
        gr.on(
            changes, self.search, [*shown[2:], session], [self.listing, self.listed], trigger_mode="always_last", **own
        )
        panel.further(self.list_further, shown, [self.listing, self.listed], **own)
        self.files.upload(self.add_files, [session, self.files], [self.outcomes, self.files], **own)
        fields = [self.title, self.source, self.day, self.text]
        self.paste.click(self.add_text, [session, *fields], [self.outcomes, *fields], **own)
        panel.remove(self.remove, [session], [panel], **own)

    def search(self, find: str, *rest: Any) -> Update:
        """List, from the beginning, the articles whose title has what was typed."""
        *filters, session = rest
        return {self.listing: self._listing(session, _PAGE, find, tuple(filters)), self.listed: _PAGE}

    def list_further(self, session: Session, listed: int, find: str, *filters: Any) -> Update:
        """List more of the articles."""
        listed = min(listed + _PAGE, _MOST_LISTED)
        return {self.listing: self._listing(session, listed, find, filters), self.listed: listed}

    def add_files(self, session: Session, files: list[str] | None) -> Iterator[Update]:
        """Add the files that were dropped, showing how far it is; there is a result for each."""
        words = library_words_for(session.language)
        state = Adding()
        for state in add_files(self._library, [Path(file) for file in files or ()], words):
            yield {self.outcomes: adding_html(state, words)}
        yield {self.outcomes: adding_html(state, words), self.files: gr.update(value=None)}

    def add_text(self, session: Session, title: str, source: str, day: str | None, text: str) -> Update:
        """Add the article that was pasted; the fields are emptied when it is in the library."""
        words = library_words_for(session.language)
        outcome = add_text(self._library, text or "", title or "", source or "", (day or "")[:10], words)
        emptied = {} if outcome.failures else {self.title: "", self.source: "", self.day: None, self.text: ""}
        return {self.outcomes: adding_html(Adding(done=(outcome,)), words), **emptied}

    def remove(self, event: gr.EventData, session: Session) -> Update:
        """Withdraw the article whose button was pressed."""
        try:
            self._library.remove([told(event, "id")])
        except ArticleNotFoundError:
            # Somebody else was faster: it is gone, which is what was wanted.
            pass
        except KhabarError as error:
            # Gradio shows its own kind of error as a notice on the page.
            raise gr.Error(str(error), print_exception=False) from error
        session.shown = ""
        return {self._panel: self._evidence.message(library_words_for(session.language).removed, session.language)}

    def speak(self, session: Session) -> Update:
        """Give the components' own words in the page's language."""
        words, shared = library_words_for(session.language), words_for(session.language)
        return {
            self.find: gr.update(placeholder=words.find, label=words.find),
            self.filtering: gr.update(label=shared.filters),
            self.adding: gr.update(label=words.add),
            self.files: gr.update(label=words.drop),
            self.pasting: gr.update(label=words.paste),
            self.title: gr.update(label=words.paste_title),
            self.source: gr.update(label=words.paste_source),
            self.day: gr.update(label=words.paste_day),
            self.text: gr.update(label=words.paste_text),
            self.paste: gr.update(value=words.paste_add),
            self.filters[3]: gr.update(label=shared.after_filter),
            self.filters[4]: gr.update(label=shared.before_filter),
        }

    def refresh(
        self, session: Session, stats: "LibraryStats", listed: int, find: str, filters: tuple[Any, ...]
    ) -> Update:
        """Bring the list and the filter choices up to date with the library."""
        shown = self._listing(session, listed, find, filters)
        return {self.listing: shown, **filter_choices(self.filters, stats, words_for(session.language))}

    def _listing(self, session: Session, listed: int, find: str, filters: tuple[Any, ...]) -> str:
        words = library_words_for(session.language)
        try:
            chosen = Filters.of(**Choice.of(*filters).arguments())
            return listing_html(self._found(chosen, " ".join((find or "").split()), listed), words)
        except KhabarError as error:
            # An impossible filter is said where the list would be.
            return panels.message_html(str(error), words_for(session.language))

    def _found(self, filters: Filters, find: str, listed: int) -> Found:
        months = self._library.months(filters)
        total = self._library.matching(filters)
        undated = total - sum(month.articles for month in months)
        if not find:
            return Found(self._library.articles(filters, limit=listed), total, months, undated)
        titled = self._library.articles(filters, text=find, limit=_MOST_LISTED)
        if titled:
            return Found(titled[:listed], len(titled), ())
        closest: dict[str, Article] = {}
        for candidate in self._library.search(find, filters=filters, limit=_CLOSEST):
            closest.setdefault(candidate.article.id, candidate.article)
        return Found(tuple(closest.values()), len(closest), (), is_closest=bool(closest))
