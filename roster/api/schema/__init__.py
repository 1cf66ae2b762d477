"""What the API says of itself: OpenAPI at `/api/schema/`, read from the code that answers; `/api/docs/` shows it."""
