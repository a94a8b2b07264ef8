"""Parts of an assistant that stop where they are until a test lets them go on."""

import threading
from collections.abc import Sequence

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from qa.evidence import Reading
from qa.reading.reader import Reader
from qa.retrieval.retriever import Ranked
from tests.support.patience import PATIENCE


class Held:
    """A gate that notes who comes to it and lets nobody through until it is opened."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.free = threading.Event()

    def wait(self, question: str) -> None:
        self.came.append(question)
        assert self.free.wait(PATIENCE)


class NothingRead:
    """A reader that finds no sentence, at once: for what is not about answers."""

    def read(self, question: str, passages: Sequence[Ranked]) -> Reading:
        return Reading((), 0.0)


class HeldReader:
    """A reader behind a gate."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.gate = Held()

    def read(self, question: str, passages: Sequence[Ranked]) -> Reading:
        self.gate.wait(question)
        return self._reader.read(question, passages)


class HeldRetriever(BaseRetriever):
    """A retriever behind a gate."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: BaseRetriever
    gate: Held = Field(default_factory=Held)

    def _get_relevant_documents(self, query: str, *, run_manager: object) -> list[Document]:
        self.gate.wait(query)
        return self.retriever.invoke(query)
