"""The people of a campus, and who may ask about them."""
