"""A grid over real articles, with the real models: what each says, what none says, and what contradicts what."""

from datetime import date
from pathlib import Path

import pytest

from index import Article, Encoder, Library
from qa import Assistant, State
from qa.batch import Across, BatchQuestion, GridRow, GridRunner, LibraryCells
from qa.question import FilterArguments

pytestmark = pytest.mark.system

KILLED = "How many people died in the Umm al-Nakhil port blast?"


def row_of(
    assistant: Assistant, across: Across, question: str, filters: FilterArguments | None = None
) -> tuple[list[str], GridRow]:
    grid = GridRunner(LibraryCells(assistant), filters=filters)
    columns = grid.columns(across).columns
    (row,) = grid.rows([BatchQuestion(question)], columns)
    return [column.name for column in columns], row


def said(names: list[str], row: GridRow) -> dict[str, str]:
    """Return what is quoted as the answer, by the column."""
    return {
        name: cell.answer.quote or ""
        for name, cell in zip(names, row.cells, strict=True)
        if cell.answer and cell.answer.state is State.ANSWERED
    }


def test_outlets_that_give_other_figures_contradict_each_other_across_languages(
    tmp_path: Path, encoder: Encoder
) -> None:
    told = [
        ("Karvel Post", "Train derails near Karvel", "The fire service said 12 people were injured in the derailment."),
        ("Tolm Gazette", "More hurt in Karvel derailment than was thought",
         "The regional hospital said that 19 people were injured in the Karvel train derailment."),
        ("وكالة تولم", "إصابة 15 شخصا في خروج قطار عن سكته قرب كارفل",
         "أعلنت وزارة النقل إصابة 15 شخصا في خروج قطار بضائع عن سكته قرب كارفل يوم الاثنين."),
    ]  # fmt: skip
    with Library.open(tmp_path / "library", encoder=encoder) as library:
        library.add([Article.create(source, text, title=title, source=source) for source, title, text in told])
        names, row = row_of(Assistant(library), Across.OUTLETS, "How many people were injured near Karvel?")
    assert said(names, row) == {source: text for source, _, text in told}
    assert row.pairs == ((0, 1), (0, 2), (1, 2))
    assert [cell.side for cell in row.cells] == [0, 1, 2]


def test_a_quote_of_a_cell_is_a_slice_of_its_article(samples: Assistant) -> None:
    _, row = row_of(samples, Across.OUTLETS, "Qui a démenti la menace de Daech ?", {"source": "وكالة الضفاف"})
    (cell,) = row.cells
    assert cell.answer is not None and cell.answer.article is not None
    article = samples.library.article(cell.answer.article, cell.answer.revision)
    assert article.text[cell.answer.start : cell.answer.end] == cell.answer.quote
    assert "نفى" in (cell.answer.quote or "")


def test_only_the_article_that_tells_of_it_says_anything(samples: Assistant) -> None:
    names, row = row_of(samples, Across.ARTICLES, "كم بلغ سعر الفائدة؟", {"source": "صحيفة الميناء"})
    assert len(names) == 3
    (name,) = said(names, row)
    assert name.startswith("مصرف دلمون المركزي يرفع الفائدة")
    assert row.pairs == ()


def test_small_talk_is_said_by_nobody(samples: Assistant) -> None:
    _, row = row_of(samples, Across.OUTLETS, "hello", {"source": "Rafidain Wire"})
    (cell,) = row.cells
    assert cell.answer is not None
    assert (cell.answer.state, cell.answer.quote, len(cell.answer.notes)) == (State.NOT_FOUND, None, 1)


def article(id: str, source: str, day: int, title: str, text: str) -> Article:
    return Article.create(id, text, title=title, source=source, published=date(2025, 3, day))


DERAILED = article(
    "derailed",
    "Karvel Post",
    3,
    "Train derails near Karvel",
    "A goods train left the rails near Karvel on Monday. The fire service said 12 people were injured in the "
    "derailment. The line is closed.",
)
MORE = article(
    "more",
    "Karvel Post",
    5,
    "More hurt in Karvel derailment than was thought",
    "The regional hospital said on Wednesday that 19 people were injured in the Karvel train derailment. Most have "
    "gone home. An inquiry has begun.",
)
ELSEWHERE = article(
    "elsewhere",
    "Tolm Gazette",
    4,
    "Bus overturns in Osten",
    "A bus overturned in Osten on Tuesday. Police said 31 people were injured in the accident.",
)
WIRE = (
    "Twelve people were injured when a goods train derailed near Karvel, an official said. The mayor of Karvel, Ana "
    "Brod, blamed a cracked rail."
)
FRENCH = article(
    "fr",
    "Le Quai",
    4,
    "Déraillement près de Karvel",
    "Douze personnes ont été blessées lundi dans le déraillement d'un train de marchandises près de Karvel, selon les "
    "pompiers.",
)
ARABIC = article(
    "ar",
    "وكالة تولم",
    4,
    "إصابة 15 شخصا في خروج قطار عن سكته قرب كارفل",
    "أعلنت وزارة النقل إصابة 15 شخصا في خروج قطار بضائع عن سكته قرب كارفل يوم الاثنين. وأغلق الخط مؤقتا.",
)


def test_days_contradict_each_other_and_outlets_within_themselves(tmp_path: Path, encoder: Encoder) -> None:
    question = "How many people were injured in the Karvel train derailment?"
    with Library.open(tmp_path / "library", encoder=encoder) as library:
        library.add([DERAILED, MORE, ELSEWHERE])
        assistant = Assistant(library)
        days, by_day = row_of(assistant, Across.DAYS, question)
        outlets, by_outlet = row_of(assistant, Across.OUTLETS, question)
    assert days == ["2025-03-03", "2025-03-04", "2025-03-05"]
    assert said(days, by_day).keys() == {"2025-03-03", "2025-03-05"}
    assert (by_day.pairs, [cell.side for cell in by_day.cells]) == (((0, 2),), [0, None, 1])
    assert outlets == ["Karvel Post", "Tolm Gazette"]
    assert by_outlet.pairs == ((0, 0),)
    assert by_outlet.cells[0].answer is not None
    assert len(by_outlet.cells[0].answer.other_quotes) == 1


def test_outlets_that_agree_are_on_one_side_in_three_languages(tmp_path: Path, encoder: Encoder) -> None:
    wires = [article(f"w{n}", source, 3, "Karvel derailment", WIRE) for n, source in enumerate(("A Wire", "B Wire"))]
    with Library.open(tmp_path / "library", encoder=encoder) as library:
        library.add([DERAILED, ELSEWHERE, FRENCH, ARABIC, *wires])
        assistant = Assistant(library)
        names, injured = row_of(
            assistant, Across.OUTLETS, "How many people were injured in the Karvel train derailment?"
        )
        _, blamed = row_of(assistant, Across.OUTLETS, "Whom did the mayor of Karvel blame?")
    assert names == ["A Wire", "B Wire", "Karvel Post", "Le Quai", "Tolm Gazette", "وكالة تولم"]
    assert said(names, injured).keys() == set(names) - {"Tolm Gazette"}
    assert [cell.side for cell in injured.cells] == [0, 0, 0, 0, None, 1]
    assert injured.pairs == ((0, 5), (1, 5), (2, 5), (3, 5))
    # One wire's words in two outlets are no rivals of each other, and no contradiction.
    assert said(names, blamed).keys() == {"A Wire", "B Wire"}
    assert blamed.pairs == ()
