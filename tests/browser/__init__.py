"""Tests in a browser. What a visitor asserts, tells what it found, as a test does."""

import pytest

pytest.register_assert_rewrite("tests.browser.visitor", "tests.browser.portal")
