"""What fields are made of: ids, addresses, texts of a length; and the base of all models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticKnownError
from pydantic_core.core_schema import no_info_after_validator_function

from studyguide.content.characters import length

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, min_length=2, max_length=60)]
#: The id that an entry of a list gives itself.
OwnId = Annotated[Id, Field(description="Lower-case words joined by hyphens; never changed, never used again.")]
Order = Annotated[int, Field(ge=1, le=99, description="Place in lists.")]
#: A host without a user name before it, in ASCII: `https://good.example@evil.example` and letters of other alphabets
#: that look like Latin ones both lead elsewhere than a reader thinks.
URL_PATTERN = r"^https?://[A-Za-z0-9.-]+(:[0-9]+)?([/?#][!#-;=?-~]*)?$"

#: A language, then a script or a region where it needs one (BCP 47, RFC 5646).
LANG_PATTERN = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"

Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=300)]


@dataclass(frozen=True)
class _Length:
    """How long a text is, in characters; where a character says more than a Latin letter, it counts for several.

    A JSON Schema cannot count so; see `schemas.schemas`.
    """

    at_least: int
    at_most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._check, handler(source))

    def _check(self, value: str | None) -> str | None:
        if value is not None and length(value) < self.at_least:
            raise PydanticKnownError("string_too_short", {"min_length": self.at_least})
        if value is not None and len(value) > self.at_most:
            raise PydanticKnownError("string_too_long", {"max_length": self.at_most})
        return value

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core)
        for part in schema.get("anyOf", [schema]):
            if part.get("type") == "string":
                part |= {"maxLength": self.at_most, "minLength": self.at_least}
        return schema


def text(at_least: int, at_most: int, description: str) -> Any:
    """A text of a length in characters, counted without the white space around it."""
    field = Field(description=description)
    field.metadata.append(_Length(at_least, at_most))
    return field


def several(at_least: int, at_most: int, description: str, *, optional: bool = False) -> Any:
    """A list of so many entries."""
    if optional:
        return Field(default=(), max_length=at_most, description=description)
    return Field(min_length=at_least, max_length=at_most, description=description)


class Model(BaseModel):
    """What all models share."""

    #: The kind of content that it is, in a word; parts of one have none.
    kind: ClassVar[str]

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)
