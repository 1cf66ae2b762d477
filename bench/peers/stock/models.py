"""The same tables, mapped with nothing but fields; memberships in the plain table of `bench/plain.sql`."""

from django.db import models


class ApiKey(models.Model):
    prefix = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=6)
    secret_hash = models.CharField(max_length=64)
    audience = models.CharField(max_length=6)
    is_limited = models.BooleanField()
    networks = models.JSONField()
    rate = models.PositiveIntegerField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "roster_apikey"


class User(models.Model):
    username = models.CharField(max_length=150)
    username_folded = models.CharField(max_length=321)
    first_name = models.CharField(max_length=150)
    preferred_first_name = models.CharField(max_length=150)
    last_name = models.CharField(max_length=150)
    campus_email = models.EmailField()
    is_confidential = models.BooleanField()

    class Meta:
        managed = False
        db_table = "roster_user"

    @property
    def known_as(self) -> str:
        return self.preferred_first_name or self.first_name


class Organization(models.Model):
    name = models.CharField(max_length=200)
    name_folded = models.CharField(max_length=321)
    short_name = models.CharField(max_length=100)
    directory_visibility = models.CharField(max_length=7)

    class Meta:
        managed = False
        db_table = "organizations_organization"


class PositionTemplate(models.Model):
    name = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "organizations_positiontemplate"


class PositionType(models.Model):
    name = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "organizations_positiontype"


class Position(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    template = models.ForeignKey(PositionTemplate, on_delete=models.PROTECT)
    type = models.ForeignKey(PositionType, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    name_folded = models.CharField(max_length=321)

    class Meta:
        managed = False
        db_table = "organizations_position"


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.PROTECT)
    position = models.ForeignKey(Position, on_delete=models.PROTECT)
    recorded_start = models.DateField()
    recorded_end = models.DateField(null=True)
    reported_start = models.DateField(null=True)
    reported_end = models.DateField(null=True)
    shown_on_campus = models.BooleanField()
    shown_on_public = models.BooleanField()
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "bench_membership"
