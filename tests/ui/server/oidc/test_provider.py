"""What a provider says is checked: its signature, for whom it is, for which sign-in, and until when; over real HTTP."""

import base64
import hmac
import json
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from index.errors import SettingsError, SignInError
from index.store.access.roles import AccessRole
from tests.support.oidc_provider import CLIENT, SECRET, Claims, LocalProvider, provider, rsa_key, signed
from tests.support.patience import PATIENCE
from ui.server.oidc.people import OidcChoice, OidcPerson
from ui.server.oidc.provider import Begun, OidcProvider
from ui.settings import Settings

LAYLA: Claims = {"email": "Layla@news.example", "email_verified": True, "groups": ["editor"]}
BACK = "http://127.0.0.1/oidc/callback"


@pytest.fixture
def at() -> Iterator[LocalProvider]:
    with provider() as served:
        served.person = dict(LAYLA)
        yield served


def asking(at: LocalProvider, **more: object) -> OidcProvider:
    return OidcProvider(OidcChoice(at.url, CLIENT, SECRET, private_hosts=True), **more)  # type: ignore[arg-type]


def come_back(begun: Begun) -> str:
    """Sign in at the provider, and return the code that it sends the browser back with."""
    sent = httpx.get(begun.address, timeout=PATIENCE).headers["location"]
    assert sent.startswith(BACK)
    (code,) = parse_qs(urlsplit(sent).query)["code"]
    return code


def signed_in(asked: OidcProvider) -> OidcPerson:
    begun = asked.begin(BACK)
    return asked.finish(come_back(begun), begun)


def test_whoever_the_provider_knows_has_a_name_and_a_role(at: LocalProvider) -> None:
    assert signed_in(asking(at)) == OidcPerson("layla@news.example", AccessRole.EDITOR)


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def unsigned(claims: Claims, alg: str) -> str:
    return f"{encoded(json.dumps({'alg': alg, 'kid': 'first'}).encode())}.{encoded(json.dumps(claims).encode())}."


def hs256(at: LocalProvider, claims: Claims) -> str:
    """Sign with the provider's public key as if that were a secret, which no library does."""
    content = unsigned(claims, "HS256").removesuffix(".")
    return f"{content}.{encoded(hmac.digest(at.key.as_pem(private=False), content.encode(), 'sha256'))}"


def tampered(at: LocalProvider, claims: Claims) -> str:
    head, _, signature = signed(claims, at.key).split(".")
    body = encoded(json.dumps({**claims, "groups": ["it"]}).encode())
    return f"{head}.{body}.{signature}"


CLAIMS: dict[str, Claims] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another"},
    "several audiences, for another": {"aud": [CLIENT, "another"], "azp": "another"},
    "no audience": {"aud": None},
    "expired": {"exp": int(time.time()) - 3600},
    "no end": {"exp": None},
    "an end that is none": {"exp": "never"},
    "not yet": {"nbf": int(time.time()) + 3600},
    "of the future": {"iat": int(time.time()) + 3600},
    "another issuer": {"iss": "https://evil.example"},
    "nobody": {"sub": None},
    "another access token": {"at_hash": "x"},
}
SIGNED: dict[str, Callable[[LocalProvider, Claims], str]] = {
    "another issuer's key": lambda at, claims: signed(claims, rsa_key("other")),
    "another key of the same name": lambda at, claims: signed(claims, rsa_key("first")),
    "alg none": lambda at, claims: unsigned(claims, "none"),
    "alg None": lambda at, claims: unsigned(claims, "None"),
    "unsigned": lambda at, claims: unsigned(claims, "RS256"),
    "the public key as a secret": hs256,
    "tampered": tampered,
    "nothing": lambda at, claims: "",
    "no token": lambda at, claims: "a.b.c",
    "not ASCII": lambda at, claims: "é.ü.ß",
}


