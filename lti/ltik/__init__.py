"""The ltik API: `/api/memberships` for the backend of a tool, which sends an ltik or a service key with its API key."""
