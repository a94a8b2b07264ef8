"""What questions ask for in any language, given its patterns: one answer, or several articles side by side."""

import re
from collections.abc import Mapping
from dataclasses import replace

from index.languages.grammar import Request, Shape, Stance
from index.languages.parts.casualties import TollOf, only_toll


def overview(
    question: str, forms: Mapping[Shape, re.Pattern[str]], sayings: re.Pattern[str], joined: re.Pattern[str]
) -> Request | None:
    """Return what a question wants of several articles, None where it asks for one answer.

    The groups of `forms` and `sayings` are named `about` or `differ` for what is asked about, `who` for whose words
    are asked for; `sayings` is what people are compared by ("what A and B said about T"), `joined` stands between them.
    """
    asked = " ".join(question.split()).rstrip("?؟!. ")
    for shape, form in forms.items():
        match = form.match(asked)
        if match is None:
            continue
        found = {name: text.strip() for name, text in match.groupdict().items() if text}
        about = found.get("about") or found.get("differ") or ""
        people: tuple[str, ...] = (found["who"],) if "who" in found else ()
        said = sayings.match(about) if shape is Shape.COMPARISON else None
        if said:
            people = tuple(name for name in joined.split(said["who"]) if name)
            about = said["about"] or ""
        sought = " ".join(part for part in (*people, about) if part) or asked
        return Request(shape, about=sought, topic=about, people=people)
    return None


def request_of(
    question: str, several: Request | None, asked: Stance | None, *, whether: bool, counts: bool, toll: TollOf
) -> Request:
    """Return what a question asks for: several articles, or yes or no, a speaker of the stance `asked`, a count, a fact."""
    shape = Shape.COUNT if counts else Shape.FACT
    if asked is not None:
        shape = Shape.SPEAKER
    if whether:
        shape = Shape.WHETHER
    return replace(several or Request(shape), stance=asked, toll=only_toll(question, toll) if counts else None)
