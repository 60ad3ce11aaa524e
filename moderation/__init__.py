"""Decisions about what people wrote, each with its reason."""
