from lti.course.unavailable import CourseUnavailable


class Refused(Exception):
    """A login, launch or registration that is not taken: the status of the answer, and words for whoever made it."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status

    @classmethod
    def because(cls, error: CourseUnavailable) -> "Refused":
        return cls(504 if error.timed_out else 502, str(error))
