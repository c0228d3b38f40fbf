"""Other processes of a run: the same work on another database, and many writers at once."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from benchmarks import database, memory


class Peer:
    """A process on one of the databases that runs named functions and answers with their results."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "benchmarks.peers", url]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        memory.watch(self.process.pid, "other process")

    def start(self, function: str, **arguments: Any) -> None:
        """Ask for module:function(**arguments) without waiting."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([function, arguments]) + "\n")
        self.process.stdin.flush()

    def result(self) -> Any:
        assert self.process.stdout is not None
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("a process of the benchmark has ended; its error stands above")
        return json.loads(answer)

    def call(self, function: str, **arguments: Any) -> Any:
        self.start(function, **arguments)
        return self.result()

    def close(self) -> None:
        assert self.process.stdin is not None
        memory.leave(self.process.pid)
        self.process.stdin.close()
        self.process.wait()


def serve(url: str) -> None:
    database.use(url)
    from importlib import import_module  # after Django, for the functions use models

    for line in sys.stdin:
        name, arguments = json.loads(line)
        module, function = name.split(":")
        print(json.dumps(getattr(import_module(module), function)(**arguments)), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
