"""What an error says, in another language: the English sentence is the key, as in gettext's own way.

Errors are raised far from whoever reads them, in English, with values filled in. The catalogues have the sentences that
people meet on the page, under keys that begin with "error."; a sentence is recognised by its fixed words.
"""

import re
from functools import cache

from index.languages.messages import Messages, messages_for

# What errors are written in.
_WRITTEN = "en"
_NAME = re.compile(r"\{(\w+)\}")


def error_in(words: Messages, said: str) -> str:
    """Say in the language of `words` what an error says in English; one that is in no catalogue stays as it is."""
    if words.language == _WRITTEN:
        return said
    for key, sentence in _sentences():
        if match := sentence.fullmatch(said):
            return words.say(key, **match.groupdict())
    return said


@cache
def _sentences() -> tuple[tuple[str, re.Pattern[str]], ...]:
    written = messages_for(_WRITTEN)
    keys = written.template("errors").split()
    return tuple((key, _pattern(written.template(key))) for key in keys)


def _pattern(template: str) -> re.Pattern[str]:
    fixed_and_names = _NAME.split(template)
    parts = (f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(fixed_and_names))
    return re.compile("".join(parts), re.DOTALL)
