"""The turns before a question, as programs send them."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import QueryError
from qa.answer import Answer, Turn

if TYPE_CHECKING:
    from pydantic import TypeAdapter

# How many turns a question may hang on, as many as the page remembers.
REMEMBERED = 8


class EarlierTurn(BaseModel):
    """An earlier question of a conversation and its whole answer, as it was given; null where there was none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(description="What was asked.")
    answer: Answer | None = Field(default=None, description="The answer, as this API gave it.")

    @property
    def turn(self) -> Turn:
        """The same as an assistant takes it."""
        return Turn(self.question, self.answer)


def turns_of(history: Sequence[object]) -> tuple[Turn, ...]:
    """Read the turns of a call, oldest first; raises `QueryError` for more than `REMEMBERED`, and what is no turn."""
    try:
        return tuple(earlier.turn for earlier in _turns().validate_python(history))
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in ("history", *wrong["loc"]))
        raise QueryError(f"The turns before the question cannot be read: {place}: {wrong['msg']}.") from error


@cache
def _turns() -> "TypeAdapter[list[EarlierTurn]]":
    from pydantic import TypeAdapter

    return TypeAdapter(Annotated[list[EarlierTurn], Field(max_length=REMEMBERED)])
