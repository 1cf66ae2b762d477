from django.apps import AppConfig


class LTIConfig(AppConfig):
    name = "lti"
    verbose_name = "LTI"

    def ready(self) -> None:
        from lti import checks  # noqa: F401  (registers the settings checks)
