"""Compressed responses for clients that accept them: zstd or gzip (docs/api.md, “Compression”)."""

import re

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django_http_compression.middleware import HttpCompressionMiddleware

SMALLEST = 1400
"""Minimum size in bytes of a compressed response: a smaller one fits into one network packet anyway."""


class Compression(HttpCompressionMiddleware):
    """Middleware that compresses JSON responses to GET and HEAD. Pages and files are left to the proxy."""

    content_type_re = re.compile(r"application/([\w.-]+\+)?json\Z")

    def maybe_compress(self, request: HttpRequest, response: HttpResponseBase) -> None:
        is_read = request.method in {"GET", "HEAD"} and response.status_code == 200
        content_type = response.get("Content-Type", "").partition(";")[0]
        if not (is_read and isinstance(response, HttpResponse) and self.content_type_re.match(content_type)):
            return
        if len(response.content) >= SMALLEST:
            patch_vary_headers(response, ("Accept-Encoding",))  # also if not compressed, for caches
            super().maybe_compress(request, response)
