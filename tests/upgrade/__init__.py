"""Databases of earlier releases are upgraded to the newest schema, and everything opens.

`VERSION.sqlite.sql` and `VERSION.postgresql.sql` hold a small database of a release, with rows in every table that has
pages. `python -m tests.upgrade.dump VERSION`, run with `DATABASE_URL` of a new and empty database, writes such a file
when a release is made; it stays as it is from then on.
"""
