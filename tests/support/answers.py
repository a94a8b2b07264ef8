"""Answers over two articles, one Arabic and one English, as views show them."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from index import Article, Extent, Filters
from index.languages.messages import messages_for
from qa import Answer, ArticleRef, Citation, Reason, Role, Speaker
from qa.answering.phrasing import Segments, abstained, answered, text_of
from qa.markers import cited_segments

QUOTE = "وقال الزيدي إن «عصابات داعش لا تشكل خطراً على البلاد»."
WORDS = messages_for("en")

ARABIC = Article.create(
    "army.txt",
    f"نفى اللواء مهند الزيدي الخبر.\n{QUOTE}\n\nوأضاف أن الحدود مؤمنة.",
    title="المتحدث يرد على السفارة",
    source="وكالة الضفاف",
    published=date(2025, 10, 5),
)
LATIN = Article.create(
    "embassy.md",
    "The embassy voiced concern. It said ISIS is waiting.",
    title="Embassy warns",
    source="Rafidain Wire",
    url="https://rafidain-wire.example/1",
)


def cite(article: Article, quote: str, number: int, role: Role = Role.USED, speaker: str | None = None) -> Citation:
    start = article.text.index(quote)
    who = None
    if speaker:
        at = article.text.index(speaker)
        who = Speaker(speaker, at, at + len(speaker), role="اللواء", kind="denied")
    return Citation(
        number, role, ArticleRef.of(article), 1, quote, start, start + len(quote), 0, len(article.text), 1.0, who
    )


def answer_with(said: str | Segments, citations: tuple[Citation, ...], **fields: object) -> Answer:
    """Make an answer of segments, or of a text as a chat model writes it."""
    segments = cited_segments(said, citations) if isinstance(said, str) else said
    answer = Answer("who?", "en", text_of(segments), False, None, citations, None, 0.9, 1, Filters(), segments=segments)
    return replace(answer, **fields)  # type: ignore[arg-type]


def abstention(
    reason: Reason, citations: tuple[Citation, ...] = (), filters: Filters | None = None, searched: Extent | None = None
) -> Answer:
    said = abstained(WORDS, reason, citations, matching=True)
    filters = filters or Filters()
    return Answer(
        "who?", "en", text_of(said), True, reason, citations, None, 0.1, 1, filters, segments=said, searched=searched
    )  # fmt: skip


DENIED = cite(ARABIC, QUOTE, 1, speaker="الزيدي")
ALSO = cite(LATIN, "It said ISIS is waiting.", 2, Role.ALSO_FOUND)
ANSWER = answer_with(answered(WORDS, [DENIED]), (DENIED, ALSO))

# What a page, a file and a terminal show and never act on.
HOSTILE = '</p><script>alert("x")</script><img src=x onerror=alert(1)> & ${x} {{y}} \u202eevil\u202c \x1b[31m'
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=60)
