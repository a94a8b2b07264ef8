"""The page's web addresses: taking in what is at one, following one, and the list of those that are followed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import KhabarError
from index.languages.messages import DEFAULT, messages_for
from ui.page.conversation.session import ChatSession
from ui.page.sessions import Permissions
from ui.page.uploads import add_address, follow_address
from ui.page.widgets import Update, field_of, notice
from ui.state.uploads import UploadProgress
from ui.views.library import adding_html, feeds_html

if TYPE_CHECKING:
    from index.web import Web

_LONGEST = 2048


class AddressPart:
    """A field for an address, what may be done with it, and the followed ones."""

    def __init__(self, web: "Web", permissions: Permissions) -> None:
        self._web = web
        self._permissions = permissions

    def lay_out(self) -> None:
        """Put the components where the caller is laying out."""
        words = messages_for(DEFAULT)
        with gr.Accordion(words.say("library.address"), open=False, elem_id="khabar-address-part") as self.around:
            hint = words.say("library.address_hint")
            self.address = gr.Textbox(
                elem_id="khabar-address", label=hint, max_lines=1, max_length=_LONGEST, placeholder="https://"
            )
            with gr.Row():
                self.add = gr.Button(words.say("library.address_add"), variant="primary", size="sm")
                self.follow = gr.Button(words.say("library.follow"), size="sm")
            self.feeds = gr.HTML(elem_id="khabar-feeds")
        self.components = [self.around, self.address, self.add, self.follow, self.feeds]

    def wire(self, session: Any, panel: Any, outcomes: Any) -> None:
        """Connect the components; `outcomes` shows progress and results, `panel` is where the page's buttons are."""
        self._outcomes = outcomes
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        changed, following = [outcomes, self.address, self.feeds], self._permissions.following
        self.add.click(following(self.take_in), [session, self.address], changed, **own)
        self.follow.click(following(self.begin), [session, self.address], changed, **own)
        panel.feed(following(self.change), [session], [self.feeds], **own)

    def take_in(self, session: ChatSession, address: str | None) -> Iterator[Update]:
        """Take in what is at the address, showing how far it is; it stays in the field when it failed."""
        yield from self._show(add_address(self._web, (address or "").strip(), session.words), session)

    def begin(self, session: ChatSession, address: str | None) -> Iterator[Update]:
        """Take in what is at the address, and follow it from then on."""
        yield from self._show(follow_address(self._web, (address or "").strip(), session.words), session)

    def change(self, event: gr.EventData, session: ChatSession) -> Update:
        """Pause, resume or give up following the address whose button was pressed."""
        acts = {"pause": self._web.pause, "resume": self._web.resume, "unfollow": self._web.unfollow}
        try:
            if act := acts.get(field_of(event, "act")):
                act(field_of(event, "address"))
        except KhabarError as error:
            raise notice(error, session.words) from error
        return {self.feeds: self.listed(session)}

    def speak(self, session: ChatSession) -> Update:
        """Give the components' own words in the page's language."""
        words = session.words
        return {
            self.around: gr.update(label=words.say("library.address"), visible=session.may_follow),
            self.address: gr.update(label=words.say("library.address_hint")),
            self.add: gr.update(value=words.say("library.address_add")),
            self.follow: gr.update(value=words.say("library.follow")),
            self.feeds: self.listed(session),
        }

    def listed(self, session: ChatSession) -> str:
        """Show what is followed, to whoever may change it."""
        return feeds_html(self._web.feeds(), session.words) if session.may_follow else ""

    def _show(self, states: Iterator[UploadProgress], session: ChatSession) -> Iterator[Update]:
        state, words = UploadProgress(), session.words
        for state in states:
            yield {self._outcomes: adding_html(state, words)}
        is_done = state.done and not any(outcome.failures and not outcome.added for outcome in state.done)
        emptied = {self.address: ""} if is_done else {}
        yield {self._outcomes: adding_html(state, words), self.feeds: self.listed(session), **emptied}
