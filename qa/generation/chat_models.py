"""Chat models by name: any that LangChain knows, a server by its URL, or a GGUF file run here by llama.cpp."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import MissingExtraError, WriterError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LOCAL = "llamacpp"
# Packages by the provider's name in init_chat_model, with the extra of this project that brings them.
_EXTRAS = {"openai": "openai", "ollama": "ollama", "anthropic": "anthropic", LOCAL: "llamacpp"}
_LOCAL_CONTEXT = 8192


@dataclass(frozen=True, slots=True)
class Served:
    """A GGUF model that llama.cpp serves on this machine's loopback, for as long as this object lives."""

    server: Any
    base_url: str


def open_chat_model(
    model: str, *, base_url: str | None = None, seconds: float = 120.0, answer_tokens: int | None = None
) -> "BaseChatModel":
    """Open a chat model named PROVIDER:MODEL, such as openai:gpt-4o, ollama:qwen3 or llamacpp:/models/small.gguf.

    `base_url` is that of a server which speaks the provider's protocol; `seconds` is how long its client waits for it.
    The client tries nothing again by itself: `listen` does. Keys come from the environment, as the provider's package
    reads them. Raises `MissingExtraError` when that package is not installed, `WriterError` when the model cannot be
    set up.
    """
    provider, colon, name = model.partition(":")
    if not colon or not name:
        raise WriterError(f"{model!r} does not name a chat model: write PROVIDER:MODEL, such as openai:gpt-4o.")
    try:
        if provider == LOCAL:
            served = serve_gguf(Path(name).expanduser())
            provider, name, base_url = "openai", Path(name).stem, served.base_url
        return _initialised(provider, name, base_url, seconds, answer_tokens)
    except (MissingExtraError, WriterError):
        raise
    except ImportError as error:
        extra = _EXTRAS.get(model.partition(":")[0])
        if extra is None:
            raise WriterError(f"Chat models of {provider} need a package more: {error}") from error
        raise MissingExtraError(
            f"Chat models of {model.partition(':')[0]} need a package more: pip install 'khabar[{extra}]'."
        ) from error
    except Exception as error:
        raise WriterError(f"The chat model {model!r} cannot be set up: {error}") from error


@lru_cache(maxsize=2)
def serve_gguf(path: Path, *, context: int = _LOCAL_CONTEXT, threads: int | None = None) -> Served:
    """Serve a GGUF file with llama.cpp on a free port of the loopback.

    `context` is in the model's own tokens. Raises `WriterError` when there is no such file, or it is no model, and
    `ImportError` when xllamacpp is not installed.
    """
    if not path.is_file():
        raise WriterError(f"There is no model file {path}. Name a GGUF file: llamacpp:/path/to/model.gguf.")
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = context
    parameters.n_parallel = 1
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.ui = False
    parameters.verbosity = -1
    if threads is not None:
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    try:
        server = xllamacpp.Server(parameters)
    except Exception as error:
        raise WriterError(f"{path} cannot be loaded as a GGUF model: {error}") from error
    return Served(server, f"{server.listening_address.rstrip('/')}/v1")


def _initialised(
    provider: str, name: str, base_url: str | None, seconds: float, answer_tokens: int | None
) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"temperature": 0}
    if provider == "ollama":
        options |= {"client_kwargs": {"timeout": seconds}}
        options |= {"num_predict": answer_tokens} if answer_tokens else {}
    else:
        options |= {"timeout": seconds, "max_retries": 0}
        options |= {"max_tokens": answer_tokens} if answer_tokens else {}
    if base_url is not None:
        options["base_url"] = base_url
    try:
        made: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except Exception as error:
        # A server of one's own wants no key, but the client insists on being given one.
        if base_url is None or "api_key" not in str(error).lower():
            raise
        made = init_chat_model(name, model_provider=provider, api_key="none", **options)
    return made
