"""A server that speaks the OpenAI protocol on the loopback and says what it is told to."""

import json
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

Script = Callable[[str], Sequence[str]]


class ChatServer:
    """Streams the pieces that `script` makes of a prompt, all its messages together; of none it makes an error."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.prompts: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.chat = self  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def translator(prompt: str) -> Sequence[str]:
    """Stand in for a model that translates two quotes of the samples, and answers one question, half of it made up."""
    if not prompt.startswith("You translate"):
        if "Why did the Dilmuni dinar rise?" not in prompt:
            return ["NO ANSWER"]
        return ["The dinar strengthened after a surprise rise in interest rates [1]. ", "It fell again in 1999 [1]."]
    if "into Arabic" in prompt:
        return ["ارتفع الدينار الدلموني في السوق ", "بعد رفع مفاجئ لسعر الفائدة."]
    return [
        "Major General Muhannad al-Zaidi, spokesman for the commander-in-chief of the armed forces, ",
        "denied on Sunday that ISIS is able to return to the cities, a day after a statement by the Norvian ",
        "embassy in Baghdad about the organisation's expansion in the region.",
    ]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        chat = cast(Any, self.server).chat
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = "\n\n".join(message["content"] for message in sent["messages"])
        chat.prompts.append(prompt)
        pieces = chat.script(prompt)
        self.send_response(200 if pieces else 400)
        self.send_header("Content-Type", "text/event-stream" if pieces else "application/json")
        self.end_headers()
        if not pieces:
            self.wfile.write(json.dumps({"error": {"message": "the model is <b>out</b>"}}).encode())
            return
        for number, piece in enumerate(pieces, 1):
            delta = {"role": "assistant", "content": piece}
            end = "stop" if number == len(pieces) else None
            chunk = {"choices": [{"index": 0, "delta": delta, "finish_reason": end}], "model": "m", "id": "1"}
            chunk |= {"object": "chat.completion.chunk", "created": 1}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""
