from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "roster"
    verbose_name = "People and keys"

    def ready(self) -> None:
        from roster import checks  # noqa: F401  (registers the settings checks)
