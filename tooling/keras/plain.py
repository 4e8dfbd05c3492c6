"""Arrays as JSON numbers."""

import math

import numpy as np


def plain(value):
    """Nested lists, rounded to 7 decimals, or beyond 1 to 8 significant digits: float32 holds no more."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return value
    if isinstance(value, (int, float)):
        rounded = round(value, 7) if abs(value) < 1 else float(f"{value:.8g}")
        return int(rounded) if rounded == int(rounded) else rounded
    return plain(np.asarray(value).tolist())
