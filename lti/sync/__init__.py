"""The members of a linked course become members of the organization, and leave it when they leave the course."""
