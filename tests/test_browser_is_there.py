"""The browser that the stories are driven with; the stories themselves stand beside."""

import pytest


@pytest.mark.browser
def test_chromium_shows_a_page(chromium):
    page = chromium.new_page()
    page.set_content("<h1>SamSam</h1>")

    assert page.get_by_role("heading").inner_text() == "SamSam"
    page.close()
