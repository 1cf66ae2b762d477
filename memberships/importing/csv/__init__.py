"""The roster as a folder of CSV files, one a table: written by `export_roster`, read by `load_roster`.

The files hold what cannot be worked out anew: no search keys and no order keys. Accounts travel without passwords and
rights, and keys, tools and the history of the admin not at all. docs/deploying.md explains their use.
"""
