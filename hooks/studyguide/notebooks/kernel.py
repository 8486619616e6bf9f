"""A Python kernel for notebooks that may come from strangers: no network, no writes outside a scratch folder.

Run by path with ``python -P`` (this folder holds modules named like the standard library's). The guard is an audit hook
(PEP 578), which code in the notebook cannot remove. It is a seat belt, not a jail: a hostile notebook is stopped by the
limits of the machine that builds it, which has no secrets; this stops accidents and lazy attacks, with a message.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from typing import Any

#: Bytes of memory that a notebook may ask for. Ours ask for some 400 MB; a small machine runs several kernels at once.
MEMORY = 2 * 1024**3
_LOOPBACK = ("127.", "::1", "localhost")
_WRITES = frozenset(
    {"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}
)
_PROCESSES = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "pty.spawn"}
)


def _guard(scratch: str) -> None:
    root = os.path.realpath(scratch) + os.sep
    devices = ("/dev/null", "/dev/tty")

    def inside(path: object) -> bool:
        if isinstance(path, int):
            return True  # an open descriptor was opened under this guard, or belongs to the kernel
        name = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
        return name in devices or (name + os.sep).startswith(root)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = (
                any(letter in mode for letter in "wax+")
                if isinstance(mode, str)
                else bool(flags & (os.O_WRONLY | os.O_RDWR))
            )
            if writes and path is not None and not inside(path):
                raise PermissionError(
                    f"a notebook must not write files, found a write to {path!r}: keep data in memory"
                )
        elif event in _WRITES:
            if arguments and arguments[0] is not None and not inside(arguments[0]):
                raise PermissionError(
                    f"a notebook must not change files, found {event}({arguments[0]!r}): remove the call"
                )
        elif event == "socket.connect":
            address = arguments[1]
            host = str(address[0]) if isinstance(address, tuple) else "localhost"
            if not host.startswith(_LOOPBACK):
                raise PermissionError(
                    f"a notebook must not use the network, found a connection to {host}: bundle the data"
                )
        elif event == "socket.getaddrinfo":
            host = str(arguments[0])
            if arguments[0] is not None and not host.startswith(_LOOPBACK):
                raise PermissionError(
                    f"a notebook must not use the network, found a look-up of {host}: bundle the data"
                )
        elif event in _PROCESSES:
            raise PermissionError(f"a notebook must not start programs, found {event}: use Python")

    sys.addaudithook(hook)


def _limit_memory() -> None:
    """On Linux only: elsewhere the system has no such limit, or has it and does not enforce it."""
    if sys.platform == "linux":
        import resource

        # DATA, not AS: numerical libraries map far more address space than they use.
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def _refuse_what_is_no_text() -> None:
    """Half a surrogate pair cannot be printed by Python itself; a kernel would lose it, and all that was printed."""
    from ipykernel.iostream import OutStream

    write = OutStream.write

    def strict(stream: OutStream, text: str) -> int | None:
        str.encode(text)
        return write(stream, text)

    OutStream.write = strict  # type: ignore[assignment, method-assign]


def main() -> None:
    """Start the kernel; the arguments are those of ``python -m ipykernel_launcher``."""
    # Imported before the guard: matplotlib writes its font list on first use, ipykernel asks the system questions.
    with suppress(ImportError):  # a guide's notebooks may do without
        import matplotlib.font_manager
        import matplotlib.pyplot  # noqa: F401
    from ipykernel.kernelapp import IPKernelApp
    from IPython.core.page import as_hook, display_page

    app = IPKernelApp.instance()
    _refuse_what_is_no_text()
    _limit_memory()
    app.initialize(sys.argv[1:])  # type: ignore[no-untyped-call]
    # What goes to a pager is no output, and would be lost.
    app.shell.set_hook("show_in_pager", as_hook(display_page))  # type: ignore[union-attr, no-untyped-call]
    # A temporary folder of its own, so that a library that needs scratch space still works.
    with tempfile.TemporaryDirectory(prefix="notebook-") as scratch:
        tempfile.tempdir = scratch
        _guard(scratch)
        app.start()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
