"""Figures for the municipality: for the team in full, and what may be shared."""
