"""Models as components of a document, under names that say whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from .refusals import types_in

Mode = Literal["validation", "serialization"]
Schema = dict[str, Any]

_PREFIX = "#/components/schemas/"


class _Untitled(GenerateJsonSchema):
    """A field's name is its title already."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class Components:
    """The schemas of a document, gathered while its operations are described."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}

    def reference(self, model: type[BaseModel], mode: Mode, *, closed: bool = False) -> Schema:
        """A reference to the model's component, which is added with all that it refers to.

        `closed` refuses fields that are not declared.
        """
        names = {each.__name__: component_name(each) for each in _models_in(model)}
        parts = _generated(model, mode)
        for local_name, schema in parts.items():
            if closed and "additionalProperties" in schema:
                schema["additionalProperties"] = False
            self.schemas[names[local_name]] = _renamed(schema, names)
        return {"$ref": _PREFIX + component_name(model)}


def component_name(model: type[BaseModel]) -> str:
    """Such as `wallets.EntryPage`: slices may call their models alike."""
    parts = model.__module__.split(".")
    owner = parts[parts.index("services") + 1] if "services" in parts else parts[-1]
    return f"{owner}.{model.__name__}"


def parameters_of(query: type[BaseModel]) -> Iterator[tuple[str, bool, Schema]]:
    """Each query parameter: its name, whether it must be given, and its schema."""
    schema = _generated(query, "validation")[query.__name__]
    required = schema.get("required", ())
    for name, each in schema.get("properties", {}).items():
        yield name, name in required, _never_null(each)


def _generated(model: type[BaseModel], mode: Mode) -> dict[str, Schema]:
    """The model's schema and those of its parts, by class name."""
    schema = model.model_json_schema(ref_template=_PREFIX + "{model}", schema_generator=_Untitled, mode=mode)
    parts: dict[str, Schema] = schema.pop("$defs", {})
    parts.setdefault(model.__name__, schema)
    for part in parts.values():
        part.pop("title", None)
        for each in part.get("properties", {}).values():
            if each.get("default", ...) is None:  # left out is all that it means
                del each["default"]
    return parts


def _models_in(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for each in types_in(field.annotation):
            if issubclass(each, BaseModel):
                yield from _models_in(each)


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(reference := value.get("$ref"), str):
        return {**value, "$ref": _PREFIX + names[reference.removeprefix(_PREFIX)]}
    return {key: _renamed(each, names) for key, each in value.items()}


def _never_null(schema: Schema) -> Schema:
    """A parameter is left out rather than null."""
    kept = {
        key: value for key, value in schema.items() if key != "anyOf" and (key, value) != ("default", None)
    }
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == 1:
        return {**choices[0], **kept}
    return {**kept, "anyOf": choices} if choices else kept
