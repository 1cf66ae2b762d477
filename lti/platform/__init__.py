"""This server as an LTI platform: tool registration, access tokens and launches (docs/lti/README.md)."""
