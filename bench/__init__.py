"""Figures, measured on servers of their own: ``python -m bench`` and ``python -m bench.faults``."""
