from lti.tool.unavailable import CourseUnavailable


class LaunchRefused(Exception):
    """A login, launch or registration is refused: the status of the answer, and a message for the person."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    @classmethod
    def from_unavailable(cls, error: CourseUnavailable) -> "LaunchRefused":
        return cls(504 if error.timed_out else 502, str(error))
