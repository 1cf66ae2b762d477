"""Django's backend for PostgreSQL with the time limit of `roster/database/time_budget.py`."""
