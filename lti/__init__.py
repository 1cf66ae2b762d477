"""The same memberships for LTI: every organization is a Names and Roles roster."""
