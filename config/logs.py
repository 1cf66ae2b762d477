"""The logger of gunicorn, with the JSON format of the application's log."""

from typing import Any

from gunicorn import glogging

from roster.logs import JSONFormatter


class Logger(glogging.Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JSONFormatter())
