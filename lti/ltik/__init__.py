"""The ltik API: `/api/memberships` for the backend of a tool, which sends an ltik with its API key."""
