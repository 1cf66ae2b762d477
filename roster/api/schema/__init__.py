"""The OpenAPI description at `/api/schema/`, generated from the code of the API; `/api/docs/` shows it."""
