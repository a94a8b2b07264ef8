"""What happens when a question is kept from an answer, and when the buttons of the standing questions are pressed."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import KhabarError, QueryError, SettingsError
from qa.question import arguments_of
from qa.standing import StandingQuestions
from ui.page.conversation.session import ChatSession
from ui.page.evidence import EvidencePanel
from ui.page.queueing.queue import QUESTIONS
from ui.page.sessions import Permissions
from ui.page.standing.seen import SeenChanges
from ui.page.standing.views import STANDING
from ui.page.widgets import Update, field_of, notice
from ui.settings import NO_MAIL_SERVER

if TYPE_CHECKING:
    from index.store.standing.questions import StandingQuestion
    from qa.answer import Answer
    from qa.assistant import Assistant


class StandingPart:
    """Keeps questions of answers and changes what is kept, for editors of everything; all others look at it."""

    def __init__(
        self, assistant: "Assistant", evidence: EvidencePanel, permissions: Permissions, can_mail: bool = False
    ) -> None:
        self._can_mail = can_mail
        self._standing = StandingQuestions(assistant)
        self._seen = SeenChanges(assistant.library)
        self._table = assistant.library.standing_questions
        self._evidence = evidence
        self._permissions = permissions

    def wire(self, session: Any, panel: Any, chat: Any) -> None:
        """Connect the buttons; `panel` is where their events come from, and where the questions are shown."""
        self._panel, self._chat = panel, chat
        following = self._permissions.following
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        panel.standing(self.show, [session], [panel], **own)
        # To keep a question, or to take it up again, asks it.
        asking: dict[str, Any] = {**own, "concurrency_id": QUESTIONS}
        panel.stand(following(self.keep), [session], [chat], **asking, trigger_mode="multiple")
        panel.alter(following(self.alter), [session], [panel], **asking)

    def newest(self) -> str:
        """Return the id of the last change of all, whoever may see it; "" where nothing has changed so far."""
        return next((change.id for change in self._table.changes(limit=1)), "")

    def has_news(self, session: ChatSession) -> bool:
        """Tell whether an answer has changed that whoever acts may see, since they looked at the changes."""
        newest = self._seen.changes(limit=1)
        return bool(newest) and newest[0].id != session.told

    def show(self, event: gr.EventData, session: ChatSession) -> str:
        """Show all questions, one by its id, or the article of a quote of one."""
        session.shown, session.told = f"{STANDING}{field_of(event, 'id')}", self.newest()
        return self._evidence.of(session)

    def keep(self, event: gr.EventData, session: ChatSession) -> Iterator[Update]:
        """Let the question of an answer stand, with the filters that it was asked with."""
        turn = session.turn(field_of(event, "place"))
        if turn is None or turn.answer is None or turn.standing is not None:
            yield {self._chat: gr.skip()}
            return
        turn.standing = ""
        session.show(turn)
        yield {self._chat: session.messages()}
        answer, failed = turn.answer, None
        try:
            turn.standing = self._keep(answer, answer.standalone or turn.question, session.language)
        except KhabarError as error:
            turn.standing, failed = None, error
        if turn in session.turns:
            session.show(turn)
            yield {self._chat: session.messages()}
        if failed is not None:
            raise notice(failed, session.words) from failed

    def _keep(self, answer: "Answer", asked: str, interface: str) -> str:
        """Let a question stand and return its id; one that stands already goes on being told where it was."""
        same = (one for one in self._table.all() if (one.question, one.filters) == (asked, answer.filters))
        known = next(same, None)
        told = {"webhook": known.webhook, "mail": known.mail} if known else {}
        return self._standing.add(asked, interface=interface, **told, **arguments_of(answer.filters)).id

    def alter(self, event: gr.EventData, session: ChatSession) -> Update:
        """Pause a question, take it up again, say where its changes are sent, or remove it; then show how they are."""
        asked = field_of(event, "act")
        webhook, mail = (field_of(event, name).strip() or None for name in ("webhook", "mail"))
        does: dict[str, Callable[[str], object]] = {
            "pause": self._standing.pause,
            "resume": self._standing.resume,
            "remove": self._standing.remove,
            "tell": lambda id: self._tell(id, webhook, mail),
        }
        try:
            found = self._find(field_of(event, "id"))
            if found is not None and asked in does:
                does[asked](found.id)
        except KhabarError as error:
            raise notice(error, session.words) from error
        if asked == "remove" or not session.shown.startswith(STANDING):
            session.shown = STANDING
        return {self._panel: self._evidence.of(session)}

    def _find(self, id: str) -> "StandingQuestion | None":
        """Return a question; None where somebody else was faster: it is gone, and the others are shown."""
        try:
            return self._seen.find(id)
        except QueryError:
            return None

    def _tell(self, id: str, webhook: str | None, mail: str | None) -> None:
        if mail is not None and not self._can_mail:
            raise SettingsError(NO_MAIL_SERVER)
        self._standing.tell(id, webhook=webhook, mail=mail)
