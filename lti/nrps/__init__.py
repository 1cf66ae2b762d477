"""The Names and Role Provisioning Service 2.0: the roster of an organization, for LTI tools."""
