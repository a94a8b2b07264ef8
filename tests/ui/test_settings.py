"""Settings: defaults, environment, flags, and errors that name the key."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from index import ChromaServer, SettingsError
from ui.server.serve import _hosts
from ui.settings import PREFIX, Settings, default_library
from ui.wiring import chroma_of

pytestmark = pytest.mark.system


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for key in list(os.environ):
        if key.startswith(PREFIX):
            monkeypatch.delenv(key)
    yield


@pytest.mark.parametrize(
    ("environment", "interface"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "ar"}, "ar"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_AT@euro"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "KHABAR_INTERFACE": "en"}, "en"),
    ],
)
def test_the_interface_is_that_of_the_locale_unless_it_is_given(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], interface: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Settings.load().interface == interface


def test_an_interface_is_one_that_khabar_speaks() -> None:
    with pytest.raises(SettingsError, match=r"^--interface cannot be 'de': .*ar, en, fr"):
        Settings.load(interface="de")


def test_hosts_are_several_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_HOSTS", "news.example, news.local")
    assert Settings.load().hosts == ("news.example", "news.local")


@pytest.mark.parametrize(
    ("flags", "hosts"),
    [
        ({}, ("127.0.0.1", "localhost", "127.0.0.1", "::1")),
        ({"host": "0.0.0.0"}, None),
        ({"host": "0.0.0.0", "hosts": ("news.example",)}, ("news.example", "localhost", "127.0.0.1", "::1")),
    ],
)
def test_on_this_machine_alone_the_page_has_this_machine_s_names(
    flags: dict[str, object], hosts: tuple[str, ...] | None
) -> None:
    assert _hosts(Settings.load(**flags)) == hosts


def test_defaults_are_local_extractive_and_bundled() -> None:
    settings = Settings.load()
    assert settings.library == default_library()
    assert settings.library.parts[-2:] == ("khabar", "library")
    assert (settings.host, settings.port, settings.bidi) == ("127.0.0.1", 7860, "auto")
    assert (settings.reader, settings.reranker, settings.device) == (None, None, "auto")
    assert (settings.catalog, settings.model, settings.chroma_url) == (None, None, None)
    assert (settings.llm, settings.llm_base_url) == (None, None)


def test_the_environment_sets_and_a_flag_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_PORT", "9001")
    monkeypatch.setenv("KHABAR_LIBRARY", "~/news")
    monkeypatch.setenv("KHABAR_LLM", "")
    settings = Settings.load(port=None, host="::1")
    assert settings.port == 9001
    assert settings.library == Path.home() / "news"
    assert settings.llm is None
    assert settings.host == "::1"
    assert Settings.load(port=9002).port == 9002


def test_a_chroma_server_is_named_with_its_place_and_a_token_that_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert chroma_of(Settings.load()) is None
    for name, value in (("URL", "https://chroma.example"), ("TENANT", "news"), ("TOKEN", "ck-5esame")):
        monkeypatch.setenv(f"KHABAR_CHROMA_{name}", value)
    settings = Settings.load()
    assert "ck-5esame" not in repr(settings)
    assert chroma_of(settings) == ChromaServer("https://chroma.example", "news", "default_database", "ck-5esame")
    other = chroma_of(Settings.load(chroma_url="http://localhost:9000"))
    assert other is not None and other.where == "http://localhost:9000, news/default_database"


def test_an_unknown_variable_is_named_with_the_nearest_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_CHROMA_ULR", "http://localhost:8000")
    with pytest.raises(SettingsError, match=r"^KHABAR_CHROMA_ULR is not a setting\. Did you mean KHABAR_CHROMA_URL\?"):
        Settings.load()


def test_an_impossible_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_PORT", "seven")
    with pytest.raises(SettingsError, match=r"^KHABAR_PORT cannot be 'seven': "):
        Settings.load()


@pytest.mark.parametrize("port", [-1, 65536])
def test_an_impossible_flag_is_named(port: int) -> None:
    with pytest.raises(SettingsError, match=rf"^--port cannot be '{port}': "):
        Settings.load(port=port)


def test_a_flag_with_a_dash_is_named_as_it_is_typed() -> None:
    with pytest.raises(SettingsError, match=r"^--bidi cannot be 'mirror': "):
        Settings.load(bidi="mirror")
    with pytest.raises(SettingsError, match=r"^--chroma-url cannot be '3': "):
        Settings.load(chroma_url=3)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings.load().port = 1


def test_telemetry_is_off_before_the_libraries_look(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from ui.privacy import switch_off_telemetry\n"
        "switch_off_telemetry()\n"
        "import gradio, huggingface_hub.constants as hub, openvino.tools.ovc.telemetry_utils as ov\n"
        "from chromadb.config import Settings\n"
        "print(gradio.analytics.analytics_enabled(), hub.HF_HUB_OFFLINE, hub.HF_HUB_DISABLE_TELEMETRY,\n"
        "      Settings().anonymized_telemetry, ov.tm.__name__, os.environ['LANGSMITH_TRACING'])\n"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "GRADIO_", "LANG"))}
    environment["ANONYMIZED_TELEMETRY"] = "True"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", env=environment, check=True
    )
    expected = "False True True False openvino.tools.ovc.telemetry_stub false"
    assert done.stdout.strip().splitlines()[-1] == expected


def test_someone_who_wants_a_download_or_a_trace_can_have_it() -> None:
    script = (
        "import os\n"
        "from ui.privacy import switch_off_telemetry\n"
        "switch_off_telemetry()\n"
        "print(os.environ['HF_HUB_OFFLINE'], os.environ['LANGSMITH_TRACING'])"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "0", "LANGSMITH_TRACING": "true"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", env=environment, check=True
    )
    assert done.stdout.split() == ["0", "true"]


def test_sites_that_embed_the_widget_are_named_each_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().widget_origins == ()
    monkeypatch.setenv("KHABAR_WIDGET_ORIGINS", "https://site.example, http://localhost:8000, https://site.example")
    assert Settings.load().widget_origins == ("https://site.example", "http://localhost:8000")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("*", r"\* lets pages of sites that nobody chose ask here, each visitor of theirs with this server's work\."),
        ("https://site.example, null", "null is what sandboxed frames and files call themselves"),
        ("http://site.example", "http://site.example is not https"),
        ("https://site.example/", "https://site.example/ is not an origin as browsers send it"),
        ("https://site.example;https://b.example", "https://site.example;https://b.example is not an origin"),
    ],
)
def test_what_would_let_in_more_than_one_site_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: str, said: str
) -> None:
    monkeypatch.setenv("KHABAR_WIDGET_ORIGINS", given)
    with pytest.raises(SettingsError, match=rf"^KHABAR_WIDGET_ORIGINS cannot be '.*': {said}.*[^.]\.$"):
        Settings.load()
