"""Which sentences can answer: those of namesakes cannot."""

import pytest

from index import Article
from index.analysis import sentence_spans
from qa.reading.namesakes import AskedPeople

PORT = (
    "Ahmed Karim, the head of the port authority, said that the port would open in January.\n"
    "Mohammed Karim, a member of parliament, said that the port would not open before the summer.\n"
    "Ahmed Karimi, an engineer, resigned on Monday."
)
AIRPORT = (
    "قال النائب محمد كريم إن المطار لن يفتح قبل الصيف.\nوقال مدير المطار أحمد كريم إن المطار سيفتح في كانون الثاني."
)
FERRY = (
    "Le capitaine Jean Moreau a déclaré que le bac partirait lundi.\n"
    "Le ministre Paul Moreau a déclaré que le bac ne partirait pas."
)


@pytest.mark.parametrize(
    ("text", "question", "of_another"),
    [
        (PORT, "What did Ahmed Karim say about the port?", [False, True, True]),
        (PORT, "what did mohammed karim say about the port", [True, False, False]),
        (PORT, "Did Ahmed Karimi resign?", [True, False, False]),
        (PORT, "What did Karim say about the port?", [False, False, False]),
        (PORT, "ماذا قال محمد كريم عن الميناء؟", [True, False, False]),
        (AIRPORT, "ماذا قال أحمد كريم عن المطار؟", [True, False]),
        (AIRPORT, "What did Mohammed Karim say about the airport?", [False, True]),
        (FERRY, "Qu'a dit Paul Moreau sur le bac ?", [True, False]),
    ],
)
def test_a_namesakes_sentence_is_told_from_the_one_of_whom_the_question_names(
    text: str, question: str, of_another: list[bool]
) -> None:
    article = Article.create("a", text)
    namesakes = AskedPeople.of(question).among(article)
    spans = sentence_spans(text, article.language)
    assert [namesakes is not None and namesakes.own(span) for span in spans] == of_another
