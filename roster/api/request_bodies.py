"""Some clients send a body with a GET and call it JSON. The body and its Content-Type are ignored."""

from collections.abc import Callable
from typing import Any


class IgnoreGetBodies:
    """WSGI middleware without which Django reads the query in the charset of the body's Content-Type."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], *args: Any) -> Any:
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            environ.pop("CONTENT_TYPE", None)
        return self.application(environ, *args)
