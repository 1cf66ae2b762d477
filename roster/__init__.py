"""The people of a campus, API keys, and the common code of all apps."""
