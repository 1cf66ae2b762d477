from django.apps import AppConfig
from django.db.models.signals import m2m_changed


class OrganizationsConfig(AppConfig):
    name = "organizations"

    def ready(self) -> None:
        from organizations.models import LimitedKey, Organization
        from roster import privacy
        from roster.history import change_tracking

        # Django sends this signal inside the transaction that writes the categories.
        m2m_changed.connect(
            lambda **about: change_tracking.log_change(), sender=Organization.categories.through, weak=False
        )
        privacy.organizations_in_limit_of.provide(LimitedKey.objects.organizations_in_limit_of)
