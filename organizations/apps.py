from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"

    def ready(self) -> None:
        from organizations.models import LimitedKey
        from roster import privacy

        privacy.organizations_in_limit_of.provide(LimitedKey.objects.organizations_in_limit_of)
