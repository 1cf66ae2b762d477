"""The names that LTI gives to claims and messages, and the form of a time in a token."""

import math
from typing import Any

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"

MESSAGE_TYPE = f"{CLAIM}message_type"
VERSION = f"{CLAIM}version"
DEPLOYMENT_ID = f"{CLAIM}deployment_id"
TARGET_LINK_URI = f"{CLAIM}target_link_uri"
RESOURCE_LINK = f"{CLAIM}resource_link"
ROLES = f"{CLAIM}roles"
CONTEXT_CLAIM = f"{CLAIM}context"
CUSTOM = f"{CLAIM}custom"
LIS = f"{CLAIM}lis"
TOOL_PLATFORM = f"{CLAIM}tool_platform"
LAUNCH_PRESENTATION = f"{CLAIM}launch_presentation"
NAMES_AND_ROLES = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
LTI_VERSION = "1.3.0"

GROUP_CONTEXT_TYPE = "http://purl.imsglobal.org/vocab/lis/v2/course#Group"
"""The kind of context that an organization is: LTI knows courses and groups."""

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"

NRPS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SCOPES = (NRPS_SCOPE,)
"""All that a tool can be granted."""

PRODUCT = "campus-roster"
DOCUMENT_TARGET = "window"
"""What this platform is, to tools that treat platforms differently (product_family_code)."""


def is_numeric_date(value: Any) -> bool:
    """Is this a time as tokens have it: a positive number of seconds since 1970 (RFC 7519, 2)?"""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0
