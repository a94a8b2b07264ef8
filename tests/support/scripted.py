"""A LangChain chat model that says what it is told to, piece by piece."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field

from tests.support.patience import PATIENCE


class Scripted(BaseChatModel):
    """Streams the pieces that `script` makes of the prompt; a piece that is an exception is raised.

    Each piece waits for `free`, where there is one; `prompts` are what it was asked, `closed` those whose streams were
    ended by the reader, and `left` is set when one was.
    """

    script: Callable[[str], Iterable[str | Exception]]
    free: threading.Event | None = None
    prompts: list[str] = Field(default_factory=list)
    closed: list[str] = Field(default_factory=list)
    left: threading.Event = Field(default_factory=threading.Event)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        prompt = "\n\n".join(str(message.content) for message in messages)
        self.prompts.append(prompt)
        try:
            for piece in self.script(prompt):
                assert self.free is None or self.free.wait(PATIENCE)
                if isinstance(piece, Exception):
                    raise piece
                yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        except GeneratorExit:
            self.closed.append(prompt)
            self.left.set()
            raise

    def _generate(self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **_: Any) -> ChatResult:
        raise NotImplementedError


def saying(*pieces: str | Exception, free: threading.Event | None = None) -> Scripted:
    """Return a model that says the same whatever it is asked."""
    return Scripted(script=lambda _: pieces, free=free)
