"""A quote in another language: offered, being made, failed, or there and marked as no evidence. Pure functions."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from index.languages.messages import Messages, messages_for
from qa.answer import Answer, Citation
from qa.generation.translation import Translation
from ui.views.html import Below
from ui.views.markup import NOTHING, button, element, filled, isolated, known


def target(answer: Answer, citation: Citation, page_language: str) -> str | None:
    """Return the language a quote is translated into: the question's, else the page's; None where it is in both."""
    wanted = (answer.language, page_language)
    return next((language for language in wanted if language != citation.language), None)


def below_quotes(
    answer: Answer,
    key: str,
    page_language: str,
    made: Sequence[Translation],
    said: Mapping[str, str],
    *,
    is_offered: bool,
) -> Below:
    """Return what shows, below each quote of an answer, its translation, or the button that asks for one.

    `key` tells the answers of a page apart; `made` are the translations there are; `said` says of a quote that it is
    being translated, or why it was not; with `is_offered` there is a button, whose value is `key:n`.
    """
    words = messages_for(answer.language)

    def below(citation: Citation) -> Markup:
        found = [translation for translation in made if translation.quote == citation.quote]
        parts = [_translation(translation, words) for translation in found]
        if citation.quote in said:
            parts.append(element("p", said[citation.quote], class_="khabar-note", role="status"))
        language = target(answer, citation, page_language)
        is_awaited = said.get(citation.quote) == words.say("translation.waiting")
        if (
            is_offered
            and language
            and not is_awaited
            and all(translation.language != language for translation in found)
        ):
            parts.append(_button(f"{key}:{citation.number}", language, words))
        return element("div", *parts, class_="khabar-translating") if parts else NOTHING

    return below


def _button(value: str, language: str, words: Messages) -> Markup:
    label = words.say("translation.ask", language=words.language_name(language))
    return button("khabar-translate", label, value=value)


def _translation(translation: Translation, words: Messages) -> Markup:
    by = filled(
        words.template("translation.by"),
        language=words.language_name(translation.language),
        model=isolated(translation.writer),
    )
    missing = NOTHING
    if translation.missing:
        doubtful = words.say("translation.doubtful", words=words.listed(translation.missing))
        missing = element("p", doubtful, class_="khabar-note")
    shown = element("p", translation.text, dir="auto", lang=known(translation.language))
    return element("div", shown, missing, element("small", by), class_="khabar-translation")
