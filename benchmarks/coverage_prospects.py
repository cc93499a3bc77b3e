"""Coverage of the intervals of `crmkit.prospects`."""

from __future__ import annotations

from benchmarks import (
    coverage_prospects_acquisition,
    coverage_prospects_noncustomers,
    coverage_prospects_referral,
)

ENTRIES = [
    *coverage_prospects_noncustomers.ENTRIES,
    *coverage_prospects_acquisition.ENTRIES,
    *coverage_prospects_referral.ENTRIES,
]
