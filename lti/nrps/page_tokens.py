"""Page tokens in the links of a roster. They are encrypted, so that no tool learns anybody's id from them.

Links are short and in lower case: some clients lower-case the Link header, others do not read a long one.
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
    """Where a walk over a roster continues, and the parameters that it began with."""

    begun: int
    """When the walk began, in epoch milliseconds. Later changes are in its differences."""
    after: int = 0
    """Id of the last person in the answer before."""
    limit: int | None = None
    role: str | None = None
    rlid: str | None = None
    since: int | None = None
    """Report changes from here on, in epoch milliseconds; None: the whole roster."""

    def next_page(self, after: int) -> Self:
        return replace(self, after=after)

    def differences(self) -> Self:
        """The token of a walk over the changes since the beginning of this one."""
        return replace(self, begun=0, after=0, limit=None, since=self.begun)


def encrypt_token(token: PageToken, tool: Tool, context: Context) -> str:
    """A page token as hex digits, valid for this tool in this context only."""
    text = orjson.dumps([tool.pk, context.pk, asdict(token)]).decode()
    return base64.urlsafe_b64decode(secrets.encrypt(text)).hex()


def decrypt_token(text: str, tool: Tool, context: Context) -> PageToken:
    """The token that was given to `encrypt_token`. ValueError for any other text, tool or context."""
    sealed = base64.urlsafe_b64encode(bytes.fromhex(text)).decode()
    tool_id, context_id, fields = orjson.loads(secrets.decrypt(sealed))
    if (tool_id, context_id) != (tool.pk, context.pk):
        raise ValueError("This link is another tool's, or another context's.")
    return PageToken(**fields)


def parameter(token: PageToken) -> str:
    """The parameter that carries a token: `since` at the beginning of a walk over changes, else `page`."""
    return "since" if token.since is not None and not token.after else "page"


def url(token: PageToken, tool: Tool, context: Context) -> str:
    """The URL of a page token."""
    return f"{urls.memberships_url(context.uuid)}?{parameter(token)}={encrypt_token(token, tool, context)}"


def link_header(links: dict[str, PageToken], tool: Tool, context: Context) -> str:
    """The Link header of page tokens by relation. `next` comes first, because simple clients look there."""
    return ", ".join(
        f'<{url(token, tool, context)}>; rel="{relation}"' for relation, token in sorted(links.items(), reverse=True)
    )
