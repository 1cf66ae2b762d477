"""Find the end of a request in the bytes that a connection has received so far (RFC 9112).

gunicorn's parser reads the request itself, and refuses malformed ones.
"""

import re

HEAD_LIMIT = 65_536
"""Maximum bytes of the request line and the headers together."""

BODY_LIMIT = 2_621_440
"""Maximum bytes of a body: the default of Django's DATA_UPLOAD_MAX_MEMORY_SIZE."""

_MAX_LINE_LENGTH = 8_192
_END_OF_HEAD = b"\r\n\r\n"
_BARE_NEWLINE = re.compile(rb"(?<!\r)\n")
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]+)[ \t]*(?=\r\n)", re.IGNORECASE)
_NAMES_LENGTH = re.compile(rb"\ncontent-length", re.IGNORECASE)
_TRANSFER_ENCODING = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_HTTP_1_1 = re.compile(rb"(?:\r\n)?[^\r\n]* HTTP/1\.1\r\n")
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_ORIGIN = re.compile(rb"\r\norigin:[ \t]*([!-~]{1,300})[ \t]*\r\n", re.IGNORECASE)
_PROBE = re.compile(rb"(?:GET|HEAD) (/healthz|/readyz)/?(?:\?[!-~]*)? HTTP/1\.[01]\r\n")


class Incoming:
    """The received bytes of a connection that are not yet used by a request."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._start_over()

    def _start_over(self) -> None:
        self.end: int | None = None
        """The length of the first request in bytes; None while its head is incomplete."""
        self.is_last = False
        """Is the start of a next request unknown? Then the connection closes after this one."""
        self.has_long_head = False
        self.has_long_body = False
        self.expects_continue = False
        self._searched = 0

    @property
    def is_ready(self) -> bool:
        """Has a complete request arrived, or data that cannot become one?"""
        return self.end is not None and len(self.data) >= self.end

    def add(self, data: bytes) -> bool:
        """Append received data; returns `is_ready`."""
        self.data += data
        if self.end is None:
            self._find_head()
        return self.is_ready

    def take(self) -> bytes:
        """Remove the first request, as far as it has arrived."""
        end = len(self.data) if self.end is None else self.end
        taken = bytes(memoryview(self.data)[:end])
        del self.data[:end]
        self._start_over()
        return taken

    def parse_buffered(self) -> bool:
        """Look for the next request in the data that is left after `take`; returns `is_ready`."""
        return self.add(b"")

    def probe(self) -> bytes | None:
        """The path of a health check, if that is what the first request is."""
        found = _PROBE.match(self.data)
        return found[1] if found else None

    def _find_head(self) -> None:
        end = self.data.find(_END_OF_HEAD, max(0, self._searched - 3))
        if end >= 0:
            self._read_head(bytes(memoryview(self.data)[: end + 2]), end + len(_END_OF_HEAD))
        elif _BARE_NEWLINE.search(self.data, max(0, self._searched - 1)):
            self._stop_parsing()  # with other line ends, the end of the head would not be found
        elif len(self.data) > HEAD_LIMIT:
            if self.data.find(b"\r\n", 2) < 0:
                # A request line that is too long is only refused after its headers have arrived, because a browser can
                # only read the response if it names the Origin.
                del self.data[_MAX_LINE_LENGTH + 2 : -3]
            else:
                self.has_long_head = True
                self._stop_parsing()
        self._searched = len(self.data)

    def _stop_parsing(self) -> None:
        self.end, self.is_last = len(self.data), True

    def _read_head(self, head: bytes, end: int) -> None:
        self.end = end
        self.has_long_head = end > HEAD_LIMIT
        self.expects_continue = _HTTP_1_1.match(head) is not None and _EXPECT.search(head) is not None
        named = len(_NAMES_LENGTH.findall(head))
        lengths = [digits.lstrip(b"0") for digits in _CONTENT_LENGTH.findall(head)]
        is_unclear = named != len(lengths) or named > 1  # the data after it is then not read as a request
        if self.has_long_head or is_unclear or _TRANSFER_ENCODING.search(head):
            self.is_last = True
        elif lengths and (len(lengths[0]) > len(str(BODY_LIMIT)) or int(lengths[0] or b"0") > BODY_LIMIT):
            self.is_last = self.has_long_body = True
        elif lengths:
            self.end += int(lengths[0] or b"0")


def origin(request: bytes) -> str:
    """The Origin header of a request, read or not; "" without one."""
    found = _ORIGIN.search(request)
    return found[1].decode() if found else ""
