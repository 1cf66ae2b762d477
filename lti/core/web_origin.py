"""Origins of URLs: scheme, host and port, by which browsers and registrations tell sites apart."""

from urllib.parse import urlsplit

DEFAULT_PORTS = {"https": ":443", "http": ":80"}


def web_origin(url: str) -> str:
    """The origin of a URL as browsers write it: in lower case, without the default port."""
    parts = urlsplit(url.lower())
    return f"{parts.scheme}://{parts.netloc.removesuffix(DEFAULT_PORTS.get(parts.scheme, ''))}"


def spellings(origin: str) -> set[str]:
    """An origin without the default port, and with it."""
    scheme = origin.partition(":")[0]
    has_port = urlsplit(origin).port is not None
    return {origin} if has_port else {origin, f"{origin}{DEFAULT_PORTS.get(scheme, '')}"}
