"""What gunicorn itself says, in the form of all lines of the log."""

from typing import Any

from gunicorn import glogging

from roster.logs import JSONFormatter


class Logger(glogging.Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JSONFormatter())
