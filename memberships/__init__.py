"""Who holds which position, and when."""
