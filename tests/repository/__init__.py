"""Rules of the repository itself: import order, databases, files."""
