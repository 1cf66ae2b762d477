"""Syncs: bring the memberships of an organization in line with the members of its linked course."""
