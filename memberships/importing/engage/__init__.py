"""Imports rosters of a CollegiateLink / Engage site from recorded responses or from a live site.

An import reads its sources twice. The first time it checks every record and collects the references in the records
(`extract`); then it compares these with the database (`diff`); the second time it writes the differences, in batches
and in one transaction (`pipeline`). docs/moving-from-engage.md describes what is stored and what is refused.
"""
