"""What a CollegiateLink / Engage site answered, brought in."""
