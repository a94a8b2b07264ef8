"""A quote in another language: offered, being made, failed, or there and marked as no evidence. Pure functions."""

from collections.abc import Mapping, Sequence

from qa.answer import Answer, Citation
from qa.translating import Translation
from ui.page_words import PageWords, page_words_for
from ui.render import Below, isolated, lang_attribute, safe_attribute, safe_text
from ui.words import words_for


def target(answer: Answer, citation: Citation, page_language: str) -> str | None:
    """Return the language a quote is translated into: the question's, else the page's; None where it is in both."""
    wanted = (answer.language, page_language)
    return next((language for language in wanted if language != citation.article.language), None)


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
    words = page_words_for(answer.language)

    def below(citation: Citation) -> str:
        found = [translation for translation in made if translation.quote == citation.quote]
        parts = [_translation(translation, words) for translation in found]
        if citation.quote in said:
            parts.append(f'<p class="khabar-note" role="status">{safe_text(said[citation.quote])}</p>')
        language = target(answer, citation, page_language)
        is_awaited = said.get(citation.quote) == words.translating
        if (
            is_offered
            and language
            and not is_awaited
            and all(translation.language != language for translation in found)
        ):
            parts.append(_button(f"{key}:{citation.number}", language, words))
        return f'<div class="khabar-translating">{"".join(parts)}</div>' if parts else ""

    return below


def _button(value: str, language: str, words: PageWords) -> str:
    label = safe_text(words.translate.format(words_for(words.language).language_name(language)))
    return f'<button type="button" class="khabar-translate" value="{safe_attribute(value)}">{label}</button>'


def _translation(translation: Translation, words: PageWords) -> str:
    shared = words_for(words.language)
    before, between, after = words.translated.split("{}")
    by = f"{safe_text(before + shared.language_name(translation.language) + between)}{isolated(translation.writer)}"
    missing = ""
    if translation.missing:
        said = safe_text(words.doubtful.format(shared.comma.join(translation.missing)))
        missing = f'<p class="khabar-note">{said}</p>'
    text = f'<p dir="auto"{lang_attribute(translation.language)}>{safe_text(translation.text)}</p>'
    return f'<div class="khabar-translation">{text}{missing}<small>{by}{safe_text(after)}</small></div>'
