from lti.tool.unavailable import CourseUnavailable


class LaunchRefused(Exception):
    """A login, launch or registration that is not taken: the status of the answer, and words for whoever made it."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status

    @classmethod
    def from_unavailable(cls, error: CourseUnavailable) -> "LaunchRefused":
        return cls(504 if error.timed_out else 502, str(error))
