"""The chain is LangChain's: its stages stand alone, can be replaced, and are seen by callbacks."""

from dataclasses import replace

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from index import Filters
from qa import Assistant, PassageRetriever, Progress
from qa.chain import Stage
from qa.question import Question
from qa.understanding.understanding import Understanding, Understood


def test_the_chain_is_langchain_and_each_stage_stands_alone(samples: Assistant) -> None:
    asked, stages = "who won the cup final?", samples.stages
    assert isinstance(samples.chain, Runnable)
    question = stages.understand.invoke(asked)
    assert replace(question, timings=(), meaning=Understood()) == Question.of(asked, Filters())
    assert question.meaning == Understanding(samples.library).of(asked)
    found = stages.rerank.invoke(stages.retrieve.invoke(question))
    assert found.passages
    assert found.reading.evidence == ()
    read = stages.read.invoke(found)
    assert 0 <= read.reading.confidence <= 1
    decided = stages.decide.invoke(stages.recheck.invoke(read))
    answer = stages.verify.invoke(stages.write.invoke(decided))
    assert answer.citations == samples.chain.invoke(asked).citations == samples.ask(asked).citations
    stage_names = ["understand", "retrieve", "rerank", "read", "recheck", "decide"]
    assert [timing.stage for timing in answer.timings] == stage_names


def test_the_chain_is_part_of_a_chain_of_ones_own(samples: Assistant) -> None:
    quotes = samples.chain | RunnableLambda(lambda answer: [citation.quote for citation in answer.used])
    assert quotes.invoke("who won the cup final?") == [
        item.quote for item in samples.ask("who won the cup final?").used
    ]


def test_a_stage_of_ones_own_takes_its_place(samples: Assistant) -> None:
    seen: list[int] = []

    def fewer(question: Question) -> Question:
        seen.append(len(question.passages))
        return replace(question, passages=question.passages[:1])

    stages = replace(samples.stages, rerank=samples.stages.rerank | Stage("fewer", fewer))
    answer = samples.with_stages(stages).ask("who won the cup final?")
    assert seen[0] > 1
    assert {citation.article.id for citation in answer.citations} == {answer.citations[0].article.id}
    assert [event for event in samples.with_stages(stages).stream("who won?") if isinstance(event, Progress)] == [
        Progress("searching"),
        Progress("reading"),
    ]


def test_any_langchain_retriever_finds_what_the_library_holds(samples: Assistant) -> None:
    class Fixed(BaseRetriever):
        def _get_relevant_documents(self, query: str, *, run_manager: object) -> list[Document]:
            passage = samples.library.passages("army-denies-warning.txt")[0]
            place = {"id": passage.article_id, "start": passage.start, "end": passage.end}
            return [
                Document(page_content="made up", metadata={"id": "nowhere", "start": 0, "end": 7}),
                Document(page_content="no place"),
                Document(page_content="other words than the article's", metadata=place),
            ]

    answer = Assistant(samples.library, retriever=Fixed()).ask("who denied the warning?")
    assert {citation.article.id for citation in answer.citations} == {"army-denies-warning.txt"}


def test_callbacks_see_every_stage(samples: Assistant) -> None:
    class Names(BaseCallbackHandler):
        def __init__(self) -> None:
            self.names: list[str] = []

        def on_chain_start(self, serialized: object, inputs: object, **kwargs: object) -> None:
            self.names.append(str(kwargs["name"]))

    seen = Names()
    Assistant(samples.library, callbacks=[seen]).ask("who won the cup final?")
    assert seen.names == ["khabar", "understand", "retrieve", "rerank", "read", "recheck", "decide", "verify"]


def test_the_retriever_serves_other_langchain_code(samples: Assistant) -> None:
    retriever = PassageRetriever(library=samples.library, filters=Filters.of(language="ar"), limit=4)
    documents = retriever.invoke("Who won the cup final?")
    assert len(documents) == 4
    for document in documents:
        article = samples.library.article(document.metadata["id"])
        assert article.language == "ar"
        assert article.text[document.metadata["start"] : document.metadata["end"]] == document.page_content
    assert documents[0].metadata["score"] >= documents[-1].metadata["score"]
