"""A small library whose ids are of every kind, and what answers over it at once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index import Article, Library
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.pages import Served
from tests.support.small_encoder import SmallEncoder

ODD = ("politics/2025/أخبار.html", "a b?c#d&e=f%2F+.txt", "🚚", "..", "/etc/passwd", "x\ud7ff\\y\"'<b>")
ARTICLES = (
    Article.create(
        "ferry-1", "The Samhar ferry resumed on Monday, the harbour master Lena Ortiz said.",
        title="Ferry service resumes", source="Harbour News", category="local", published=date(2025, 11, 24),
    ),
    Article.create(
        "bank-1", "قال محافظ البنك إن سعر الفائدة ثابت 🏦.", title="سعر الفائدة", source="وكالة الضفاف",
        published=date(2025, 10, 3),
    ),
    Article.create("trains-1", "Les trains ont repris lundi.", title="Les trains", source="Le Quai"),
    *(Article.create(id, f"The text of number {number}.", title=id) for number, id in enumerate(ODD)),
)  # fmt: skip


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Library]:
    """A library of one's own, whose vectors cost nothing."""
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add(ARTICLES)
        yield library


@pytest.fixture
def page(news: Library) -> Iterator[Served]:
    """Its page and its REST API, for everybody."""
    served = Served(Assistant(news, reader=NothingRead()), client=False)
    yield served
    served.close()


@pytest.fixture
def guarded(news: Library) -> Iterator[Served]:
    """Its page and its REST API, behind a sign-in."""
    served = Served(
        Assistant(news, reader=NothingRead()), client=False, auth=lambda name, word: (name, word) == ("layla", "a word")
    )
    yield served
    served.close()
