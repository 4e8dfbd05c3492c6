"""The main module of a Python contestant's process: the contract of `src/messages.ts`."""

import importlib.util
import json
import os
import resource
import sys
import time

LIBRARIES = {
    "keras": ("keras_contestant", ["keras", "tensorflow"]),
    "pytorch": ("torch_contestant", ["torch"]),
    "pytorch-2-threads": ("torch_contestant", ["torch"]),
}


def main():
    answers = os.fdopen(3, "w", buffering=1)

    def say(**reply):
        answers.write(json.dumps(reply) + "\n")

    module, needed = LIBRARIES[sys.argv[1]]
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        say(kind="absent", why=f"{' and '.join(missing)} is not installed")
        return
    contestant = importlib.import_module(module)
    say(kind="hello", version=contestant.VERSION)
    step = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["kind"] == "memory":
                say(kind="memory", peakBytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
            elif request["kind"] == "prepare":
                step = contestant.prepare(request["task"])
                say(kind="ready")
            else:
                say(**run(step, request["steps"]))
        except Exception as error:  # noqa: BLE001 - the parent prints it
            say(kind="failed", message=repr(error))


def run(step, steps):
    milliseconds, values = [], []
    for _ in range(steps):
        start = time.perf_counter()
        value = step()
        milliseconds.append((time.perf_counter() - start) * 1000)
        values.append(value() if callable(value) else value)
    return {"kind": "ran", "milliseconds": milliseconds, "values": values}


main()
