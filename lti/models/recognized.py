"""Which account a person of an LMS has here."""

from types import MappingProxyType

from django.conf import settings
from django.db import models
from django.db.models import Q

from lti.models.learning_platform import LearningPlatform
from roster.models import OnMerge
from roster.ranges import InstantColumn


class Recognized(models.Model):
    """The account of a person of a learning platform, as matching found it.

    An LMS never gives the id of a person to another, so the match stays valid if the LMS later discloses only the id.
    """

    class Way(models.TextChoices):
        SIS_ID = "sis-id", "SIS id"
        EMAIL = "email", "Campus e-mail"

    platform = models.ForeignKey(
        LearningPlatform,
        related_name="recognized",
        db_index=False,  # served by the constraint
        on_delete=models.CASCADE,  # its ids are unique in it only
    )
    subject = models.CharField("id in the LMS", max_length=255)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        related_name="recognized_in",
        on_delete=models.CASCADE,  # meaningless without the account
    )
    way = models.CharField(
        "by",
        max_length=6,
        choices=Way,
        help_text="A link that matches by one of the two only uses the matches by that one.",
    )
    first_at = InstantColumn("recognized", auto_now_add=True)

    when_merged = MappingProxyType({"user": OnMerge.MOVES})  # the same person

    class Meta:
        verbose_name = "person recognized in an LMS"
        verbose_name_plural = "people recognized in an LMS"
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["sis-id", "email"]),
                name="lti_recognized_by_a_known_way",
                violation_error_message="A person is recognized by SIS id or by campus e-mail.",
            ),
            models.UniqueConstraint(
                # also serves the syncs of the platform's courses
                fields=["platform", "subject"],
                name="lti_recognized_once",
                violation_error_message="This id of this learning platform is somebody already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} is user {self.user_id}"
