"""The common code of all resources of the API."""
