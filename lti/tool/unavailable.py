from lti.core.host_state import HostFailed


class CourseUnavailable(HostFailed):
    """An LMS does not answer as needed. The message is for the person who needs its answer."""
