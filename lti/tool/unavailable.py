from lti.core.host_state import HostFailed


class CourseUnavailable(HostFailed):
    """An LMS does not tell what it was asked, in words for whoever asked for it."""
