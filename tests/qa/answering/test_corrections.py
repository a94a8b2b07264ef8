"""A claim is quoted with the sentence that takes it back, and never given as what is so."""

from pathlib import Path

import pytest

from index import Article, Encoder, Library
from qa import Assistant
from tests.support.passages import is_verbatim


@pytest.mark.parametrize(
    ("claim", "taken_back", "question"),
    [
        (
            "An earlier report said that 40 sheep had drowned in the Tolm river.",
            "That is not the case: nobody lost an animal.",
            "How many sheep drowned in the Tolm river?",
        ),
        ("وقالت صفحة على الإنترنت إن 40 خروفاً غرقت في نهر تولم.", "وهذا غير صحيح.", "كم خروفاً غرق في نهر تولم؟"),
        (
            "Une page a écrit que 40 moutons s'étaient noyés dans le fleuve Tolm.",
            "C'est faux : aucun mouton n'est mort.",
            "Combien de moutons se sont noyés dans le fleuve Tolm ?",
        ),
    ],
)
def test_what_is_taken_back_is_quoted_with_what_takes_it_back(
    tmp_path: Path, encoder: Encoder, claim: str, taken_back: str, question: str
) -> None:
    article = Article.create("river", f"{claim} {taken_back}")
    with Library.open(tmp_path / "library", encoder=encoder) as library:
        library.add([article])
        answer = Assistant(library).ask(question)
    assert [citation.quote for citation in answer.used] == [f"{claim} {taken_back}"]
    assert all(is_verbatim(citation, article) for citation in answer.citations)
    assert answer.shorts == ()
