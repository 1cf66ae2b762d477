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
DEEP_LINKING_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/"
DEEP_LINKING_SETTINGS = f"{DEEP_LINKING_CLAIM}deep_linking_settings"
CONTENT_ITEMS = f"{DEEP_LINKING_CLAIM}content_items"
DATA = f"{DEEP_LINKING_CLAIM}data"
MESSAGE = f"{DEEP_LINKING_CLAIM}msg"
ERROR_MESSAGE = f"{DEEP_LINKING_CLAIM}errormsg"
RESOURCE_LINK_ITEM = "ltiResourceLink"
"""The type of a content item that is a resource link."""

NAMES_AND_ROLES = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
DEEP_LINKING_RESPONSE = "LtiDeepLinkingResponse"
MESSAGE_TYPES = (RESOURCE_LINK_REQUEST, DEEP_LINKING_REQUEST)
"""The messages by which a platform opens a tool, in both roles."""

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

PRODUCT_NAME = "Campus Roster"

LOCALE = "en-US"
"""The language of the pages here."""


def is_numeric_date(value: Any) -> bool:
    """Is this a time as tokens have it: a positive number of seconds since 1970 (RFC 7519, 2)?"""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf
