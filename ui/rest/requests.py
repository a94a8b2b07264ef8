"""What a REST call may send: the models that check it, of which the OpenAPI document is made."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from index.article import Article, Filters
from index.languages.messages import DEFAULT, LANGUAGES
from index.search import checked_query
from index.store.access.audit import AuditAction
from qa.answer import Turn
from qa.question import FilterArguments, Question
from ui.state.turns import REMEMBERED, EarlierTurn

# How much a caller may ask for at once.
_MOST = 100
_MOST_LINES = 1000
_VALUES = 50
_LONGEST_ID = 2000
# JSON's numbers are exact below this.
_BEYOND = 2**53

_Value = Annotated[str, Field(max_length=500)]
_Values = Annotated[
    Annotated[list[_Value], Field(max_length=_VALUES)] | None,
    BeforeValidator(
        lambda given: [given] if isinstance(given, str) else given, json_schema_input_type=str | list[str] | None
    ),
]
_Day = Annotated[
    str | None,
    Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date", "examples": ["2025-09-28"]}),
]


class FilterRequest(BaseModel):
    """Which articles: a field that is left out lets everything through."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: _Values = Field(default=None, description='Only articles in these languages, such as "ar".')
    source: _Values = Field(default=None, description="Only articles of these outlets.")
    category: _Values = Field(default=None, description="Only articles of these sections.")
    after: _Day = Field(default=None, description="Only articles from this day on.")
    before: _Day = Field(default=None, description="Only articles up to this day.")
    name: _Values = Field(default=None, description="Only articles that name one of these, however it is spelt there.")
    collection: _Values = Field(default=None, description="Only articles in these collections.")
    story: _Values = Field(default=None, description="Only articles that tell one of these stories, by its id.")

    @property
    def arguments(self) -> FilterArguments:
        """The filters that were given, as `Assistant.ask` takes them."""
        given: FilterArguments = {}
        for name, value in self.model_dump(include=set(FilterArguments.__annotations__), exclude_none=True).items():
            given[name] = value  # type: ignore[literal-required]
        return given

    @property
    def filters(self) -> Filters:
        """The filters; raises `QueryError` for days that are none, or leave nothing."""
        return Filters.of(**self.arguments)


class _Questioning(FilterRequest):
    """What waits for its turn among the questions."""

    question: str = Field(description="A question or a few words in any language, of up to 4000 characters.")

    def check(self) -> None:
        """Raise `QueryError` for what cannot be asked, before it waits for its turn."""
        checked_query(self.question)
        _ = self.filters


class AskRequest(_Questioning):
    """A question."""

    history: tuple[EarlierTurn, ...] = Field(
        default=(), max_length=REMEMBERED, description="The turns before it, oldest first, that it may hang on."
    )
    interface: str = Field(
        default=DEFAULT,
        description="The language of the answer's own words where Khabar does not speak the question's.",
        json_schema_extra={"enum": list(LANGUAGES)},
    )

    def check(self) -> None:
        """Raise `QueryError` for what cannot be asked, before it waits for its turn."""
        Question.of(self.question, self.filters, interface=self.interface)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns before it."""
        return tuple(earlier.turn for earlier in self.history)


class SearchRequest(_Questioning):
    """A search for passages."""

    limit: int = Field(default=10, ge=1, le=_MOST, description="At most this many passages.")


class PagedRequest(FilterRequest):
    """Which part of a list."""

    limit: int = Field(default=20, ge=1, le=_MOST, description="At most this many.")
    offset: int = Field(default=0, ge=0, lt=_BEYOND, description="How many to pass over.")


class ListRequest(PagedRequest):
    """Which articles are listed."""

    title: str | None = Field(default=None, max_length=500, description="Only articles with this in their title.")


class AuditRequest(BaseModel):
    """Which lines of the audit log are listed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: _Day = Field(default=None, description="Only what was done from this day on, in UTC.")
    who: _Value | None = Field(default=None, description="Only what somebody of this name did.")
    action: AuditAction | None = Field(default=None, description="Only this action.")
    before: int | None = Field(default=None, ge=0, lt=_BEYOND, description="Only lines with a lower number.")
    limit: int = Field(default=100, ge=1, le=_MOST_LINES, description="At most this many lines.")


class AddRequest(BaseModel):
    """A news article."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(max_length=_LONGEST_ID, description="What it is called; one of this id is replaced.")
    text: str = Field(description="Its text, without the title.")
    title: str = Field(default="", max_length=500, description="Its title.")
    source: _Value | None = Field(default=None, description="Its outlet.")
    url: Annotated[str, Field(max_length=_LONGEST_ID)] | None = Field(default=None, description="Its address.")
    byline: _Value | None = Field(default=None, description="Who wrote it.")
    category: _Value | None = Field(default=None, description="Its section.")
    published: _Day = Field(default=None, description="The day it was published.")
    modified: _Day = Field(default=None, description="The day of its last change.")
    collections: _Values = Field(
        default=None,
        description="Which collections it is in, none to open it to all; left out, those that it is in already, and a "
        "new one in none, or in the only one that the caller is an editor of.",
    )

    @property
    def article(self) -> Article:
        """The article; raises `ArticleError` for one without an id or a text, `QueryError` for a day that is none."""
        given = self.model_dump(exclude={"published", "modified", "collections"})
        return Article.create(**given, published=day_of(self.published), modified=day_of(self.modified))


def day_of(written: str | None) -> date | None:
    """Return the day that a call names, if it names one; raises `QueryError` for one that the calendar has not."""
    return Filters.of(after=written).after


class ArticleRequest(BaseModel):
    """Which state of an article."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    revision: int | None = Field(default=None, ge=1, lt=_BEYOND, description="An earlier state of it.")
