"""What the environment and the flags say, as one frozen object; the only module that reads the environment."""

import difflib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "KHABAR_"
NO_MAIL_SERVER = "Mail needs a server: set KHABAR_SMTP_HOST and KHABAR_SMTP_FROM."


def default_library() -> Path:
    """Return the folder of the library when none is named: `khabar/library` in the user's data folder."""
    return user_data_path("khabar") / "library"


def _locale_language() -> str:
    """Return the language of the locale's messages where Khabar speaks it, else the one it speaks by default."""
    from index.languages.messages import messages_for

    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return messages_for(re.split("[_.@]", next(filter(None, names), ""))[0]).language


class Settings(BaseSettings):
    """Every setting, from `KHABAR_*` variables; flags override them. Empty variables count as unset.

    `library` is a folder; `catalog` the PostgreSQL database that holds it (None: a file in the folder); `model` the
    encoder's name or folder (None: the bundled one), `reader` that of an extractive question-answering model (None: the
    bundled one), `reranker` that of a cross-encoder (None: late interaction); `device` is where torch computes these
    (auto: a GPU where there is one), `precision` what the bundled models compute in (auto: what suits the CPU);
    `index_copies` is a folder through which machines copy the vector index that one of them makes (None: each makes its
    own); `chroma_url` a Chroma server (None: embedded), `chroma_tenant` and `chroma_database` the place for the index
    there, `chroma_token` what is sent to be let in (None: nothing); `llm` a chat model as LangChain's `init_chat_model`
    names it, such as "ollama:qwen3" (None: extractive); `llm_seconds` and `llm_tokens` are what one answer of it may
    take, `llm_tokens_day` what a day may (None: any), and `llm_unsupported` what becomes of its sentences that no
    passage supports; `host` and `port` (0: any that is free) are where the chat is served, `hosts` the other names it
    may be asked for by (none: on a loopback address its own alone, else any), `auth_file` says to whom (None: to
    everybody), `sign_in_tries` how many tries to sign in may fail in `sign_in_minutes`, `session_hours` how long
    somebody who has signed in stays so, `widget_origins` are the sites whose pages may embed the widget (none: it is
    not served), `oidc_issuer` is an OpenID Connect provider where people sign in as well (None: nowhere), which knows
    Khabar as `oidc_client_id` with `oidc_client_secret` and is shown as `oidc_label`; `oidc_name_claim`
    and `oidc_role_claim` are the claims with name and groups, `oidc_roles` the roles of groups (none: groups are called
    as roles are), `oidc_domains` the mail domains of those who may enter (none: any); `mcp` tells
    whether as an MCP server too; `bidi` is "auto" for terminals that order Arabic themselves, "visual" for those that
    do not; `interface` is the language of Khabar's own words where it does not speak the question's (by default that of
    LC_ALL, LC_MESSAGES or LANG, or English); `allow_private_hosts` lets addresses of an intranet be fetched; `otlp_url`
    is an OpenTelemetry collector that a server sends its traces to (None: nowhere). `smtp_host` and `smtp_port` are the
    mail server that changes of standing questions are sent by (None: no mail is sent), `smtp_tls` how the connection is
    encrypted (starttls after it is made, tls from the first byte, none), `smtp_user` and `smtp_password` who signs in
    there (None: nobody), `smtp_from` the address that the mail comes from.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, protected_namespaces=()
    )

    library: Path = Field(default_factory=default_library)
    catalog: str | None = None
    model: str | None = None
    reader: str | None = None
    reranker: str | None = None
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    precision: Literal["auto", "bfloat16", "int8", "float32"] = "auto"
    index_copies: Path | None = None
    chroma_url: str | None = None
    chroma_tenant: str = "default_tenant"
    chroma_database: str = "default_database"
    chroma_token: SecretStr | None = None
    llm: str | None = None
    llm_base_url: str | None = None
    llm_seconds: float = Field(default=120.0, gt=0)
    llm_tokens: int = Field(default=6000, ge=200)
    llm_tokens_day: int | None = Field(default=None, ge=1)
    llm_unsupported: Literal["strike", "remove"] = "strike"
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    hosts: Annotated[tuple[str, ...], NoDecode] = ()
    auth_file: Path | None = None
    sign_in_tries: int = Field(default=5, ge=1)
    sign_in_minutes: float = Field(default=15.0, gt=0, le=1440)
    session_hours: float = Field(default=12.0, gt=0)
    widget_origins: Annotated[tuple[str, ...], NoDecode] = ()
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_label: str | None = None
    oidc_name_claim: str = "email"
    oidc_role_claim: str = "groups"
    oidc_roles: Annotated[dict[str, str], NoDecode] = Field(default_factory=dict)
    oidc_domains: Annotated[tuple[str, ...], NoDecode] = ()
    mcp: bool = False
    bidi: Literal["auto", "visual"] = "auto"
    interface: str = Field(default_factory=_locale_language)
    allow_private_hosts: bool = False
    otlp_url: str | None = None
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str | None = None

    @property
    def can_mail(self) -> bool:
        """Tell whether there is a server that mail can be sent by."""
        return self.smtp_host is not None and self.smtp_from is not None

    @field_validator("library", "auth_file", "index_copies")
    @classmethod
    def _expand(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else None

    @field_validator("interface")
    @classmethod
    def _speak(cls, language: str) -> str:
        from index.languages.messages import LANGUAGES

        if language not in LANGUAGES:
            raise ValueError(f"it is one of {', '.join(LANGUAGES)}")
        return language

    @field_validator("oidc_roles", mode="before")
    @classmethod
    def _pair(cls, roles: object) -> object:
        """Read "newsroom=editor,desk=reader@sport,editor@wire", or JSON for groups that have a comma in them."""
        if not isinstance(roles, str) or roles.strip().startswith("{"):
            return json.loads(roles) if isinstance(roles, str) else roles
        found: dict[str, str] = {}
        for pair in filter(str.strip, roles.split(",")):
            group, equals, role = pair.rpartition("=")
            if not equals and found:
                # A further role of the same group.
                last = next(reversed(found))
                found[last] = f"{found[last]},{role.strip()}"
            else:
                found[group.strip()] = role.strip()
        return found

    @field_validator("oidc_roles")
    @classmethod
    def _granted(cls, roles: dict[str, str]) -> dict[str, str]:
        from index.errors import SettingsError
        from index.store.access.grants import grant_of

        for role in roles.values():
            try:
                grant_of(role)
            except SettingsError as error:
                raise ValueError(str(error)) from error
        return roles

    @field_validator("hosts", "oidc_domains", "widget_origins", mode="before")
    @classmethod
    def _split(cls, hosts: object) -> object:
        return tuple(hosts.replace(",", " ").split()) if isinstance(hosts, str) else hosts

    @field_validator("widget_origins")
    @classmethod
    def _embed(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        from index.errors import SettingsError
        from index.store.access.origins import checked_origin

        try:
            return tuple(dict.fromkeys(map(checked_origin, origins)))
        except SettingsError as error:
            raise ValueError(str(error)) from error

    @classmethod
    def load(cls, **flags: object) -> "Settings":
        """Read the environment; a flag that is not None overrides it.

        Raises `SettingsError` for a `KHABAR_*` variable that is not a setting and for impossible values.
        """
        from index.errors import SettingsError

        _refuse_unknown(os.environ)
        given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
        try:
            return cls(**given)
        except ValidationError as error:
            raise SettingsError(_explain(error, given)) from error


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    # The errors belong to a package that is only loaded for a command that works on a library.
    from index.errors import SettingsError

    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for key in environment:
        if key.upper().startswith(PREFIX) and key.upper() not in known:
            near = difflib.get_close_matches(key.upper(), known, n=1, cutoff=0)
            raise SettingsError(f"{key} is not a setting. Did you mean {near[0]}? All of them: {', '.join(known)}.")


def _explain(error: ValidationError, flags: Mapping[str, object]) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    where = f"--{name.replace('_', '-')}" if name in flags else PREFIX + name.upper()
    said = first["msg"].removeprefix("Value error, ").removesuffix(".")
    return f"{where} cannot be {_written(first['input'])!r}: {said[:1].lower()}{said[1:]}."


def _written(given: object) -> str:
    """Write what was given as it was, or nearly: several values one after another."""
    return ", ".join(map(str, given)) if isinstance(given, tuple) else str(given)
