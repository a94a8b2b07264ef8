"""A Chroma server of the tests' own, and a gateway before one that asks for a token, as those who run one put it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import psutil

from tests.support.patience import until


class ChromaProcess:
    """`chroma run`, that tests start, stop, freeze and start again at one address."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="khabar-chroma-"))
        # Any port that is free; the server does not say which one it took.
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start the server, and return when it listens."""
        command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(self._folder)]
        self._process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(self._port)],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
        )
        until(self._is_up)

    def stop(self) -> None:
        """Stop the server: its address answers nobody."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    def empty(self) -> None:
        """Lose everything that it holds, as a server whose disk was lost."""
        self.stop()
        shutil.rmtree(self._folder)
        self._folder.mkdir()
        self.start()

    def collections(self) -> list[str]:
        """List what it holds."""
        import chromadb
        from chromadb.config import Settings

        client = chromadb.HttpClient("127.0.0.1", self._port, settings=Settings(anonymized_telemetry=False))
        names = sorted(collection.name for collection in client.list_collections())
        client.close()
        return names

    def close(self) -> None:
        """Stop the server, and remove what it wrote."""
        if self._process.poll() is None:
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _is_up(self) -> bool:
        assert self._process.poll() is None, "the server ended by itself"
        found = psutil.Process(self._process.pid).net_connections("tcp4")
        ports = [one.laddr.port for one in found if one.status == psutil.CONN_LISTEN]
        if ports:
            self._port = ports[0]
        return bool(ports)


class Gateway:
    """Hands on to a Chroma server what comes with the right token, and refuses the rest, saying what it was sent."""

    def __init__(self, behind: str, token: str, refusal: int = 401) -> None:
        to = urlsplit(behind).netloc

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.headers["X-Chroma-Token"] != token:
                    self._send(refusal, f"not let in with {self.headers['X-Chroma-Token']}".encode())
                    return
                inner = HTTPConnection(to)
                inner.request(self.command, self.path, body, {"Content-Type": "application/json"})
                response = inner.getresponse()
                self._send(response.status, response.read())
                inner.close()

            def _send(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_DELETE = _answer

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
