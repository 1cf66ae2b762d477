"""Django's backend for PostgreSQL, whose requests wait for so long and no longer."""
