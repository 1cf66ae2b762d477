"""Tools of this platform."""

import hashlib
import hmac
import uuid

from django.db import models
from django.db.models import Q

from lti.claims import SCOPES
from lti.models.custom_parameters import custom_parameters_column
from lti.models.jwks_cache import JwksCache
from lti.querysets import ToolQuerySet
from lti.validators import validate_redirect_urls, validate_url
from roster import secrets
from roster.names import validate_name
from roster.privacy import Audience, Disclosure, Grant, Level, may_read_texts_of_platforms, member_fields


def new_client_id() -> str:
    return uuid.uuid4().hex


class Tool(JwksCache):
    """A program that is launched from organizations and reads their rosters by LTI."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        ACTIVE = "active", "Active"
        DISABLED = "disabled", "Disabled"

    AUDIENCES = [(Level.PUBLIC.value, Level.PUBLIC.label), (Level.CAMPUS.value, Level.CAMPUS.label)]

    name = models.CharField(max_length=200, validators=[validate_name])
    client_id = models.CharField(
        max_length=64,
        unique=True,
        default=new_client_id,
        editable=False,
        help_text="The id of the tool at this platform. Not a secret.",
    )
    status = models.CharField(
        max_length=8,
        choices=Status,
        default=Status.ACTIVE,
        help_text="A tool that registered itself is pending until staff activate it. A disabled one gets nothing.",
    )
    audience = models.CharField(
        max_length=6,
        choices=AUDIENCES,
        default=Level.PUBLIC,
        help_text="Whose roster the tool reads: the public one or the campus one.",
    )
    disclosure = models.CharField(
        max_length=5,
        choices=Disclosure,
        default=Disclosure.NONE,
        help_text="How much of a person is disclosed to it, within what its audience may see. Each level "
        "includes those before.",
    )
    may_read_sourcedid = models.BooleanField(
        "may read the SIS id",
        default=False,
        help_text="Disclose each person's id in the student information system (lis_person_sourcedid). No "
        "level includes it.",
    )
    login_url = models.CharField(
        "login URL", max_length=500, validators=[validate_url], help_text="Where a launch begins (initiate_login_uri)."
    )
    target_link_url = models.CharField(
        "launch URL",
        max_length=500,
        validators=[validate_url],
        help_text="What a launch opens (target_link_uri).",
    )
    redirect_urls = models.JSONField(
        "redirect URIs",
        default=list,
        validators=[validate_redirect_urls],
        help_text='Where an id_token may be sent, each exactly: ["https://tool.example.edu/launch"].',
    )
    supports_deep_linking = models.BooleanField(
        default=False, help_text="Staff may let the tool choose what its links open (LtiDeepLinkingRequest)."
    )
    deep_linking_url = models.CharField(
        "deep linking URL",
        max_length=500,
        blank=True,
        validators=[validate_url],
        help_text="What opens for choosing content; empty: the launch URL.",
    )
    custom = custom_parameters_column(
        'Sent with each launch: {"person": "$Person.name.full"}. A variable whose value may not '
        "be disclosed is not replaced."
    )
    jwks_url = models.CharField(
        "key set URL",
        max_length=500,
        blank=True,
        validators=[validate_url],
        help_text="Where the tool publishes its public keys; empty for a tool whose keys are listed here.",
    )
    subject_salt = models.CharField(
        max_length=43,
        default=secrets.new_secret,
        editable=False,
        help_text="Makes the ids of people for this tool different from those for other tools.",
    )

    objects = ToolQuerySet.as_manager()

    class Meta:
        verbose_name = "LTI tool"
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""), name="lti_tool_has_a_name", violation_error_message="A tool needs a name."
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "active", "disabled"]),
                name="lti_tool_status_is_known",
                violation_error_message="The status of a tool is Pending, Active or Disabled.",
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["public", "campus"]),
                name="lti_tool_audience_is_public_or_campus",
                violation_error_message="The audience of a tool is public or campus.",
            ),
            models.CheckConstraint(
                condition=Q(disclosure__in=["none", "name", "email", "all"]),
                name="lti_tool_disclosure_is_known",
                violation_error_message="The disclosure of a tool is none, name, email or all.",
            ),
            models.CheckConstraint(
                condition=Q(may_read_sourcedid=False) | Q(audience="campus"),
                name="lti_tool_sourcedid_is_for_campus",
                violation_error_message="Only a tool of the campus audience may read the SIS id.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def reads(self) -> Audience:
        """Which rows the tool sees."""
        return Audience(Level(self.audience))

    @property
    def grants(self) -> Grant:
        """What it grants a program to read."""
        return Grant(Level(self.audience), reads_sourcedid=self.may_read_sourcedid)

    @property
    def member_fields(self) -> frozenset[str]:
        """Which fields of a person are disclosed to it."""
        return member_fields(self.reads, self.disclosure, with_sourcedid=self.may_read_sourcedid)

    @property
    def may_read_texts_of_platforms(self) -> bool:
        """May it read the custom parameters and messages of the LMSs that open it?"""
        return may_read_texts_of_platforms(self.disclosure, with_sourcedid=self.may_read_sourcedid)

    @property
    def chooses_at(self) -> str:
        """The URL that a deep linking request opens."""
        return self.deep_linking_url or self.target_link_url

    def subject_of(self, user_id: int) -> str:
        """The id of a person for this tool only: `sub` of a launch, `user_id` of a roster."""
        return hmac.new(self.subject_salt.encode(), str(user_id).encode(), hashlib.sha256).hexdigest()[:32]

    # Authlib's interface of a client

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str | None) -> str:
        """The part of a requested scope that a tool may have; `""` for none."""
        asked = (scope or "").split()
        return " ".join(known for known in SCOPES if known in asked)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "private_key_jwt" and endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_urls
