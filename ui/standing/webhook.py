"""Changes to webhooks: JSON, signed with the question's secret, sent by the one client that asks public addresses."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable

from index.errors import DeliveryError
from index.web.client import Caps, Client
from qa.standing import KeptChange

TIMESTAMP, SIGNATURE = "Khabar-Timestamp", "Khabar-Signature"
# Whoever is told waits for an index to be made, and the other way round: neither for long.
CAPS = Caps(wire=1_000_000, unpacked=1_000_000, seconds=10.0, hops=0)


class WebhookSender:
    """Posts changes; `client` decides which addresses may be asked."""

    def __init__(self, client: Client, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._clock = clock

    def send(self, kept: KeptChange, address: str) -> None:
        """Post a change as JSON; raises `DeliveryError` for an answer that is no 2xx, `FetchError` where none comes."""
        body = json.dumps(kept.to_dict(), ensure_ascii=False).encode()
        timestamp = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP: timestamp,
            SIGNATURE: f"sha256={signature(kept.question.secret, timestamp, body)}",
        }
        status = self._client.post(address, body, headers)
        if not 200 <= status < 300:
            raise DeliveryError(f"The webhook answered with status {status}, not 2xx. Check its address.")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what shows that a change comes from here: HMAC-SHA256 (hex) of the time, a full stop and the body."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
