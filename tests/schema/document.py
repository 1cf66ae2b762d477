"""The OpenAPI document, with its references resolved, and what it specifies for a response."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from jsonschema_rs import Draft202012Validator

CARRIED = {"content-type", "content-length"}
"""Headers that OpenAPI defines elsewhere, or none."""


@cache
def document() -> dict[str, Any]:
    """The description, made without a request; test_document.py compares it with the served one."""
    made: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    return made


def followed(node: Any) -> Any:
    """A node, or the node that it refers to."""
    while "$ref" in node:
        target = document()
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        node = target
    return node


@dataclass(frozen=True)
class Operation:
    """GET on one path, as the description has it."""

    path: str
    description: dict[str, Any]

    def __str__(self) -> str:
        return self.path

    @property
    def parameters(self) -> dict[str, Any]:
        """Those of the query, by name."""
        found = (followed(parameter) for parameter in self.description["parameters"])
        return {parameter["name"]: parameter for parameter in found if parameter["in"] == "query"}

    @property
    def needs_key(self) -> bool:
        return {} not in self.description["security"]

    @property
    def is_detail(self) -> bool:
        return "{id}" in self.path

    def answer(self, status: int) -> dict[str, Any]:
        """What it specifies for responses with a status."""
        return dict(followed(self.description["responses"][str(status)]))

    def faults(self, status: int, headers: Mapping[str, str], body: Any) -> list[str]:
        """Where an answer is not as described."""
        answer = self.answer(status)
        sent = {name.lower(): value for name, value in headers.items()}
        media_type = sent["content-type"].partition(";")[0]
        if media_type not in answer["content"]:
            return [f"{media_type} is not described"]
        stated = {name.lower(): followed(header) for name, header in answer["headers"].items()}
        served = sent.keys() - CARRIED
        required = {name for name, header in stated.items() if header.get("required")}
        return [
            *(f"header {name} is not described" for name in sorted(served - stated.keys())),
            *(f"header {name} is described, and missing" for name in sorted(required - served)),
            *(fault for name in served & stated.keys() for fault in _header_faults(stated[name], sent[name])),
            *schema_faults(answer["content"][media_type]["schema"], body),
        ]


def operations() -> list[Operation]:
    """All that is described."""
    return [Operation(path, methods["get"]) for path, methods in document()["paths"].items()]


def resources() -> list[Operation]:
    """Lists and details of data."""
    return [operation for operation in operations() if "about" not in operation.description["tags"]]


def lists() -> list[Operation]:
    return [operation for operation in resources() if not operation.is_detail]


def schema_faults(schema: Any, value: Any) -> list[str]:
    """Where a value is not as a schema has it."""
    whole = {**as_json_schema(schema), "components": components()}
    return [f"{error.instance_path}: {error.message}" for error in Draft202012Validator(whole).iter_errors(value)]


@cache
def components() -> Any:
    """What the description shares between answers, as JSON Schema."""
    return as_json_schema(document()["components"])


def as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0's `nullable`, as JSON Schema."""
    if isinstance(node, list):
        return [as_json_schema(part) for part in node]
    if not isinstance(node, dict):
        return node
    plain = {name: as_json_schema(part) for name, part in node.items() if name != "nullable"}
    if node.get("nullable") is True:
        plain["type"] = [plain["type"], "null"]
        if "enum" in plain:
            plain["enum"] = [*plain["enum"], None]
    return plain


def _header_faults(header: Any, text: str) -> Iterator[str]:
    value = int(text) if header["schema"]["type"] == "integer" else text
    yield from schema_faults(header["schema"], value)
