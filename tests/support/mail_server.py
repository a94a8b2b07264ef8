"""A mail server on the loopback that takes what it is sent, and refuses whom a test names."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass(slots=True)
class Mailbox:
    """A running server: its port, what it was sent so far, and the recipients that it does not know."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    signed_in: list[str] = field(default_factory=list)


class _Session(socketserver.StreamRequestHandler):
    """SMTP (RFC 5321), as much of it as one sender needs; a sign-in (PLAIN) is noted, and never refused."""

    box: Mailbox

    def handle(self) -> None:
        self._say("220 mail.test ESMTP")
        for line in iter(self.rfile.readline, b""):
            command, _, rest = line.decode().strip().partition(" ")
            match command.upper():
                case "EHLO" | "HELO":
                    self._say("250-mail.test", "250 AUTH PLAIN")
                case "AUTH":
                    self.box.signed_in.append(rest)
                    self._say("235 welcome")
                case "RCPT":
                    self._take_recipient(rest.partition("<")[2].partition(">")[0])
                case "DATA":
                    self._say("354 go on")
                    self._take_mail()
                case "QUIT":
                    self._say("221 bye")
                    return
                case "STARTTLS":
                    self._say("502 not here")
                case _:
                    self._say("250 ok")

    def _take_recipient(self, address: str) -> None:
        if address in self.box.unknown:
            self._say("550 no such user")
            return
        self.box.recipients.append(address)
        self._say("250 ok")

    def _take_mail(self) -> None:
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            lines.append(line[1:] if line.startswith(b"..") else line)
        mail = message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(mail, EmailMessage)
        self.box.mails.append(mail)
        self._say("250 taken")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def receiving() -> Iterator[Mailbox]:
    """Take mail on the loopback."""
    box = Mailbox()
    with _Server(("127.0.0.1", 0), type("Session", (_Session,), {"box": box})) as server:
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield box
        finally:
            server.shutdown()
