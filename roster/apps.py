from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import post_save


class RosterConfig(AppConfig):
    name = "roster"
    verbose_name = "People and keys"
    default = True

    def ready(self) -> None:
        from roster import checks  # noqa: F401  (registers the settings checks)
        from roster.database import checks as database_checks  # noqa: F401  (registers the check of the tables)
        from roster.database import time_budget
        from roster.models.change_tracked import log_fixture_change

        time_budget.limit_requests()
        post_save.connect(log_fixture_change)


class StaffSiteConfig(admin.AdminConfig):
    """Django's admin with the pages of roster/admin/."""

    default = False
    default_site = "roster.staff_site.StaffSite"
