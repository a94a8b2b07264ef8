"""What is kept of changes to those who want to know: each is told at least once, and what fails is tried again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from index.errors import KhabarError
from index.store.standing.questions import Channel, StandingQuestion
from qa.standing import KeptChange
from qa.standing.asking import kept_change

if TYPE_CHECKING:
    from index import Library
    from ui.settings import Settings


class Sender(Protocol):
    """A way to tell somebody of a change."""

    def send(self, kept: KeptChange, address: str) -> None:
        """Tell of a change at an address; raises `KhabarError` where that fails, with the reason."""
        ...


@dataclass(frozen=True, slots=True)
class Telling:
    """One try to tell somebody of a change: `problem` is why it failed, "" where it did not."""

    question: StandingQuestion
    address: str
    problem: str = ""


class Teller:
    """Tells of the changes in one library; safe to use from several threads, and beside other processes."""

    def __init__(
        self,
        library: "Library",
        senders: Mapping[Channel, Sender],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._table = library.standing_questions
        self._senders = senders
        self._now = now

    @classmethod
    def of(cls, settings: "Settings", library: "Library") -> "Teller":
        """Return one that sends as the settings say; nothing is connected to before there is something to tell."""
        from index.web.client import Client
        from ui.standing.mail import MailSender
        from ui.standing.webhook import CAPS, WebhookSender

        client = Client(private=settings.allow_private_hosts, caps=CAPS)
        return cls(library, {Channel.WEBHOOK: WebhookSender(client), Channel.MAIL: MailSender(settings)})

    def tell(self) -> list[Telling]:
        """Tell what is due, the oldest change first; returns what was tried.

        After an address has failed, what else it is to be told waits until that is due again. A process that ends while
        it tells leaves what it had begun to be told once more.
        """
        told: list[Telling] = []
        waiting = set[tuple[Channel, str]]()
        for delivery in self._table.deliveries():
            stored = self._table.change(delivery.change)
            question = self._table.get(stored.question) if stored else None
            address = question.address(delivery.channel) if question else None
            if stored is None or question is None or address is None:
                self._table.drop(delivery)
                continue
            to = (delivery.channel, address)
            if to in waiting or not self._table.claim(delivery, self._now()):
                waiting.add(to)
                continue
            try:
                self._senders[delivery.channel].send(kept_change(question, stored), address)
            except KhabarError as error:
                # Nobody is there, or it cannot be read: it stays to be told, and whoever looks is told why.
                self._table.fail(delivery, str(error))
                waiting.add(to)
                told.append(Telling(question, address, str(error)))
            else:
                self._table.succeed(delivery, self._now())
                told.append(Telling(question, address))
        return told
