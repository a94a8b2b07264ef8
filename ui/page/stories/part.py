"""What happens when the button of a story is pressed."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from index.errors import KhabarError
from ui.page.conversation.session import ChatSession
from ui.page.evidence import EvidencePanel
from ui.page.queueing.queue import QUESTIONS
from ui.page.stories.views import STORIES
from ui.page.widgets import field_of, notice
from ui.views.stories.panel import reading_html


class StoryPart:
    """Opens stories in the panel; to read one waits among the questions."""

    def __init__(self, evidence: EvidencePanel) -> None:
        self._evidence = evidence

    def wire(self, session: Any, panel: Any) -> None:
        """Connect the buttons; `panel` is where their events come from, and where stories are shown."""
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_id": QUESTIONS}
        panel.story(self.show, [session], [panel], **own)

    def show(self, event: gr.EventData, session: ChatSession) -> Iterator[str]:
        """Show all stories, one by its id, or the article of the quote "id:number"; first say that it is being read."""
        session.shown = f"{STORIES}{field_of(event, 'id')}"
        if session.shown != STORIES:
            yield self._evidence.view(reading_html(session.words), session.language)
        try:
            yield self._evidence.of(session)
        except KhabarError as error:
            raise notice(error, session.words) from error
