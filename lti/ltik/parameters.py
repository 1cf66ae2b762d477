"""The parameters of the ltik API."""

from dataclasses import dataclass
from urllib.parse import unquote

from lti.nrps.container import LARGEST_LIMIT
from roster.api.parameters import FlagParameter, Query, WholeNumberField, parse

NAMES = ("role", "limit", "resourceLinkId", "url")

PARAMETER_FIELDS = {
    "limit": WholeNumberField(least=1, most=LARGEST_LIMIT, cut=True),
    "resourceLinkId": FlagParameter(),
}

TWICE_ENCODED = ("http%3a", "https%3a")
"""How a URL begins that was encoded twice."""

NO_RESOURCE_LINK = "This launch was from no resource link. Leave the parameter out."


@dataclass(frozen=True, slots=True)
class LtikParameters:
    """The parameters of a request for memberships."""

    role: str | None = None
    """A full URI or a short name, as it was sent."""
    limit: int | None = None
    by_resource_link: bool = False
    url: str | None = None
    """The next or differences URL of an earlier answer. It carries all the others."""


def parse_parameters(query: Query, *, has_resource_link: bool) -> LtikParameters:
    """The parameters of a query; errors are added to `query.errors`."""
    if "url" in query:
        query.errors.clear()
        return LtikParameters(url=decoded_url(query["url"]))
    values = parse(PARAMETER_FIELDS, query)
    by_resource_link = bool(values.get("resourceLinkId"))
    if by_resource_link and not has_resource_link:
        query.add_errors({"resourceLinkId": [NO_RESOURCE_LINK]})
    return LtikParameters(query.get("role"), values.get("limit"), by_resource_link)


def decoded_url(url: str) -> str:
    """The URL that was sent; decoded once more if a client encoded it twice."""
    return unquote(url) if url.lower().startswith(TWICE_ENCODED) else url
