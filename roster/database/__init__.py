"""Django's database backends, with a limit to how long a request waits for the database."""
