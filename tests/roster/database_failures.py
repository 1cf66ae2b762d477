"""A database that fails when it is asked, as if it had been stopped."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from django.db import OperationalError, connection


@contextlib.contextmanager
def failing(start: int | None = None, *, text: str = "") -> Iterator[list[str]]:
    """Let all statements from this number on fail, or those that hold this text. The statements that were asked."""
    asked: list[str] = []

    def fail(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        asked.append(sql)
        if (start is not None and len(asked) > start) or (text and text in sql):
            raise OperationalError("the connection was lost")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield asked
