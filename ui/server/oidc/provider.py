"""Asking a provider who somebody is: the authorization code flow with PKCE, and a token that is checked.

OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3; RFC 7636. Every request goes through Khabar's one guarded client.
"""

import json
import secrets
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from index.errors import FetchError, SettingsError, SignInError
from index.sources.decoding import MEGABYTE
from index.web.client import Caps, Client
from ui.server.oidc.people import OidcChoice, OidcPerson, person_of

_CAPS = Caps(wire=MEGABYTE, unpacked=2 * MEGABYTE, seconds=10.0, hops=2)
# Signatures by a key that the provider alone has. Not "none", and none by a secret that somebody could guess.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
# Seconds that clocks may differ by, and that a provider's own description is believed.
_LEEWAY = 60
_KEPT = 3600.0
# Seconds between two looks for new keys: a made-up key must not send Khabar to the provider each time.
_KEYS_KEPT = 60.0
_SCOPES = "openid email profile"
# A longer token is not put into an address: servers take no more than some thousand characters.
_LONGEST_HINT = 4000


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: `address` is where the browser goes, the rest has to come back, or to be shown."""

    address: str
    state: str
    nonce: str
    verifier: str
    back: str


class OidcProvider:
    """One provider, as its discovery document describes it; safe to use from several threads.

    Raises `SettingsError` where what reads tokens is not installed.
    """

    def __init__(
        self, choice: OidcChoice, client: Client | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        try:
            import authlib  # noqa: F401
            import joserfc  # noqa: F401
        except ImportError as error:
            raise SettingsError(
                "KHABAR_OIDC_ISSUER needs more packages: pip install 'khabar[oidc]'."
            ) from error  # fmt: skip
        self.choice = choice
        self._client = client or Client(private=choice.private_hosts, caps=_CAPS)
        self._now = now
        self._lock = threading.Lock()
        self._described: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, Any] | None = None

    def begin(self, back: str) -> Begun:
        """Begin a sign-in that comes back to an address of Khabar's; raises `SignInError` where it cannot be."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        at = self._endpoint("authorization_endpoint")
        asked = {
            "response_type": "code",
            "client_id": self.choice.client_id,
            "redirect_uri": back,
            "scope": _SCOPES,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return Begun(f"{at}{'&' if urlsplit(at).query else '?'}{urlencode(asked)}", state, nonce, verifier, back)

    def finish(self, code: str, begun: Begun) -> OidcPerson:
        """Return who somebody is who has come back with a code.

        Raises `SignInError` where the provider does not say, or what it says is not to be believed, and
        `SignInRefusedError` where the account may not enter.
        """
        answer = self._exchange(code, begun)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInError("the provider's answer has no id_token")
        person = person_of(self._checked(token, begun.nonce, answer.get("access_token")), self.choice)
        return replace(person, token=token)

    def leave(self, token: str, back: str) -> str:
        """Return where a browser signs out at the provider, which sends it back; "" where it has no such address.

        `token` is that of who signs out. Raises `SignInError` where the provider cannot be asked.
        OpenID Connect RP-Initiated Logout 1.0, section 2.
        """
        if "end_session_endpoint" not in self._document():
            return ""
        at = self._endpoint("end_session_endpoint")
        asked = {"client_id": self.choice.client_id, "post_logout_redirect_uri": back}
        if len(token) <= _LONGEST_HINT:
            asked["id_token_hint"] = token
        return f"{at}{'&' if urlsplit(at).query else '?'}{urlencode(asked)}"

    def _exchange(self, code: str, begun: Begun) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": begun.back,
            "code_verifier": begun.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        secret = self.choice.secret
        ways = self._document().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if secret is None or "client_secret_basic" not in ways:
            form |= {"client_id": self.choice.client_id, **({"client_secret": secret} if secret else {})}
        else:
            # RFC 6749, section 2.3.1: each encoded as a form's field, before they are joined.
            pair = f"{quote(self.choice.client_id, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        try:
            answer = self._client.send(self._endpoint("token_endpoint"), urlencode(form).encode(), headers)
        except FetchError as error:
            raise SignInError(f"the provider cannot be asked: {error}") from error
        if answer.status != 200:
            raise SignInError(f"the provider does not take the code (status {answer.status})")
        return _object(answer.body, "the provider's answer")

    def _checked(self, token: str, nonce: str, access_token: Any) -> Mapping[str, Any]:
        """Return a token's claims, where the provider has signed it, for Khabar and this sign-in, and it still holds.

        OpenID Connect Core 1.0, section 3.1.3.7.
        """
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError

        try:
            try:
                read = jwt.decode(token, self._key_set(), algorithms=_ALGORITHMS)
            except (InvalidKeyIdError, BadSignatureError):
                # The provider may sign with a new key.
                read = jwt.decode(token, self._key_set(again=True), algorithms=_ALGORITHMS)
            claims = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "value": self.choice.issuer},
                    "aud": {"essential": True, "value": self.choice.client_id},
                },
                {"nonce": nonce, "client_id": self.choice.client_id, "access_token": access_token},
            )
            claims.validate(leeway=_LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            # What is not base64, no JSON, or has something else where a number should be, comes as Python's own errors.
            raise SignInError(f"the provider's token is not to be believed: {error}") from error
        return read.claims

    def _document(self) -> Mapping[str, Any]:
        with self._lock:
            if self._described is None or self._described[0] + _KEPT <= self._now():
                at = self.choice.issuer.rstrip("/") + "/.well-known/openid-configuration"
                document = self._fetched(at)
                if document.get("issuer") != self.choice.issuer:
                    raise SignInError(f"{at} is of another issuer than KHABAR_OIDC_ISSUER: {document.get('issuer')!r}")
                self._described = self._now(), document
            return self._described[1]

    def _endpoint(self, name: str) -> str:
        at = self._document().get(name)
        is_safe = isinstance(at, str) and urlsplit(at).scheme in ("https", "http" if self.choice.private_hosts else "")
        if not is_safe:
            raise SignInError(f"the provider's description has no https:// address for {name}")
        return str(at)

    def _key_set(self, *, again: bool = False) -> Any:
        from joserfc.jwk import KeySet

        at = self._endpoint("jwks_uri")
        with self._lock:
            kept = _KEYS_KEPT if again else _KEPT
            if self._keys is None or self._keys[0] + kept <= self._now():
                found = self._fetched(at).get("keys")
                signing = [key for key in found if _is_public(key)] if isinstance(found, list) else []
                self._keys = self._now(), KeySet.import_key_set({"keys": signing})
            return self._keys[1]

    def _fetched(self, at: str) -> Mapping[str, Any]:
        try:
            answer = self._client.fetch(at)
        except FetchError as error:
            raise SignInError(f"{at} cannot be read: {error}") from error
        if answer.status != 200:
            raise SignInError(f"{at} cannot be read: status {answer.status}")
        return _object(answer.body, at)


def _is_public(key: Any) -> bool:
    """Tell whether a key is one to check signatures with: not a secret, and not meant for encryption."""
    return isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"


def _object(body: bytes, of: str) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SignInError(f"{of} is no JSON") from error
    if not isinstance(found, dict):
        raise SignInError(f"{of} is no JSON object")
    return found
