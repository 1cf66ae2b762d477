"""Links between the parts of a roster. What they carry is sealed: the tool learns no id of anybody from them.

They are in lower case throughout and short, because some clients lower-case the Link header or stop at a long one.
"""

import base64
from dataclasses import asdict, dataclass, replace
from typing import Self

import orjson

from lti.core import urls
from lti.models import Context, Tool
from roster import secrets


@dataclass(frozen=True)
class PageToken:
    """Where a walk over a roster goes on, and what was asked at its beginning."""

    begun: int
    """When the walk began, epoch milliseconds: what changes later is in its differences."""
    after: int = 0
    """Id of the last person who was answered."""
    limit: int | None = None
    role: str | None = None
    rlid: str | None = None
    since: int | None = None
    """Epoch milliseconds from which on changes are asked for; None: the whole roster."""

    def next_page(self, after: int) -> Self:
        return replace(self, after=after)

    def differences(self) -> Self:
        """Where a walk over the changes since the beginning of this one starts."""
        return replace(self, begun=0, after=0, limit=None, since=self.begun)


def encrypt_token(place: PageToken, tool: Tool, context: Context) -> str:
    """A place as hex digits, good for this tool in this context only."""
    text = orjson.dumps([tool.pk, context.pk, asdict(place)]).decode()
    return base64.urlsafe_b64decode(secrets.encrypt(text)).hex()


def decrypt_token(text: str, tool: Tool, context: Context) -> PageToken:
    """The place that `seal` was given. ValueError for any other text, tool or context."""
    token = base64.urlsafe_b64encode(bytes.fromhex(text)).decode()
    tool_id, context_id, fields = orjson.loads(secrets.decrypt(token))
    if (tool_id, context_id) != (tool.pk, context.pk):
        raise ValueError("This link is another tool's, or another context's.")
    return PageToken(**fields)


def parameter(place: PageToken) -> str:
    """The parameter that carries a place: `since` the beginning of a walk over changes, `page` any other."""
    return "since" if place.since is not None and not place.after else "page"


def url(place: PageToken, tool: Tool, context: Context) -> str:
    """The address of a place."""
    return f"{urls.memberships_url(context.uuid)}?{parameter(place)}={encrypt_token(place, tool, context)}"


def link_header(links: dict[str, PageToken], tool: Tool, context: Context) -> str:
    """The Link header of these places by their relation; `next` comes first, where the simplest clients look."""
    return ", ".join(
        f'<{url(place, tool, context)}>; rel="{relation}"' for relation, place in sorted(links.items(), reverse=True)
    )
