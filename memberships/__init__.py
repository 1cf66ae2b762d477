"""Memberships: who holds which position, and when."""
