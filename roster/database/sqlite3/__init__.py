"""Django's backend for SQLite with the time limit of `roster/database/time_budget.py`."""
