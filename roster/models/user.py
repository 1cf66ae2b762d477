import copy
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from roster import days, passwords
from roster.identifiers import no_invisible_characters
from roster.json_text import validate_custom_fields
from roster.models.change_tracked import ChangeTracked
from roster.models.derived_columns import HasDerivedColumns
from roster.models.search_keys import HasSearchKeys
from roster.models.time_stamped import TimeStamped
from roster.names import SearchKeyField, validate_identifier, validate_name
from roster.querysets import UserManager
from roster.ranges import InstantColumn
from roster.secrets import no_password


def validate_attribute_times(times: Any) -> None:
    """Accept the times of dated attributes, each in epoch milliseconds."""
    names = User.DATED_ATTRIBUTES
    if not isinstance(times, dict) or not all(name in names and is_an_instant(time) for name, time in times.items()):
        raise ValidationError(f'Times are an object, as {{"middle_name": 1384232400000}}, of {", ".join(names)}.')


def is_an_instant(time: Any) -> bool:
    return type(time) is int and days.FIRST_INSTANT <= time <= days.LAST_INSTANT


class User(HasDerivedColumns, ChangeTracked, TimeStamped, HasSearchKeys, AbstractBaseUser, PermissionsMixin):
    """One account per person on campus."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"
        UNREGISTERED = "unregistered", "Unregistered"

    DATED_ATTRIBUTES = (
        *("preferred_first_name", "middle_name", "sis_id", "affiliation", "enrollment_status"),
        *("class_standing", "school"),
    )
    """Fields that the API shows with the time of their last change (docs/api.md)."""

    UNTRACKED_FIELDS = UNTIMED_FIELDS = frozenset({"last_login", "password", "is_staff", "is_superuser"})
    """A sign-in, a new password or permissions in the admin do not change the roster."""

    _loaded_values: Mapping[str, Any] = {}
    """The stored values of the dated attributes and their times, as far as they were read or written."""

    username = models.CharField(
        max_length=150,
        validators=[validate_name, validate_identifier],
        help_text="The campus account name. Unique without regard to case and accents.",
    )
    username_folded = SearchKeyField(of=("username",))
    first_name = models.CharField(
        max_length=150, blank=True, validators=[validate_name], help_text="The first name on record."
    )
    preferred_first_name = models.CharField(
        max_length=150,
        blank=True,
        validators=[validate_name],
        help_text="The preferred first name. Rosters show it instead of the one on record.",
    )
    middle_name = models.CharField(max_length=150, blank=True, validators=[validate_name])
    last_name = models.CharField(max_length=150, blank=True, validators=[validate_name])
    name_key = SearchKeyField(of=("last_name", "first_name"))
    known_as_key = SearchKeyField(of=("last_name", "preferred_first_name|first_name"))
    campus_email = models.EmailField("campus e-mail", blank=True, validators=[validate_identifier])
    preferred_email = models.EmailField(
        "preferred e-mail", blank=True, validators=[validate_identifier], help_text="For staff only."
    )
    card_id = models.CharField(
        "card id", max_length=100, blank=True, validators=[validate_identifier], help_text="Number of the campus card."
    )
    sis_id = models.CharField(
        "SIS id",
        max_length=100,
        blank=True,
        validators=[validate_identifier],
        help_text="The person's id in the student information system.",
    )
    mobile_phone = models.CharField(max_length=50, blank=True)
    affiliation = models.CharField(max_length=100, blank=True, help_text="Student, Faculty, Staff, Alumni ...")
    affiliation_folded = SearchKeyField(of=("affiliation",))
    enrollment_status = models.CharField(max_length=100, blank=True, help_text="Full-time, Part-time ...")
    enrollment_status_folded = SearchKeyField(of=("enrollment_status",))
    class_standing = models.CharField(max_length=100, blank=True, help_text="First-year, Senior, Graduate ...")
    school = models.CharField("primary school of enrollment", max_length=150, blank=True)
    school_folded = SearchKeyField(of=("school",))
    status = models.CharField(
        max_length=12,
        choices=Status,
        default=Status.ACTIVE,
        help_text="Only an active person can sign in. People who hold memberships are retired, never deleted.",
    )
    picture_url = models.URLField("picture", max_length=500, blank=True)
    custom_fields = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_custom_fields],
        help_text='A list of {"name": "...", "value": ["..."]}. For staff only.',
    )
    attribute_times = models.JSONField(
        default=dict,
        editable=False,
        validators=[validate_attribute_times],
        help_text="When each dated attribute last changed, in epoch milliseconds; missing if it never changed.",
    )
    is_confidential = models.BooleanField(
        "confidential",
        default=False,
        help_text="FERPA directory block: only staff see this person, in every response, count and page.",
    )
    is_staff = models.BooleanField("may use the admin", default=False)
    last_login = InstantColumn("last login", null=True, blank=True)

    objects = UserManager()

    EMAIL_FIELD = "campus_email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        permissions = [
            ("ask_as_staff", "Can ask the API as staff"),
            ("read_reflections", "Can read reflections through the API"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["username_folded"],
                name="user_username_is_unique_without_case",
                violation_error_message="Somebody has this username already, perhaps in other letter case.",
            ),
            models.CheckConstraint(
                condition=~Q(username=""),
                name="user_has_a_username",
                violation_error_message="A user needs a username.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["active", "inactive", "unregistered"]),
                name="user_status_is_known",
                violation_error_message="The status of a user is Active, Inactive or Unregistered.",
            ),
            *no_invisible_characters("user", "username", "campus_email", "preferred_email", "card_id", "sis_id"),
        ]
        indexes = [
            # GET /api/users, by staff and by others
            models.Index(fields=["name_key", "id"], name="user_by_name"),
            models.Index(fields=["known_as_key", "id"], name="user_by_known_name"),
            # GET /api/users?sisId= and ?cardId=, and matching with the student information system
            models.Index(fields=["sis_id"], name="user_by_sis_id"),
            models.Index(fields=["card_id"], name="user_by_card_id"),
            # Names and Roles: people that changed recently
            models.Index(fields=["modified_at"], name="user_by_modification"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.username})".strip()

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **options: Any) -> "User":
        user = super().from_db(db, field_names, values, **options)
        user._store_loaded_values(None)
        return user

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        super().refresh_from_db(using, fields, from_queryset)
        self._store_loaded_values(fields)

    @classmethod
    def derive(cls, rows: Sequence["User"], written: Collection[str] | None = None) -> set[str]:
        """Set an unusable password if there is none."""
        if written is None or "password" in written:
            for row in rows:
                row.password = row.password or no_password()
        return set()

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Save the account; a changed dated attribute gets the current time."""
        if update_fields is None and self._has_new_password_only():
            update_fields = ["password"]
        written = self.DATED_ATTRIBUTES if update_fields is None else {*self.DATED_ATTRIBUTES} & {*update_fields}
        changed = [
            name for name in written if name in self._loaded_values and self._loaded_values[name] != getattr(self, name)
        ]
        if changed and self.attribute_times == self._loaded_values.get("attribute_times"):
            self.attribute_times = self.times_after(self.attribute_times, changed)
            update_fields = update_fields and {*update_fields, "attribute_times"}
        super().save(*args, update_fields=update_fields, **kwargs)
        self._store_loaded_values(update_fields)

    @classmethod
    def times_after(cls, times: dict[str, int], changed: Iterable[str]) -> dict[str, int]:
        """The times of the dated attributes after a change of these columns: the current time for those among them."""
        now = days.milliseconds(timezone.now())
        return times | {name: now for name in cls.DATED_ATTRIBUTES if name in {*changed}}

    def _has_new_password_only(self) -> bool:
        """Has only the password changed since the account was read? Django would then save all columns."""
        if getattr(self, "_password", None) is None or self._state.adding:
            return False
        columns = [field.attname for field in self._meta.concrete_fields if field.name != "password"]
        stored = User.objects.filter(pk=self.pk).values(*columns).first()
        return bool(stored == {name: getattr(self, name) for name in columns})

    def _store_loaded_values(self, names: Iterable[str] | None) -> None:
        """Store the current values of these fields as those of the database; None: of all loaded fields."""
        now = {name: self.__dict__.get(name) for name in (*self.DATED_ATTRIBUTES, "attribute_times")}
        names_read = now.keys() & (self.__dict__.keys() if names is None else {*names})
        self._loaded_values = {**self._loaded_values, **{name: copy.copy(now[name]) for name in names_read}}

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """May this person sign in? The name is that of Django."""
        return self.status == self.Status.ACTIVE

    def check_password(self, raw_password: str) -> bool:
        """Is this the password? In a request, each attempt is counted (`roster/sign_in.py`)."""
        limits = passwords.limits.get()
        if limits is None:
            return super().check_password(raw_password)
        with limits.attempt(self) as attempt:
            attempt.is_right = super().check_password(raw_password)
        return attempt.is_right

    @property
    def known_as(self) -> str:
        """The preferred first name if the person has one, else the one on record."""
        return self.preferred_first_name or self.first_name

    @property
    def full_name(self) -> str:
        return f"{self.known_as} {self.last_name}".strip()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.known_as
