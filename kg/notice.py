"""What every surface says."""

from __future__ import annotations

DISCLAIMER = (
    "For teaching and research only. This is not medical advice and diagnoses nobody. "
    "In an emergency call your local emergency number."
)
