"""Writes fixtures."""

import json


def write(target, heading, sections):
    """One line a case, so that a change shows which ones it touched."""
    lines = [f'"{key}": {json.dumps(value)}' for key, value in heading.items()]
    for key, items in sections.items():
        rows = ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
        lines.append(f'"{key}": [\n{rows}\n]')
    temporary = target.with_suffix(".tmp")
    temporary.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    temporary.replace(target)