@pytest.mark.parametrize("changed", CLAIMS.values(), ids=CLAIMS)
def test_a_token_for_another_purpose_is_not_believed(at: LocalProvider, changed: Claims) -> None:
    at.claims = lambda claims: {key: value for key, value in {**claims, **changed}.items() if value is not None}
    with pytest.raises(SignInError, match="is not to be believed"):
        signed_in(asking(at))


@pytest.mark.parametrize("sign", SIGNED.values(), ids=SIGNED)
@pytest.mark.filterwarnings("ignore")
def test_a_token_that_the_provider_has_not_signed_is_not_believed(
    at: LocalProvider, sign: Callable[[LocalProvider, Claims], str]
) -> None:
    at.sign = lambda claims: sign(at, claims)
    with pytest.raises(SignInError, match="is not to be believed"):
        signed_in(asking(at))


def test_a_new_key_is_looked_up_and_a_made_up_one_no_more_often_than_needed(at: LocalProvider) -> None:
    now = [0.0]
    asked = asking(at, now=lambda: now[0])
    signed_in(asked)
    assert at.keys_read == 1
    at.sign = lambda claims: signed(claims, rsa_key("made up"))
    for _ in range(3):
        with pytest.raises(SignInError):
            signed_in(asked)
    assert at.keys_read == 1
    at.sign, at.key = None, rsa_key("second")
    now[0] = 61.0
    signed_in(asked)
    assert at.keys_read == 2


def test_a_code_is_of_use_once_and_to_who_asked_for_it(at: LocalProvider) -> None:
    asked = asking(at)
    first, second = asked.begin(BACK), asked.begin(BACK)
    code = come_back(first)
    # Somebody else's code in a sign-in of one's own (PKCE).
    with pytest.raises(SignInError, match="does not take the code"):
        asked.finish(code, second)
    code = come_back(first)
    assert asked.finish(code, first).name == "layla@news.example"
    with pytest.raises(SignInError, match="does not take the code"):
        asked.finish(code, first)
    assert len({begun.state for begun in (first, second)} | {begun.nonce for begun in (first, second)}) == 4
    assert first.verifier not in first.address


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "set KHABAR_OIDC_CLIENT_ID"),
        ({"oidc_client_id": "khabar", "oidc_issuer": "http://id.example"}, "begins with https://"),
        ({"oidc_client_id": "khabar", "oidc_issuer": "id.example"}, "begins with https://"),
    ],
)
def test_half_a_provider_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        OidcChoice.of(Settings.load(**{"oidc_issuer": "https://id.example", **given}))


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("newsroom=editor, it=admin", {"newsroom": AccessRole.EDITOR, "it": AccessRole.ADMIN}),
        ("a=b=reader", {"a=b": AccessRole.READER}),
        ('{"cn=desk,dc=example": "editor"}', {"cn=desk,dc=example": AccessRole.EDITOR}),
    ],
)
def test_groups_are_given_roles(written: str, roles: dict[str, AccessRole], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_OIDC_ISSUER", "https://id.example")
    monkeypatch.setenv("KHABAR_OIDC_CLIENT_ID", "khabar")
    monkeypatch.setenv("KHABAR_OIDC_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("KHABAR_OIDC_ROLES", written)
    monkeypatch.setenv("KHABAR_OIDC_DOMAINS", "news.example, @Archive.example")
    choice = OidcChoice.of(Settings.load())
    assert choice is not None
    assert choice.roles == roles
    assert choice.domains == ("news.example", "archive.example")
    assert choice.secret == SECRET and SECRET not in repr(choice) + repr(Settings.load())


@pytest.mark.parametrize("written", ["newsroom=boss", "newsroom", '{"newsroom"'])
def test_a_role_that_is_none_is_refused(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_OIDC_ROLES", written)
    with pytest.raises(SettingsError, match="KHABAR_OIDC_ROLES cannot be"):
        Settings.load()


def test_without_what_reads_tokens_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "authlib", None)
    with pytest.raises(SettingsError, match=r"pip install 'khabar\[oidc\]'"):
        OidcProvider(OidcChoice("https://id.example", CLIENT, SECRET))
