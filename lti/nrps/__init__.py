"""The Names and Role Provisioning Service 2.0: an organization's roster as an LTI tool reads it."""
