"""API keys of tools, which they send together with an ltik."""

from django.db import models

from lti.models.tool import Tool
from roster.models import ApiKey
from roster.privacy import Grant, Level


class ToolApiKey(models.Model):
    """An API key with which the backend of a tool authenticates, together with an ltik.

    The key alone reads nothing in the roster API: it is limited to an empty list of organizations.
    """

    tool = models.ForeignKey(
        Tool,
        related_name="api_keys",
        on_delete=models.CASCADE,  # useless without its tool
    )
    api_key = models.OneToOneField(
        ApiKey,
        related_name="lti_tool",
        on_delete=models.CASCADE,  # only the owner of the key
    )
    may_launch = models.BooleanField(
        "may launch", default=False, help_text="May a portal with this key launch for people that it has signed in?"
    )

    named_after = ("tool", "api_key")

    class Meta:
        verbose_name = "API key of a tool"
        verbose_name_plural = "API keys of a tool"

    def __str__(self) -> str:
        return f"{self.tool.name}: {self.api_key.prefix}"

    @property
    def grants(self) -> Grant:
        """What it grants a program to read: the same as the tool, because its key authenticates as the tool."""
        return self.tool.grants

    @classmethod
    def create(cls, tool: Tool, *, may_launch: bool = False) -> "tuple[ToolApiKey, str]":
        """A new key of a tool, and its text, which can never be read again."""
        api_key, text = ApiKey.create_bearer(f"LTI tool {tool.name}"[:200], audience=Level.PUBLIC, is_limited=True)
        return cls.objects.create(tool=tool, api_key=api_key, may_launch=may_launch), text
