"""A short reply to small talk: a greeting, thanks, a question about Khabar itself, a request that is beyond it."""

from qa.answer import Answer, Segment, SegmentKind
from qa.answering.extractive import composed
from qa.question import Question
from qa.understanding.kinds import Kind

_REPLIES = {
    Kind.GREETING: "chat.greeting",
    Kind.THANKS: "chat.thanks",
    Kind.ABOUT_KHABAR: "chat.about",
    Kind.BEYOND: "chat.beyond",
}


def small_talk(question: Question) -> Answer:
    """Answer small talk in the asker's language, without quotes."""
    said = question.words.say(_REPLIES[question.meaning.kind])
    return composed(question, (Segment(SegmentKind.TEXT, said),), ())
