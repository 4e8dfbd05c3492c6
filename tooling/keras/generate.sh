#!/usr/bin/env bash
# Makes a virtual environment with real Keras and regenerates the committed fixtures. The tests need no Python.
set -euo pipefail
cd "$(dirname "$0")"
if [ ! -x .venv/bin/python ]; then
  python3 -m venv .venv
  .venv/bin/pip install --quiet -r requirements.txt
fi
.venv/bin/python generate_patterns.py
.venv/bin/python generate_layers.py
.venv/bin/python generate_options.py
