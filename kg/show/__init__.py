"""Answer → text, JSON, page or network view. No reasoning."""
