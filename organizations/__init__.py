"""What there is to belong to: organizations and their positions."""
