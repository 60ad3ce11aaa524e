"""Fixtures for every test."""

import pytest
from django.utils import translation


@pytest.fixture
def english():
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield
