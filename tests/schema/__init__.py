"""The OpenAPI document of the API at /api/schema/, compared with what the API does."""
