"""Faults on real processes: `make faults`. Not part of `make test`."""
