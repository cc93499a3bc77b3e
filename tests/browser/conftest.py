"""The browser that all tests of this folder share: a visible skip where there is none, a failure in CI."""

import os

import pytest

MISSING = "Chromium was not found: apt install chromium, or name it in CRMKIT_CHROMIUM"


@pytest.fixture(scope="module")
def chromium():
    if os.environ.get("CI"):
        import jupyterlab_driver as driver
    else:
        driver = pytest.importorskip(
            "jupyterlab_driver", reason="playwright is not installed (extra: test)"
        )
    if driver.chromium_path() is None:
        if os.environ.get("CI"):
            pytest.fail(f"{MISSING}; in CI the browser tests may not be skipped")
        pytest.skip(MISSING)
    with driver.browser() as started:
        yield started
