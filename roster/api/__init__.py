"""The plumbing that every resource of the API shares."""
