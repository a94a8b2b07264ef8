"""The page's library: its components, and what happens when they are used."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.article import Article, Filters
from index.errors import ArticleNotFoundError, KhabarError
from index.languages.errors import error_in
from index.languages.messages import DEFAULT, messages_for
from index.sources.files import SUFFIXES
from ui.page.addresses import AddressPart
from ui.page.conversation.session import ChatSession
from ui.page.evidence import EvidencePanel
from ui.page.filtering import FilterFields
from ui.page.sessions import Permissions
from ui.page.uploads import add_files, add_text
from ui.page.widgets import Update, field_of, notice
from ui.state.filters import FilterForm
from ui.state.uploads import UploadProgress
from ui.views import page as panels
from ui.views.library import ArticleListing, adding_html, listing_html
from ui.views.stories.panel import newest_html

if TYPE_CHECKING:
    from index import Library
    from index.store.rows import LibraryStats
    from index.web import Web

_PAGE = 20
_MOST_LISTED = 400
# What is found by meaning when no title has the words.
_CLOSEST = 10
# How many of the newest stories stand above the articles.
_STORIES = 3


class LibraryPart:
    """What is indexed, and the ways to add to it."""

    def __init__(self, library: "Library", evidence: EvidencePanel, web: "Web", permissions: Permissions) -> None:
        self._library = library
        self._permissions = permissions
        self.addresses = AddressPart(web, permissions)
        self._evidence = evidence
        self._offered = FilterFields(library)

    def lay_out(self) -> None:
        """Put the components where the caller is laying out."""
        words = messages_for(DEFAULT)
        find = words.say("library.find")
        self.find = gr.Textbox(elem_id="khabar-find", label=find, show_label=False, placeholder=find, max_length=200)
        with gr.Accordion(words.say("filter.title"), open=False) as self.filtering:
            self.filters = self._offered.lay_out()
        # Not seen before it is known who has opened the page, and whether they may add anything.
        with gr.Accordion(words.say("library.add"), open=False, visible=False, elem_id="khabar-add") as self.adding:
            self.into: Any = gr.Dropdown(
                choices=[], value=[], multiselect=True, visible=False, elem_id="khabar-into",
                label=words.say("library.into"),
            )  # fmt: skip
            self.files = gr.File(
                elem_id="khabar-files", label=words.say("library.drop"), file_count="multiple",
                file_types=[*SUFFIXES, ".gz"], type="filepath", height=160,
            )  # fmt: skip
            self.addresses.lay_out()
            with gr.Accordion(words.say("library.paste"), open=False, elem_id="khabar-paste") as self.pasting:
                self.title = gr.Textbox(label=words.say("library.paste_title"), max_lines=1, max_length=500)
                with gr.Row():
                    self.source = gr.Textbox(
                        label=words.say("library.paste_source"), max_lines=1, max_length=200, min_width=110
                    )
                    self.day = gr.DateTime(
                        include_time=False, type="string", label=words.say("library.paste_day"), min_width=150
                    )  # fmt: skip
                self.text = gr.Textbox(
                    label=words.say("library.paste_text"), lines=6, max_lines=12, max_length=1_000_000
                )
                self.paste = gr.Button(words.say("library.paste_add"), variant="primary", size="sm")
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
        self._offered.wire(session)
        panel.further(self.list_further, shown, [self.listing, self.listed], **own)
        editing = self._permissions.editing
        added = [self.outcomes, self.files]
        self.files.upload(editing(self.add_files), [session, self.files, self.into], added, **own)
        fields = [self.title, self.source, self.day, self.text]
        self.paste.click(editing(self.add_text), [session, *fields, self.into], [self.outcomes, *fields], **own)
        self.addresses.wire(session, panel, self.outcomes)
        panel.remove(editing(self.remove), [session], [panel], **own)

    def search(self, find: str, *rest: Any) -> Update:
        """List, from the beginning, the articles whose title has what was typed."""
        *filters, session = rest
        return {self.listing: self._listing(session, _PAGE, find, tuple(filters)), self.listed: _PAGE}

    def list_further(self, session: ChatSession, listed: int, find: str, *filters: Any) -> Update:
        """List more of the articles."""
        listed = min(listed + _PAGE, _MOST_LISTED)
        return {self.listing: self._listing(session, listed, find, filters), self.listed: listed}

    def add_files(self, session: ChatSession, files: list[str] | None, into: list[str] | None) -> Iterator[Update]:
        """Add the files that were dropped to collections, showing how far it is; there is a result for each."""
        words = session.words
        state = UploadProgress()
        for state in add_files(self._library, [Path(file) for file in files or ()], words, into or None):
            yield {self.outcomes: adding_html(state, words)}
        yield {self.outcomes: adding_html(state, words), self.files: gr.update(value=None)}

    def add_text(
        self, session: ChatSession, title: str, source: str, day: str | None, text: str, into: list[str] | None
    ) -> Update:
        """Add the article that was pasted; the fields are emptied when it is in the library."""
        words = session.words
        outcome = add_text(self._library, text or "", title or "", source or "", (day or "")[:10], words, into or None)
        emptied = {} if outcome.failures else {self.title: "", self.source: "", self.day: None, self.text: ""}
        return {self.outcomes: adding_html(UploadProgress(done=(outcome,)), words), **emptied}

    def remove(self, event: gr.EventData, session: ChatSession) -> Update:
        """Withdraw the article whose button was pressed."""
        try:
            self._library.remove([field_of(event, "id")])
        except ArticleNotFoundError:
            # Somebody else was faster: it is gone, which is what was wanted.
            pass
        except KhabarError as error:
            raise notice(error, session.words) from error
        session.shown = ""
        return {self._panel: self._evidence.message(session.words.say("library.removed"), session.language)}

    def speak(self, session: ChatSession) -> Update:
        """Give the components' own words in the page's language."""
        words = session.words
        find = words.say("library.find")
        return {
            self.find: gr.update(placeholder=find, label=find),
            self.filtering: gr.update(label=words.say("filter.title")),
            self.adding: gr.update(label=words.say("library.add"), visible=session.may_edit),
            self.files: gr.update(label=words.say("library.drop")),
            self.into: gr.update(
                label=words.say("library.into"), choices=(own := self._library.own_collections), visible=bool(own)
            ),
            self.pasting: gr.update(label=words.say("library.paste")),
            self.title: gr.update(label=words.say("library.paste_title")),
            self.source: gr.update(label=words.say("library.paste_source")),
            self.day: gr.update(label=words.say("library.paste_day")),
            self.text: gr.update(label=words.say("library.paste_text")),
            self.paste: gr.update(value=words.say("library.paste_add")),
            self.filters[-2]: gr.update(label=words.say("filter.after")),
            self.filters[-1]: gr.update(label=words.say("filter.before")),
            **self.addresses.speak(session),
        }

    def refresh(
        self, session: ChatSession, stats: "LibraryStats", listed: int, find: str, filters: tuple[Any, ...]
    ) -> Update:
        """Bring the list and the filter choices up to date with the library."""
        shown = self._listing(session, listed, find, filters)
        followed = {self.addresses.feeds: self.addresses.listed(session)}
        return {self.listing: shown, **followed, **self._offered.refresh(session, stats, filters)}

    def _listing(self, session: ChatSession, listed: int, find: str, filters: tuple[Any, ...]) -> str:
        words = session.words
        try:
            chosen = Filters.of(**FilterForm.of(*filters).arguments())
            sought = " ".join((find or "").split())
            newest = [] if sought else self._library.stories.entries(chosen, limit=_STORIES)
            return newest_html(newest, words) + listing_html(self._found(chosen, sought, listed), words)
        except KhabarError as error:
            # An impossible filter is said where the list would be.
            return panels.message_html(error_in(words, str(error)), words)

    def _found(self, filters: Filters, find: str, listed: int) -> ArticleListing:
        months = self._library.months(filters)
        total = self._library.extent(filters).articles
        undated = total - sum(month.articles for month in months)
        if not find:
            return ArticleListing(self._library.articles(filters, limit=listed), total, months, undated)
        titled = self._library.articles(filters, text=find, limit=_MOST_LISTED)
        if titled:
            return ArticleListing(titled[:listed], len(titled), ())
        closest: dict[str, Article] = {}
        for candidate in self._library.search(find, filters=filters, limit=_CLOSEST):
            closest.setdefault(candidate.article.id, candidate.article)
        return ArticleListing(tuple(closest.values()), len(closest), (), is_closest=bool(closest))
