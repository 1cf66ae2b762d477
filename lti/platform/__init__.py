"""This server as an LTI platform: who its tools are, what they may ask, how people open them (docs/lti/README.md)."""
