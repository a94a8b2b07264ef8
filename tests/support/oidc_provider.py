"""An OpenID Connect provider on the loopback: real HTTP, a real RSA key, and whatever a test has it get wrong."""

import base64
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.support.patience import PATIENCE, until

CLIENT, SECRET = "khabar", "a secret: of 100%"
Claims = dict[str, Any]


def rsa_key(name: str) -> RSAKey:
    """Make a key to sign with, of a name of its own."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@cache
def _first_key() -> RSAKey:
    """Make the key that each provider begins with, once: that takes longer than what most tests do with it."""
    return rsa_key("first")


def signed(claims: Claims, key: RSAKey) -> str:
    """Make a token as a provider does."""
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


@dataclass(slots=True)
class LocalProvider:
    """One provider. `person` is who has signed in there; `claims` and `sign` are what a test changes of a token."""

    key: RSAKey = field(default_factory=_first_key)
    url: str = ""
    person: Claims = field(default_factory=dict)
    claims: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], str] | None = None
    document: Claims = field(default_factory=dict)
    # What a code was handed out for, and how often it was asked to be exchanged.
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    exchanged: list[str] = field(default_factory=list)
    keys_read: int = 0
    # The accounts that have signed out here, by their tokens.
    left: list[str] = field(default_factory=list)

    async def discovery(self, _: Request) -> Response:
        described = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/end",
        }
        return JSONResponse({**described, **self.document})

    async def keys(self, _: Request) -> Response:
        self.keys_read += 1
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """Let `person` in at once, as where somebody has signed in there already."""
        asked = dict(request.query_params)
        if asked["client_id"] != CLIENT or asked["response_type"] != "code" or asked["code_challenge_method"] != "S256":
            return Response(status_code=400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"], "iss": self.url})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    async def end(self, request: Request) -> Response:
        """Sign somebody out who comes with a token of theirs, and send the browser back."""
        asked = dict(request.query_params)
        claims = jwt.decode(asked["id_token_hint"], self.key).claims
        if (asked["client_id"], claims["aud"]) != (CLIENT, CLIENT):
            return Response(status_code=400)
        self.left.append(claims["sub"])
        return RedirectResponse(asked["post_logout_redirect_uri"], 303)

    async def token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        self.exchanged.append(form["code"])
        asked = self.codes.pop(form["code"], None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        is_right = (
            asked is not None
            and request.headers.get("authorization") == f"Basic {_basic()}"
            and form["redirect_uri"] == asked["redirect_uri"]
            and asked["code_challenge"] == base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        )
        if asked is None or not is_right:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = self.claims({**claims, **self.person})
        token = self.sign(claims) if self.sign else signed(claims, self.key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})


def _basic() -> str:
    return base64.b64encode(b"khabar:a%20secret%3A%20of%20100%25").decode()


@contextmanager
def provider() -> Iterator[LocalProvider]:
    """Serve a provider on the loopback."""
    own = LocalProvider()
    routes = [
        Route("/.well-known/openid-configuration", own.discovery),
        Route("/keys", own.keys),
        Route("/authorize", own.authorize),
        Route("/token", own.token, methods=["POST"]),
        Route("/end", own.end),
    ]
    listener = socket.create_server(("127.0.0.1", 0))
    own.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield own
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listener.close()
