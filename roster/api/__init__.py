"""What all resources of the API share."""
