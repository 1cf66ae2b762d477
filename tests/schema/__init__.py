"""What the API says of itself at /api/schema/, compared with what it does."""
