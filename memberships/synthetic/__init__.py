"""A synthetic campus of any size, the same for the same seed, written by `manage.py generate_campus`."""
