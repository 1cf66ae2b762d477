"""This server as a tool of learning management systems: registration, launches from courses, and their rosters."""
