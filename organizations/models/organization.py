from types import MappingProxyType
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from organizations.models.category import Category
from organizations.models.organization_type import OrganizationType
from organizations.querysets import OrganizationQuerySet
from roster import privacy
from roster.identifiers import no_invisible_characters
from roster.models import ChangeTracked, HasSearchKeys, OnMerge, ShownTimeStamped
from roster.names import SearchKeyField, validate_identifier, validate_name
from roster.url_fields import WebAddressField

WITHOUT_SCHEME = "Without https:// at the beginning, as portals expect it."


class Organization(ChangeTracked, ShownTimeStamped, HasSearchKeys):
    """A group on campus that people belong to, such as a student organization."""

    PRIVATE_FIELDS: ClassVar[frozenset[str]] = privacy.PRIVATE_COLUMNS["organization"]

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"
        FROZEN = "frozen", "Frozen"
        LOCKED = "locked", "Locked"

    class Visibility(models.TextChoices):
        VISIBLE = "visible", "Visible"
        HIDDEN = "hidden", "Hidden"

    class MembershipType(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    name = models.CharField(max_length=200, validators=[validate_name])
    name_folded = SearchKeyField(of=("name",))
    short_name = models.CharField(max_length=100, blank=True, validators=[validate_name])
    status = models.CharField(
        max_length=8,
        choices=Status,
        default=Status.ACTIVE,
        help_text="An organization that has had members is retired by its status, never deleted.",
    )
    directory_visibility = models.CharField(
        max_length=7,
        choices=Visibility,
        default=Visibility.VISIBLE,
        help_text="Only staff see a hidden organization and its members.",
    )
    membership_type = models.CharField(max_length=6, choices=MembershipType, default=MembershipType.OPEN)
    type = models.ForeignKey(
        OrganizationType,
        null=True,
        blank=True,
        related_name="organizations",
        on_delete=models.PROTECT,  # a type in use must not be deleted
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        related_name="children",
        on_delete=models.PROTECT,  # a parent organization is retired, not deleted
    )
    categories = models.ManyToManyField(Category, blank=True, related_name="organizations")
    primary_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        related_name="primary_contact_of",
        on_delete=models.PROTECT,  # people are retired by status
        help_text="Shown to others than staff only if they may see a membership of this person here.",
    )
    summary = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    address_street_1 = models.CharField(max_length=200, blank=True)
    address_street_2 = models.CharField(max_length=200, blank=True)
    address_city = models.CharField(max_length=100, blank=True)
    address_state_province = models.CharField(max_length=100, blank=True)
    address_zip_postal = models.CharField(max_length=30, blank=True)
    phone_number = models.CharField(max_length=50, blank=True)
    extension = models.CharField(max_length=20, blank=True)
    fax_number = models.CharField(max_length=50, blank=True)
    email = models.EmailField("e-mail", blank=True, validators=[validate_identifier])
    external_website = models.URLField(max_length=500, blank=True)
    facebook_url = models.URLField(max_length=500, blank=True)
    twitter_url = models.URLField(max_length=500, blank=True)
    flickr_feed_url = models.URLField(max_length=500, blank=True)
    youtube_channel_url = models.URLField("YouTube channel url", max_length=500, blank=True)
    google_calendar_url = models.URLField(max_length=500, blank=True)
    profile_image_url = WebAddressField(max_length=500, blank=True, help_text=WITHOUT_SCHEME)
    profile_url = WebAddressField(max_length=500, blank=True, help_text=WITHOUT_SCHEME)

    when_merged = MappingProxyType({"primary_contact": OnMerge.MOVES})  # about the person
    objects = OrganizationQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # so that `type.organizations.add(...)` uses it too
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="organization_has_a_name",
                violation_error_message="An organization needs a name.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["active", "inactive", "frozen", "locked"]),
                name="organization_status_is_known",
                violation_error_message="The status of an organization is Active, Inactive, Frozen or Locked.",
            ),
            models.CheckConstraint(
                condition=Q(directory_visibility__in=["visible", "hidden"]),
                name="organization_visibility_is_known",
                violation_error_message="The directory visibility of an organization is Visible or Hidden.",
            ),
            models.CheckConstraint(
                condition=Q(membership_type__in=["open", "closed"]),
                name="organization_membership_type_is_known",
                violation_error_message="The membership type of an organization is Open or Closed.",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="organization_is_not_its_own_parent",
                violation_error_message="An organization is not its own parent.",
            ),
            *no_invisible_characters("organization", "email"),
        ]
        indexes = [
            # GET /api/organizations
            models.Index(fields=["name_folded", "id"], name="organization_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Save the organization; a new name updates the order keys of its positions in the same transaction."""
        with transaction.atomic():
            super().save(*args, update_fields=update_fields, **kwargs)
            if update_fields is None or "name" in update_fields:
                self.positions.update_order_keys()
