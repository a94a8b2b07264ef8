"""A small library whose ids are of every kind, and what answers over it at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index import Article, Library
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.other_sites import SECOND, SITE, shared
from tests.support.pages import Served
from tests.support.small_encoder import SmallEncoder

ODD = ("politics/2025/أخبار.html", "a b?c#d&e=f%2F+.txt", "🚚", "..", "two\nlines\n", "/etc/passwd", "x\ud7ff\\y\"'<b>")
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


@contextmanager
def shelf(folder: Path) -> Iterator[Library]:
    """Open a library of the articles, whose vectors cost nothing."""
    with Library.open(folder / "library", encoder=SmallEncoder()) as library:
        library.add(ARTICLES)
        yield library


@contextmanager
def serving(library: Library, *, guarded: bool = False, **options: Any) -> Iterator[Served]:
    """Serve a library's page and its REST API, to everybody or behind a sign-in."""
    auth = (lambda name, word: (name, word) == ("layla", "a word")) if guarded else None
    served = Served(Assistant(library, reader=NothingRead()), client=False, auth=auth, **options)
    try:
        yield served
    finally:
        served.close()


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Library]:
    """A library of one's own."""
    with shelf(tmp_path) as library:
        yield library


@pytest.fixture
def own_page(news: Library) -> Iterator[Served]:
    """The page of a library of one's own."""
    with serving(news) as served:
        yield served


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page for everybody; for reading only."""
    with shelf(tmp_path_factory.mktemp("open")) as library, serving(library) as served:
        yield served


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page behind a sign-in, where layla has "a word"; its tokens may be changed, and nothing else."""
    with shelf(tmp_path_factory.mktemp("guarded")) as library, serving(library, guarded=True) as served:
        yield served


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page for everybody, and two sites' pages, that is asked for by this machine's names; for reading only."""
    hosts = ("127.0.0.1", "localhost")
    folder = tmp_path_factory.mktemp("open")
    with shelf(folder) as library, serving(library, origins=(SITE, SECOND), hosts=hosts) as served:
        yield served


@pytest.fixture(scope="module")
def embedded_guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page behind a sign-in, where layla has "a word", and of which two sites' pages may show something."""
    folder = tmp_path_factory.mktemp("guarded")
    with shelf(folder) as library, serving(library, guarded=True, origins=(SITE, SECOND)) as served:
        yield served


@pytest.fixture(scope="module")
def link(embedded: Served) -> str:
    """The id of a link to an answer."""
    return shared(embedded)
