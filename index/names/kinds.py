"""What bears a name."""

from enum import StrEnum


class NameKind(StrEnum):
    """What bears a name."""

    PERSON = "person"
    BODY = "body"
    PLACE = "place"
