"""Web addresses that are stored with or without a scheme, because clients expect them in this form."""

from typing import Any

from django.core.validators import URLValidator
from django.db import models
from django.utils.deconstruct import deconstructible


@deconstructible
class WebAddressValidator(URLValidator):
    """Accepts `https://campus.example.edu/organization/chess`, and the same without the scheme."""

    message = "Write a web address, with or without https://, such as campus.example.edu/organization/chess."
    schemes = ["http", "https"]

    def __call__(self, value: Any) -> None:
        super().__call__(value if "://" in str(value) else f"https://{value}")


class WebAddressField(models.URLField):
    """A web address that is stored as entered. Clients add a scheme if it has none."""

    default_validators = [WebAddressValidator()]

    def formfield(self, *args: Any, **options: Any) -> Any:
        """A plain text field, because Django's URL field would add a scheme."""
        plain = {name: value for name, value in options.items() if name not in {"assume_scheme", "widget"}}
        return models.CharField.formfield(self, *args, **plain)
