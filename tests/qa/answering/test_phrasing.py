"""Quotes in the words of an answer."""

from index import Article
from index.languages.messages import messages_for
from qa.answering.phrasing import answered, closest, text_of
from tests.support.answers import cite

ARTICLE = Article.create("flood", "The union counts nine dead. The ministry counts seven.", title="Flood in Qarfa")
SIDES = (cite(ARTICLE, "The union counts nine dead.", 1), cite(ARTICLE, "The ministry counts seven.", 2))


def test_two_sides_are_said_to_differ_where_they_answer_and_only_quoted_where_they_perhaps_do() -> None:
    words = messages_for("en")
    differ, *quotes = text_of(answered(words, SIDES)).split("\n")
    perhaps, *same = text_of(closest(words, SIDES)).split("\n")
    assert (differ, perhaps) == (words.say("answer.differ"), words.say("answer.perhaps"))
    assert quotes == same and len(quotes) == 2
