"""Organizations and their positions."""
