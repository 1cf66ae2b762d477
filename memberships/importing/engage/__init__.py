"""Rosters of a CollegiateLink / Engage site, in: recorded answers or a live site, read, checked and written.

An import reads its sources twice. The first time it checks every record and gathers what the records refer to
(`gathering`); then it compares that with what is kept here (`planning`); the second time it writes what differs, in
batches and in one transaction (`writing`). docs/moving-from-engage.md describes what is kept and what is refused.
"""
