"""The roster as a folder of CSV files, one for each table: written by `export_roster`, read by `load_roster`.

The files contain no computed values such as search keys and order keys. Accounts are exported without passwords and
permissions; keys, tools and the history of the admin are not exported. docs/deploying.md explains their use.
"""
