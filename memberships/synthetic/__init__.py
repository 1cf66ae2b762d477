"""A made-up campus of any size, the same for the same seed: what `manage.py generate_campus` writes."""
