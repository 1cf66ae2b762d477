"""`python -m tests.upgrade.open_everything`: open every page of the admin and every list; print those that fail."""

import sys
from collections.abc import Iterator

NEWER_THAN_ALL_RELEASES = {"lti.ServiceKey"}
"""Models of which no dump has a row yet."""


def failures() -> Iterator[str]:
    """A line for each address that is not answered with 200, and for each model without a row."""
    from django.contrib import admin
    from django.test import Client
    from django.urls import reverse

    from roster.models import ApiKey, User
    from tests.wire.routes import DETAILS, LISTS

    client = Client(raise_request_exception=False, headers={"Host": "localhost"})
    client.force_login(User.objects.get(username="root"))
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._base_manager.first()
        if row is None:
            if model._meta.label not in NEWER_THAN_ALL_RELEASES:
                yield f"{model._meta.label} has no row"
            continue
        pages = [reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "delete", "history")]
        for address in [reverse(f"{name}_changelist"), reverse(f"{name}_add"), *pages]:
            status = client.get(address).status_code
            if status != 200 and not (status == 403 and address.endswith(("/add/", "/delete/"))):
                yield f"{address} is answered with {status}"
    _, key = ApiKey.create_bearer("upgrade", audience="staff", may_read_reflections=True)
    headers = {"Authorization": f"Bearer {key}"}
    for route in LISTS:
        answer = client.get(route.path, headers=headers)
        if answer.status_code != 200 or not answer.json()["items"]:
            yield f"{route.path} is answered with {answer.status_code}, or is empty"
    for route in DETAILS:
        model = route.view.queryset.model  # type: ignore[attr-defined]
        address = route.of(model._default_manager.order_by("pk").first().pk)
        if (status := client.get(address, headers=headers).status_code) != 200:
            yield f"{address} is answered with {status}"


if __name__ == "__main__":
    import django

    django.setup()
    sys.exit("\n".join(failures()) or None)
