class CourseUnavailable(Exception):
    """An LMS does not tell what it was asked, in words for whoever asked for it."""

    def __init__(self, words: str, *, timed_out: bool = False) -> None:
        super().__init__(words)
        self.timed_out = timed_out
