"""Figures, on servers of their own: ``python -m bench``, ``bench.faults``, ``bench.planted`` and ``bench.audit``."""
