"""A deep linking request of a learning platform: a teacher chooses what a link in the course opens.

The page of the choice may be in a frame, where the browser keeps no cookie. So the request is kept in the form of the
page, as a signed text that is accepted for ten minutes. Nothing is stored here.
"""

import datetime as dt
import secrets as random
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from joserfc import jwt

from lti import claims, roles
from lti.models import PlatformDeployment, PlatformKey
from lti.tool.course_roster import full_role
from lti.tool.deep_linking_settings import settings_in
from lti.tool.errors import LaunchRefused
from lti.tool.launch_message import LaunchMessage
from roster.secrets import UnreadableSecret

CHOICE_LIFETIME = 600
"""Seconds that somebody may take to choose."""

RESPONSE_LIFETIME = 300
"""Seconds that an answer is valid."""

SALT = "lti.tool.deep_linking"

ORGANIZATION_ID = "organization_id"
"""The custom parameter of a link that opens an organization. A link without it opens the platform's tool."""

INSTITUTION, SYSTEM = (f"http://purl.imsglobal.org/vocab/lis/v2/{kind}/person#" for kind in ("institution", "system"))
CHOOSERS = frozenset(
    {
        *(roles.context_role(name) for name in ("Administrator", "ContentDeveloper", "Instructor")),
        *(f"{INSTITUTION}{name}" for name in ("Administrator", "Instructor")),
        *(f"{SYSTEM}{name}" for name in ("Administrator", "SysAdmin")),
    }
)
"""Roles in the course, the institution or the LMS, one of which is needed for choosing."""


@dataclass(frozen=True)
class Choice:
    """A deep linking request that waits for somebody to choose."""

    deployment_id: int
    """The primary key of the deployment."""
    context_id: str
    """The course's id in the LMS; `""` outside of a course."""
    return_url: str
    answered_claims: dict[str, Any]
    read_from: str = ""
    """The signed text that this was read from, which has the time of the request; `""` if this is new."""

    @classmethod
    def of(cls, message: LaunchMessage) -> "Choice":
        """The choice that a message asks for. LaunchRefused for somebody who may not choose."""
        if CHOOSERS.isdisjoint(full_role(role) for role in message.claims[claims.ROLES] if isinstance(role, str)):
            raise LaunchRefused(
                403, "Only instructors, administrators and content developers can choose what a link in a course opens."
            )
        settings = settings_in(message.claims)
        context = message.claims.get(claims.CONTEXT_CLAIM, {}).get("id") or ""
        return cls(message.deployment.pk, context, settings.return_url, settings.answered_claims)

    @property
    def signed(self) -> str:
        """The text for the form of the page. It is the same on every page of a request, and so expires."""
        content = {name: value for name, value in asdict(self).items() if name != "read_from"}
        return self.read_from or signing.dumps(content, salt=SALT, compress=True)

    @property
    def deployment(self) -> PlatformDeployment:
        """LaunchRefused if this server works with it no more."""
        found: PlatformDeployment | None = (
            PlatformDeployment.objects.in_force().filter(pk=self.deployment_id).select_related("platform__tool").first()
        )
        if found is None:
            raise LaunchRefused(403, "This server does not work with this learning platform any more.")
        return found


def read_choice(text: str) -> Choice:
    """The choice of a form. LaunchRefused for a text that is too old or not from here."""
    try:
        return Choice(**signing.loads(text, salt=SALT, max_age=CHOICE_LIFETIME), read_from=text)
    except signing.BadSignature as error:
        raise LaunchRefused(
            400, "This choice was begun more than ten minutes ago, or elsewhere. Begin again in the learning platform."
        ) from error


def link_item(title: str, url: str, custom: dict[str, str]) -> dict[str, Any]:
    """The content item of a link to this server."""
    return {"type": claims.RESOURCE_LINK_ITEM, "title": title, "url": url, "custom": custom}


def response_token(
    choice: Choice, deployment: PlatformDeployment, items: list[dict[str, Any]], *, on: dt.datetime
) -> str:
    """The signed LtiDeepLinkingResponse with these content items. LaunchRefused if this server cannot sign."""
    now = int(on.timestamp())
    content = {
        "iss": deployment.platform.client_id,
        "aud": [deployment.platform.issuer],
        "iat": now,
        "exp": now + RESPONSE_LIFETIME,
        "nonce": random.token_hex(24),
        claims.MESSAGE_TYPE: claims.DEEP_LINKING_RESPONSE,
        claims.VERSION: claims.LTI_VERSION,
        claims.DEPLOYMENT_ID: deployment.deployment_id,
        claims.CONTENT_ITEMS: items,
        **choice.answered_claims,
    }
    key = PlatformKey.signing()
    try:
        private_key = key.private_key
    except UnreadableSecret as error:
        raise LaunchRefused(503, f"This server cannot sign. {error}") from error
    return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, content, private_key, algorithms=["RS256"])
