"""Tables of a page of docs/, and those that the code would write."""

from typing import Any

from roster import privacy
from roster.api.pagination import EnvelopePagination
from roster.api.schema.responses import ERRORS
from tests.repository.import_order import ROOT
from tests.schema.document import Operation, document, followed

Row = tuple[str, ...]


def table_under(heading: str, page: str = "docs/api.md") -> list[Row]:
    """The cells of the first table under a heading, without its head."""
    lines = iter((ROOT / page).read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.lstrip("# ") == heading:
            break
    else:
        raise LookupError(f"{page} has no heading “{heading}”")
    rows = []
    for line in lines:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line[1 : line.rindex("|")].split("|")))
        elif rows or line.startswith("#"):
            break
    return rows[2:]


def parameter_rows(operation: Operation) -> list[Row]:
    """Name, type, meaning and default of an operation's own parameters; an example is on the page only."""
    own = {
        name: parameter for name, parameter in operation.parameters.items() if name not in EnvelopePagination.parameters
    }
    return [_parameter_row(name, parameter) for name, parameter in own.items()]


def paging_rows(operation: Operation) -> list[Row]:
    """The same of those that every list has."""
    return [_parameter_row(name, operation.parameters[name]) for name in EnvelopePagination.parameters]


def _parameter_row(name: str, parameter: Any) -> Row:
    return f"`{name}`", type_of(parameter["schema"]), parameter["description"], default_of(parameter["schema"])


def envelope_rows() -> list[Row]:
    """Name, type and meaning of every key around the items of a list."""
    properties = document()["components"]["schemas"]["MembershipEnvelope"]["properties"]
    return [(f"`{name}`", type_of(schema), schema["description"]) for name, schema in properties.items()]


def error_rows() -> list[Row]:
    """Every status of an error, and when it is answered."""
    return [(code, error.text) for code, error in ERRORS.items()]


def key_rows(resource: str) -> list[Row]:
    """Name, type, readers and meaning of every key of an item."""
    schema = document()["components"]["schemas"][resource.capitalize()]
    return [
        (f"`{name}`", type_of(declared), readers_of(resource, name), declared["description"])
        for name, declared in schema["properties"].items()
    ]


def type_of(schema: Any) -> str:
    """A type in the words of the page."""
    schema = followed(schema)
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"] if word)
    words = {"string": "text", "boolean": "true, false", "array": "list", "object": "dated text"}
    word = "milliseconds" if schema.get("format") == "int64" else words.get(schema["type"], schema["type"])
    return f"{word}, null" if schema.get("nullable") else word


def default_of(schema: Any) -> str:
    return f"`{str(schema['default']).lower()}`" if "default" in schema else ""


def readers_of(resource: str, name: str) -> str:
    """The audiences that read a field."""
    readers = [level.value for level in privacy.Level if name in privacy.FIELDS[resource][level]]
    return "everybody" if len(readers) == len(privacy.Level) else ", ".join(readers)
