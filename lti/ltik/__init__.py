"""The ltik API: `/api/memberships` for a tool's own backend, which shows an ltik and its API key."""
