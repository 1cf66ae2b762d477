"""The column of custom parameters, which tools, deployments and resource links have."""

from typing import Any

from django.db import models

from lti.validators import validate_custom


def custom_parameters_column(help_text: str) -> Any:
    """Custom parameters of launches, by name (LTI Core 1.3, section 5.4.6)."""
    return models.JSONField(
        "custom parameters", default=dict, blank=True, validators=[validate_custom], help_text=help_text
    )
