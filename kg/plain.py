"""Text without what could harm a screen or a file: control characters, and halves of characters."""

from __future__ import annotations

import re

HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    r"""The text with each harmful character replaced, so that it cannot move the cursor or colour the screen.

    >>> clean("numb\x1b[31m foot")
    'numb�[31m foot'
    """
    return HARMFUL.sub("�", text)
