"""The pages about the API itself. They contain no data of the roster, so they need no key."""

from functools import lru_cache
from typing import Any

import orjson
import yaml
from django.conf import settings
from django.template.loader import render_to_string
from drf_spectacular.generators import SchemaGenerator
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from roster.api.errors import ParametersRefused
from roster.api.renderers import JSONRenderer

CONTENT_SECURITY_POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'"


class PreparedJSON(JSONRenderer):
    """A renderer of prepared bytes; errors are always rendered as JSON."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return data if isinstance(data, bytes) else super().render(data)


class VendorJSON(PreparedJSON):
    media_type = "application/vnd.oai.openapi+json"


class PreparedYAML(PreparedJSON):
    media_type, format = "application/yaml", "yaml"


class VendorYAML(PreparedYAML):
    media_type = "application/vnd.oai.openapi"


class SchemaPage(PreparedJSON):
    media_type, format = "text/html", "html"


class OpenView(APIView):
    """A page that needs no credential and is the same for all callers, so caches may store it for five minutes."""

    http_method_names = ("get", "head")
    authentication_classes = ()
    permission_classes = (AllowAny,)
    answers: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.query_params:
            raise ParametersRefused({name: ["No parameters are accepted here."] for name in request.query_params})

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store" if response.status_code >= 400 else "public, max-age=300"
        return response


class IndexView(OpenView):
    """The resources of the API.

    The URL of each list and page by its name, with the host and path of the request.
    """

    renderer_classes = (JSONRenderer,)
    answers = {
        "application/json": {
            "type": "object",
            "additionalProperties": {"type": "string", "format": "uri"},
            "example": {"memberships": "https://roster.example.edu/api/memberships"},
        }
    }

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        address = request.build_absolute_uri(request.path).rstrip("/")
        return Response({name: f"{address}/{name}" for name in resource_names()})


class SchemaView(OpenView):
    """This description of the API, OpenAPI 3.

    JSON, or YAML if the `Accept` header requests it.
    """

    renderer_classes = (PreparedJSON, VendorJSON, PreparedYAML, VendorYAML)
    answers = {renderer.media_type: {"type": "object"} for renderer in renderer_classes}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(description(request.accepted_renderer.format, settings.KEY_IN_QUERY, settings.PUBLIC_API))


class DocsView(OpenView):
    """A page for reading and trying the API in a browser.

    Paste a key under “Authorize”. The page loads nothing from other hosts.
    """

    renderer_classes = (SchemaPage,)
    answers = {"text/html": {"type": "string"}}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = render_to_string("roster/docs.html", request=request._request).encode()
        return Response(page, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})


@lru_cache(maxsize=1)
def resource_names() -> list[str]:
    """The last part of every path without an id in the OpenAPI description, in its order."""
    paths = orjson.loads(description("json", settings.KEY_IN_QUERY, settings.PUBLIC_API))["paths"]
    return [name for path in paths if (name := path.removeprefix("/api").lstrip("/")) and "{" not in name]


@lru_cache(maxsize=8)
def description(form: str, *settings_that_it_depends_on: bool) -> bytes:
    """The OpenAPI description as JSON or YAML, generated once in each process."""
    document = SchemaGenerator().get_schema(public=True)
    if form == "yaml":
        return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120).encode()
    return orjson.dumps(document)
