"""Django's backend for SQLite, whose requests wait for a lock for so long and no longer."""
