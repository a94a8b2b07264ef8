"""What the page's filters offer: names and stories in what the other filters let through; without a browser."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from index import Article, Library
from index.store.access.actors import acting
from tests.support.collected import as_
from tests.support.small_encoder import SmallEncoder
from ui.page.conversation.session import ChatSession
from ui.page.filtering import FilterFields
from ui.state.filters import MANY, FilterForm

EN = "The mayor, Rim Tazarout, met Karim Haddad, a lawyer, on Monday. Karim Haddad left for Germany."
AR = "قالت رئيسة البلدية ريم تزاروت إن السعر لن يرتفع قبل الصيف."
FR = "La maire Rim Tazarout a ouvert le marché de Tellouna mardi."

Choices = list[tuple[str, str]]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as opened:
        opened.collections.add("sport")
        opened.add([Article.create("en", EN, source="Wire", published=date(2026, 3, 9), language="en")])
        opened.add([Article.create("ar", AR, source="الخبر", published=date(2026, 3, 20), language="ar")])
        opened.add([Article.create("fr", FR, source="Le Fil", language="fr")], collections=["sport"])
        yield opened


@pytest.fixture
def offered(library: Library) -> Callable[..., Choices]:
    """What is offered for a name, by the filters that are set."""
    return lambda **filters: counted(library, "name", filters)["choices"]


def counted(library: Library, field: str, filters: dict[str, Any]) -> dict[str, Any]:
    """Return what a field is brought to by the filters that are set."""
    fields = FilterFields(library)
    with gr.Blocks():
        laid_out = fields.lay_out()
    values = FilterForm(**filters).values()
    return dict(fields.count_anew(ChatSession(), *values)[laid_out[MANY.index(field)]])


def test_names_are_counted_in_what_the_other_filters_let_through(offered: Callable[..., Choices]) -> None:
    assert offered()[0] == ("Rim Tazarout · ريم تزاروت (3)", "Rim Tazarout")
    assert ("Karim Haddad (1)", "Karim Haddad") in offered(source=("Wire",))
    assert offered(language=("ar",)) == [("ريم تزاروت (1)", "ريم تزاروت")]
    assert offered(after="2026-03-10", before="2026-03-31") == [("ريم تزاروت (1)", "ريم تزاروت")]
    assert offered(source=("Nobody's",)) == []
    # Of the names themselves each lets through more: they do not narrow one another.
    assert offered(name=("Karim Haddad",)) == offered()


def test_a_name_that_is_chosen_stays_on_offer_as_it_was_chosen(offered: Callable[..., Choices]) -> None:
    assert offered(language=("ar",), name=("Rim Tazarout",)) == [("ريم تزاروت (1)", "Rim Tazarout")]
    both = offered(language=("ar",), name=("Rim Tazarout", "ريم تزاروت"))
    assert {name for _, name in both} == {"Rim Tazarout", "ريم تزاروت"}
    narrowed = offered(language=("ar",), name=("Karim Haddad",))
    assert narrowed == [("ريم تزاروت (1)", "ريم تزاروت"), ("Karim Haddad (0)", "Karim Haddad")]
    assert offered(after="2026-03-10", before="2026-03-09", name=("Nobody",)) == [("Nobody (0)", "Nobody")]


def test_names_are_counted_in_what_whoever_looks_may_see(offered: Callable[..., Choices]) -> None:
    with acting(as_("none")):
        assert offered()[0] == ("Rim Tazarout · ريم تزاروت (2)", "Rim Tazarout")
        assert offered(collection=("sport",)) == []
    with acting(as_("reader@sport")):
        assert offered(collection=("sport",))[0] == ("Rim Tazarout (1)", "Rim Tazarout")


def test_stories_are_offered_of_what_the_other_filters_let_through(library: Library) -> None:
    assert counted(library, "story", {}) == {"choices": [], "visible": False, "__type__": "update"}
    first = "At least 17 people drowned when the ferry Star of Sarvan capsized off Port Lemsa, Yassine Brahmel said."
    later = "The toll of the Star of Sarvan off Port Lemsa rose to 31, Commander Yassine Brahmel said."
    for id, text, source in (("first", first, "Wire"), ("later", later, "Times")):
        library.add([Article.create(id, text, title=f"Ferry {id}", source=source, published=date(2026, 3, 9))])
    (story,) = library.stories.entries()
    assert counted(library, "story", {"source": ("Wire", "Times")})["choices"] == [("Ferry first (2)", story.id)]
    # One report is no story to choose, but what is chosen stays.
    assert counted(library, "story", {"source": ("Wire",)})["choices"] == []
    chosen = {"source": ("Wire",), "story": (story.id, "99")}
    assert counted(library, "story", chosen)["choices"] == [("Ferry first (1)", story.id), ("99 (0)", "99")]
    assert {name for _, name in counted(library, "name", {"story": (story.id,)})["choices"]} >= {"Yassine Brahmel"}
    assert not any("Rim" in name for _, name in counted(library, "name", {"story": (story.id,)})["choices"])
