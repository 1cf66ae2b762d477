"""The fast way of a list: its query is built and compiled once, and then only filled in.

Two requests that set the same parameters for the same kind of audience differ in values alone. For each such shape
the QuerySet is built as always, by the words of privacy and filters, but over placeholders; its SQL is kept, and a
request puts its values where the placeholders stand. Rows come as tuples and become items by the columns that the
serializer's fields name. What cannot be prepared (a view or serializer with ways of its own) goes the plain way of
DRF, `roster/reads/item_list.py`, and answers the same.

`listing` is where a view begins; `plan` holds the statements of a shape, made of `statements`, `columns` and, for
lists in the order of a group, `grouped`; `cursor` runs them; `remembered` keeps what was counted.
"""
