from django.apps import AppConfig


class LTIConfig(AppConfig):
    name = "lti"
    verbose_name = "LTI"

    def ready(self) -> None:
        from lti import checks  # which also registers the checks of settings
        from roster.database import health

        health.warnings.append(checks.lost_keys)
