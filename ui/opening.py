"""Settings to an open assistant, and what `khabar doctor` says of its chat model."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index import Encoder, Library
    from qa import Assistant
    from qa.budget import Limits
    from qa.tracing import FailureObserver, Observer
    from ui.settings import Settings


def load_settings(**flags: object) -> "Settings":
    """Return `Settings.load(**flags)`; what reads settings is imported here, so that `khabar --help` need not."""
    from ui.settings import Settings

    return Settings.load(**flags)


def encoder_of(settings: "Settings") -> "Encoder":
    """Return the encoder that the settings name."""
    from index import open_encoder

    return open_encoder(settings.model, precision=settings.precision)


def open_library(settings: "Settings", *, create: bool = False) -> "Library":
    """Open the library that the settings name, which must be there unless it may be created.

    Raises what `Library.open` raises.
    """
    from index import Library

    encoder, chroma_url = encoder_of(settings), settings.chroma_url
    return Library.open(settings.library, encoder=encoder, chroma_url=chroma_url, create=create)


def open_assistant(
    settings: "Settings",
    observe: "Observer | None" = None,
    failed: "FailureObserver | None" = None,
    *,
    create: bool = False,
) -> "Assistant":
    """Open the library, which must be there unless it may be created, and the chat model that the settings name.

    Raises what `Assistant.open` raises.
    """
    from qa.tracing import TracedAssistant

    assistant = TracedAssistant.open(
        settings.library,
        encoder=encoder_of(settings),
        chroma_url=settings.chroma_url,
        llm=settings.llm,
        llm_base_url=settings.llm_base_url,
        limits=limits_of(settings),
        strike=settings.llm_unsupported == "strike",
        precision=settings.precision,
        create=create,
    )
    return assistant.telling(observe, failed)


def limits_of(settings: "Settings") -> "Limits":
    """Return the chat model's limits."""
    from qa.budget import Limits

    answer = min(Limits().answer, settings.llm_tokens // 2)
    return Limits(settings.llm_tokens, answer, settings.llm_tokens_day, settings.llm_seconds)


def chat_model_check(settings: "Settings", llm: str) -> tuple[bool, str]:
    """Tell whether the chat model answers, and in one line how fast and with what context, or what is wrong."""
    from index.errors import KhabarError
    from qa.budget import TokenBudget
    from qa.chat_models import open_chat_model
    from qa.probing import probe

    try:
        model = open_chat_model(llm, base_url=settings.llm_base_url, seconds=settings.llm_seconds)
        found = probe(model, seconds=settings.llm_seconds)
    except KhabarError as error:
        # That it does not answer is what was asked.
        return False, f"{llm} does not answer: {error}"
    rate = f", {found.rate:g} tokens/s" if found.rate else ""
    context = f"a context of {found.context} tokens" if found.context else "a context of unknown size"
    used = TokenBudget(settings.llm_tokens_day, Path(settings.library)).used
    day = f" of {settings.llm_tokens_day}" if settings.llm_tokens_day else ""
    return True, f"{llm} answers after {found.first:g} s{rate}, {context}; {used}{day} tokens used today"
