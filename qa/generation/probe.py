"""Whether a chat model answers, how fast, and how much it reads at once."""

import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.ingest.chunking import count_tokens
from qa.errors import WriterError
from qa.generation.streaming import stream_with_limits

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_ASKED = "Write the numbers from one to ten in words."
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Probe:
    """What a chat model did when it was asked for a few words.

    `first` is the seconds to its first word; `rate` is the cl100k tokens a second after it, None where there were too
    few to tell; `context` is the tokens it reads at once, by its own count, None where it does not tell.
    """

    first: float
    rate: float | None
    context: int | None


def probe(model: "BaseChatModel", *, seconds: float = 120.0) -> Probe:
    """Ask a chat model for a few words, for at most so many seconds.

    Raises `WriterError` when it does not answer or writes nothing.
    """
    started = time.perf_counter()
    first: float | None = None
    written = ""
    with closing(stream_with_limits(model, _ASKED, seconds=seconds, silence=seconds)) as pieces:
        for chunk in pieces:
            written += str(chunk.text)
            if first is None and written.strip():
                first = time.perf_counter() - started
            if first is not None and time.perf_counter() - started > first + _SECONDS:
                break
    if first is None:
        raise WriterError("the model wrote nothing")
    spent = time.perf_counter() - started - first
    tokens = count_tokens(written)
    rate = round(tokens / spent, 1) if spent > 0.01 and tokens > 1 else None
    return Probe(round(first, 2), rate, context_size(model))


def context_size(model: "BaseChatModel") -> int | None:
    """Return how many tokens a chat model reads at once: as LangChain knows it, or as its server tells."""
    profile: Any = getattr(model, "profile", None)
    if isinstance(profile, dict) and isinstance(profile.get("max_input_tokens"), int):
        return int(profile["max_input_tokens"])
    client: Any = getattr(model, "root_client", None)
    try:
        # llama.cpp and vLLM add it to OpenAI's list of models, each under a name of its own.
        listed = client.models.list().data[0].model_dump()
    except Exception:
        return None
    found = (listed.get("meta") or {}).get("n_ctx") or listed.get("max_model_len")
    return int(found) if found else None
