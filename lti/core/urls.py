"""Absolute URLs of the LTI views. Paths are in lower case, because some clients lower-case the URLs they get."""

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    """The absolute URL of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def issuer() -> str:
    """The issuer of this platform: `iss` of every id_token."""
    return str(settings.SITE_URL)


def token_url() -> str:
    return absolute(reverse("lti:token"))


def jwks_url() -> str:
    return absolute(reverse("lti:jwks"))


def authorize_url() -> str:
    return absolute(reverse("lti:authorize"))


def registration_url() -> str:
    return absolute(reverse("lti:register"))


def deep_linking_return_url() -> str:
    """Where a tool sends the content that was chosen in it."""
    return absolute(reverse("lti:deep-linking-return"))


def configuration_url() -> str:
    return absolute(reverse("lti:openid-configuration"))


def memberships_url(context_id: object) -> str:
    """The Names and Roles service of a context."""
    return absolute(reverse("lti:memberships", args=[context_id]))


# This server as a tool


def course_login_url() -> str:
    """Where a learning platform begins a launch."""
    return absolute(reverse("lti:course-login"))


def course_launch_url() -> str:
    """Where a learning platform sends its id_token, and what its links to this server open."""
    return absolute(reverse("lti:course-launch"))


def course_registration_url() -> str:
    """Where dynamic registration with a learning platform begins."""
    return absolute(reverse("lti:course-register"))
