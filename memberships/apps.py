from django.apps import AppConfig


class MembershipsConfig(AppConfig):
    name = "memberships"

    def ready(self) -> None:
        from memberships.models import Membership
        from roster import privacy

        privacy.memberships_seen_by.provide(Membership.objects.visible_to)
