"""Changes by mail: one plain-text message each, by the mail server that the settings name."""

import smtplib
import ssl
from email.message import EmailMessage
from typing import TYPE_CHECKING

from index.errors import DeliveryError
from qa.standing import KeptChange
from ui.settings import NO_MAIL_SERVER
from ui.views.standing.text import change_subject, change_text

if TYPE_CHECKING:
    from ui.settings import Settings

_SECONDS = 10.0


class MailSender:
    """Sends mail by the server of the settings, each message over a connection of its own."""

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings

    def send(self, kept: KeptChange, address: str) -> None:
        """Mail a change to one address; raises `DeliveryError` where the server is not reached or does not take it."""
        host, sender = self._settings.smtp_host, self._settings.smtp_from
        if host is None or sender is None:
            raise DeliveryError(NO_MAIL_SERVER)
        try:
            with self._connected(host) as server:
                server.send_message(_message(kept, sender, address), sender, [address])
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            # No such host, no certificate, a wrong password, a recipient that the server does not know.
            raise DeliveryError(f"The mail server {host} did not take it: {error}. Check KHABAR_SMTP_….") from error

    def _connected(self, host: str) -> smtplib.SMTP:
        settings = self._settings
        trusted = ssl.create_default_context()
        if settings.smtp_tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, settings.smtp_port, timeout=_SECONDS, context=trusted)
        else:
            server = smtplib.SMTP(host, settings.smtp_port, timeout=_SECONDS)
        try:
            if settings.smtp_tls == "starttls":
                server.starttls(context=trusted)
            if settings.smtp_user is not None and settings.smtp_password is not None:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server


def _message(kept: KeptChange, sender: str, address: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender, address
    message["Subject"] = change_subject(kept)
    message["Date"] = kept.at
    # The same for a message that is sent once more: mail programs show it once.
    message["Message-ID"] = f"<{kept.id}@{sender.rpartition('@')[2].strip('> ')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(change_text(kept))
    return message
