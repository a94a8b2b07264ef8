"""Settings to an open assistant, and what `khabar doctor` says of its chat model."""

import atexit
import contextlib
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index import Check, ChromaServer, Encoder, Library
    from index.web import Web
    from index.web.collector import Add
    from qa import Assistant
    from qa.generation.budget import Limits
    from qa.models import ModelChoice
    from qa.tracing import FailureObserver, Observer
    from ui.settings import Settings


# How long the end of a process waits for a model that is being loaded, in seconds.
_LOADED = 60
_UNFITTED = (
    "the order of sentences and the confidence were fitted on the scores of the bundled models, not of those that are "
    "set. Fit them: khabar tune EXAM.jsonl"
)


def load_settings(**flags: object) -> "Settings":
    """Return `Settings.load(**flags)`; what reads settings is imported here, so that `khabar --help` need not."""
    from ui.settings import Settings

    return Settings.load(**flags)


class _Told(logging.Handler):
    """Prints what is logged as lines of the command on standard error, wherever that leads at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record."""
        print(f"khabar: {record.getMessage()}", file=sys.stderr, flush=True)


def encoder_of(settings: "Settings") -> "Encoder":
    """Return the encoder that the settings name; preparing the bundled models, at first use, is told in lines."""
    from index import open_encoder

    log = logging.getLogger("index.encoding")
    if not log.handlers:
        log.addHandler(_Told())
        log.setLevel(logging.INFO)
        log.propagate = False
    return open_encoder(settings.model, precision=settings.precision, device=settings.device)


def chroma_of(settings: "Settings") -> "ChromaServer | None":
    """Return the Chroma server that the settings name, if they name one; raises `LibraryError` for what is none."""
    from index import ChromaServer

    if settings.chroma_url is None:
        return None
    token = settings.chroma_token.get_secret_value() if settings.chroma_token else None
    return ChromaServer(settings.chroma_url, settings.chroma_tenant, settings.chroma_database, token)


def models_of(settings: "Settings") -> "ModelChoice":
    """Return the reader and the reranker that the settings name."""
    from qa.models import ModelChoice

    return ModelChoice(settings.reader, settings.reranker, settings.device, settings.precision)


def act_as_command() -> None:
    """Have what is done to a library from here on written down as done by whoever runs this process, by a command."""
    from index.store.access.actors import Actor, Way, become

    become(Actor(Way.COMMAND, _user()))


def _user() -> str:
    try:
        import pwd

        return pwd.getpwuid(os.geteuid()).pw_name
    except ImportError:
        # No Unix.
        return os.getlogin()
    except KeyError:
        # A container's user without a name.
        return str(os.geteuid())


def open_library(settings: "Settings", *, create: bool = False) -> "Library":
    """Open the library that the settings name, for a command; it must be there unless it may be created.

    Raises what `Library.open` raises.
    """
    from index import Library

    act_as_command()
    return Library.open(
        settings.library,
        encoder=encoder_of(settings),
        chroma=chroma_of(settings),
        copies=settings.index_copies,
        catalog=settings.catalog,
        create=create,
    )


def open_web(settings: "Settings", library: "Library", add: "Add | None" = None) -> "Web":
    """Return what brings web addresses into a library, or where `add` takes them; it fetches when it is asked to."""
    from index.web import Web

    return Web(library, private_hosts=settings.allow_private_hosts, add=add)


def open_assistant(
    settings: "Settings",
    observe: "Observer | None" = None,
    failed: "FailureObserver | None" = None,
    *,
    create: bool = False,
    warn: bool = True,
) -> "Assistant":
    """Open the library, which must be there unless it may be created, and the models that the settings name.

    Unless told not to, warns where the confidence was not fitted for these models.

    Raises what `Assistant.open` raises.
    """
    encoder = encoder_of(settings)
    # The encoder is loaded, outside Python for the most part, while LangChain and Chroma are imported.
    loading = threading.Thread(target=_load, args=(encoder,), name="encoder", daemon=True)
    loading.start()
    # A process that ends while a model is being loaded, as where a question is empty, is aborted by the runtime.
    atexit.register(loading.join, _LOADED)
    from qa import Assistant
    from qa.tracing import TraceHandler

    assistant = Assistant.open(
        settings.library,
        encoder=encoder,
        chroma=chroma_of(settings),
        copies=settings.index_copies,
        catalog=settings.catalog,
        llm=settings.llm,
        llm_base_url=settings.llm_base_url,
        limits=limits_of(settings),
        strike=settings.llm_unsupported == "strike",
        models=models_of(settings),
        create=create,
        callbacks=[TraceHandler(observe, failed)],
    )
    if warn and not assistant.is_fitted:
        print(f"khabar: {_UNFITTED}", file=sys.stderr, flush=True)
    return assistant


def quoting_assistant(settings: "Settings", library: "Library") -> "Assistant":
    """Return an assistant over an open library that answers by quotes alone, with the models that the settings name.

    Raises what `Models.open` raises.
    """
    from qa import Assistant

    return Assistant(library, models=models_of(settings))


def _load(encoder: "Encoder") -> None:
    from index.errors import KhabarError

    # What is wrong with a model is said by the first question that needs it.
    with contextlib.suppress(KhabarError):
        encoder.encode_query("?")


def limits_of(settings: "Settings") -> "Limits":
    """Return the chat model's limits."""
    from qa.generation.budget import Limits

    answer = min(Limits().answer, settings.llm_tokens // 2)
    return Limits(settings.llm_tokens, answer, settings.llm_tokens_day, settings.llm_seconds)


def model_checks(settings: "Settings", library: "Library") -> "tuple[Check, ...]":
    """Name the models that are in use and what computes them, each loaded, and tell what the confidence was fitted for.

    That it was fitted for other models is told, and is nothing broken.
    """
    from index import Check, EncoderError
    from qa.models import Models

    opened = Models.open(library.encoder, models_of(settings))
    checks: list[Check] = []
    for part, model in (("encoder", opened.encoder), ("reranker", opened.reranker), ("reader", opened.spans)):
        try:
            checks.append(Check(part, True, f"{model.name}, {model.runtime}"))
        except EncoderError as error:
            # What is wrong with a model is what was asked.
            checks.append(Check(part, False, str(error)))
    fitted = opened.weights(library.path)
    return (*checks, Check("confidence", True, "fitted for these models" if fitted else _UNFITTED))


def chat_model_check(settings: "Settings", llm: str, library: "Library") -> tuple[bool, str]:
    """Tell whether the chat model answers, and in one line how fast and with what context, or what is wrong."""
    from index.errors import KhabarError
    from qa.generation.budget import TokenBudget
    from qa.generation.chat_models import open_chat_model
    from qa.generation.probe import probe

    try:
        model = open_chat_model(llm, base_url=settings.llm_base_url, seconds=settings.llm_seconds)
        found = probe(model, seconds=settings.llm_seconds)
    except KhabarError as error:
        # That it does not answer is what was asked.
        return False, f"{llm} does not answer: {error}"
    rate = f", {found.rate:g} tokens/s" if found.rate else ""
    context = f"a context of {found.context} tokens" if found.context else "a context of unknown size"
    used = TokenBudget(settings.llm_tokens_day, library.model_use).used
    day = f" of {settings.llm_tokens_day}" if settings.llm_tokens_day else ""
    return True, f"{llm} answers after {found.first:g} s{rate}, {context}; {used}{day} tokens used today"
