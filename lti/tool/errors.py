"""Refusals of logins, launches and registrations."""

from lti.tool.unavailable import CourseUnavailable


class LaunchRefused(Exception):
    """A login, launch or registration is refused: the status of the answer, and a message for the person."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    @classmethod
    def from_unavailable(cls, error: CourseUnavailable) -> "LaunchRefused":
        return cls(504 if error.timed_out else 502, str(error))


class LoginNotFound(LaunchRefused):
    """This browser has no login of the state and nonce of a launch, or has used it."""

    def __init__(self) -> None:
        super().__init__(
            401,
            "This launch did not start in this browser, is too old, or was sent twice. Open the link in the course "
            "again. If that does not help, your browser stores no cookies on a page embedded in another site: ask "
            "for the link to be opened in a new window.",
        )
