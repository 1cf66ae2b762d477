"""Django's database backends with a limit on the time that a request waits for the database."""
