"""Lists without HTTP: compiled queries, keyset paging, cached totals and keys.

The query of a list is built and compiled once for each shape: the set parameters and the kind of audience. Requests of
one shape differ only in values. The QuerySet is built with the usual methods of privacy and filters, but with
placeholders; its SQL is stored, and each request fills in its values. Rows are read as tuples and rendered as items
from the columns that the serializer's fields declare. A list that cannot be compiled (because a view or serializer
overrides methods) is read by Django and DRF (`item_list.py`), with the same result.

A view passes a `ListRequest` to `compiled_list`. `list_queries` contains the statements of a shape, made of
`statements`, `columns` and, for lists ordered by a related row, `lateral_pages`. `raw_cursor` runs them. `list_cache`
stores totals, keys and keyset checkpoints.
"""
