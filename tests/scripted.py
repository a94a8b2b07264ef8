"""A LangChain chat model that says what it is told to, piece by piece."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field


class Scripted(BaseChatModel):
    """Streams the pieces that `script` makes of the prompt; a piece that is an exception is raised.

    `pause` is in seconds, before each piece; `prompts` are what it was asked, `closed` how many streams were ended
    by the reader.
    """

    script: Callable[[str], Sequence[str | Exception]]
    pause: float = 0.0
    prompts: list[str] = Field(default_factory=list)
    closed: list[str] = Field(default_factory=list)

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
                time.sleep(self.pause)
                if isinstance(piece, Exception):
                    raise piece
                yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        except GeneratorExit:
            self.closed.append(prompt)
            raise

    def _generate(self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **_: Any) -> ChatResult:
        raise NotImplementedError


def saying(*pieces: str | Exception, pause: float = 0.0) -> Scripted:
    """Return a model that says the same whatever it is asked."""
    return Scripted(script=lambda _: pieces, pause=pause)
