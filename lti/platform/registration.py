"""`POST /lti/register`: an invited tool registers itself (LTI Dynamic Registration), and waits for staff."""

from typing import Any

import orjson
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import transaction
from django.http import HttpRequest, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from lti import claims
from lti.models import Deployment, Invitation, Tool, ToolKey
from roster import secrets

MAX_BODY_BYTES = 64 * 1024
"""Maximum bytes of a registration."""

METADATA_FIELDS = {
    "client_name": "name",
    "initiate_login_uri": "login_url",
    "redirect_uris": "redirect_urls",
    "jwks_uri": "jwks_url",
    "target_link_uri": "target_link_url",
    "custom_parameters": "custom",
    "messages.target_link_uri": "deep_linking_url",
}
"""The members of a registration that are stored, each with its field."""


class BadMetadata(Exception):
    """The registration cannot be accepted. The message says why."""


@method_decorator(csrf_exempt, name="dispatch")
class RegisterView(View):
    """The registration endpoint."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> JsonResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        invitations = Invitation.objects.open(on=timezone.now())
        invitation = invitations.filter(token_hash__in=secrets.keyed_hashes(token.strip())).first()
        if scheme.lower() != "bearer" or invitation is None:
            return registration_error(
                401, "invalid_token", "Registering needs the registration_token of an invitation."
            )
        try:
            metadata = parse_metadata(request)
            tool = register_tool(metadata, invitation)
        except BadMetadata as error:
            return registration_error(400, "invalid_client_metadata", str(error))
        if tool is None:
            return registration_error(401, "invalid_token", "This invitation has been used.")
        return JsonResponse(registered(tool, metadata), status=201, headers={"Cache-Control": "no-store"})


def parse_metadata(request: HttpRequest) -> dict[str, Any]:
    """The metadata of a tool. BadMetadata for what this platform does not support."""
    try:
        body = request.read(MAX_BODY_BYTES + 1)
    except (SuspiciousOperation, UnreadablePostError) as error:  # too large for the server, or incomplete
        raise BadMetadata("The registration is to be a JSON object of at most 64 kB.") from error
    try:
        metadata = orjson.loads(body) if len(body) <= MAX_BODY_BYTES else None
    except orjson.JSONDecodeError as error:
        raise BadMetadata("The registration is to be JSON.") from error
    if not isinstance(metadata, dict):
        raise BadMetadata("The registration is to be a JSON object of at most 64 kB.")
    configuration = metadata.get(claims.TOOL_CONFIGURATION)
    if not isinstance(configuration, dict):
        raise BadMetadata(f"{claims.TOOL_CONFIGURATION} is missing.")
    if metadata.get("token_endpoint_auth_method") != "private_key_jwt":
        raise BadMetadata("token_endpoint_auth_method is to be private_key_jwt.")
    for name in ("client_name", "initiate_login_uri", "jwks_uri"):
        if not isinstance(metadata.get(name, ""), str | None):
            raise BadMetadata(f"{name} is to be a text.")
    response_types = metadata.get("response_types")
    if not isinstance(response_types, list) or "id_token" not in response_types:
        raise BadMetadata("response_types is to contain id_token.")
    if not metadata.get("jwks_uri") and not isinstance(metadata.get("jwks"), dict):
        raise BadMetadata("jwks_uri is missing.")
    return metadata


def register_tool(metadata: dict[str, Any], invitation: Invitation) -> Tool | None:
    """The tool of this metadata, pending, with a deployment that covers nothing yet. None for a used invitation."""
    configuration = metadata[claims.TOOL_CONFIGURATION]
    redirect_uris = metadata.get("redirect_uris")
    first = redirect_uris[0] if isinstance(redirect_uris, list) and redirect_uris else ""
    deep_linking = deep_linking_in(configuration)
    given = {
        **{name: metadata[name] for name in METADATA_FIELDS if metadata.get(name) is not None},
        "target_link_uri": configuration.get("target_link_uri") or first,
        "custom_parameters": configuration.get("custom_parameters") or {},
        "messages.target_link_uri": (deep_linking or {}).get("target_link_uri") or "",
    }
    tool = Tool(
        status=Tool.Status.PENDING,
        supports_deep_linking=deep_linking is not None,
        **{METADATA_FIELDS[name]: value for name, value in given.items()},
    )
    try:
        tool.full_clean()
        keys = [ToolKey.read(tool, orjson.dumps(jwk).decode()) for jwk in listed_keys(metadata)]
    except ValidationError as error:
        names = {field: name for name, field in METADATA_FIELDS.items()}
        raise BadMetadata(
            " ".join(f"{names.get(field, field)}: {text}" for field, text in error_messages(error))
        ) from error
    with transaction.atomic():
        claimed = Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=timezone.now())
        if not claimed:
            return None
        tool.save()
        for key in keys:
            key.save()
        Deployment.objects.create(tool=tool)
        Invitation.objects.filter(pk=invitation.pk).update(tool=tool)
    return tool


def deep_linking_in(configuration: dict[str, Any]) -> dict[str, Any] | None:
    """How a tool describes the deep linking requests that it takes; None if it takes none."""
    messages = configuration.get("messages")
    described = (message for message in (messages if isinstance(messages, list) else []) if isinstance(message, dict))
    return next((message for message in described if message.get("type") == claims.DEEP_LINKING_REQUEST), None)


def messages_of(tool: Tool) -> list[dict[str, str]]:
    """The messages that a tool is registered for."""
    url = {"target_link_uri": tool.deep_linking_url} if tool.deep_linking_url else {}
    deep_linking = [{"type": claims.DEEP_LINKING_REQUEST, **url}] if tool.supports_deep_linking else []
    return [{"type": claims.RESOURCE_LINK_REQUEST}, *deep_linking]


def listed_keys(metadata: dict[str, Any]) -> list[Any]:
    jwks = metadata.get("jwks") if not metadata.get("jwks_uri") else None
    listed = jwks.get("keys") if isinstance(jwks, dict) else None
    return listed if isinstance(listed, list) else []


def error_messages(error: ValidationError) -> list[tuple[str, str]]:
    """The messages of a validation error, each with its field."""
    if hasattr(error, "error_dict"):
        return [(field, message) for field, messages in error.message_dict.items() for message in messages]
    return [("jwks", message) for message in error.messages]


def registered(tool: Tool, metadata: dict[str, Any]) -> dict[str, Any]:
    """The answer to a registration: the metadata as they are stored."""
    deployment = tool.deployments.get()
    return {
        "client_id": tool.client_id,
        "client_name": tool.name,
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": tool.login_url,
        "redirect_uris": tool.redirect_urls,
        **({"jwks_uri": tool.jwks_url} if tool.jwks_url else {"jwks": metadata["jwks"]}),
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(claims.SCOPES),
        claims.TOOL_CONFIGURATION: {
            "version": claims.LTI_VERSION,
            "deployment_id": deployment.deployment_id,
            "target_link_uri": tool.target_link_url,
            "custom_parameters": tool.custom,
            "messages": messages_of(tool),
            "claims": ["iss", "sub", *([] if tool.disclosure == "none" else ["name", "given_name", "family_name"])],
        },
    }


def registration_error(status: int, error: str, description: str) -> JsonResponse:
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = f'Bearer realm="lti", error="{error}"'
    return JsonResponse({"error": error, "error_description": description}, status=status, headers=headers)
