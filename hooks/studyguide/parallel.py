"""The same work on many things, on several processors at once."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from math import ceil
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_parts(work: Callable[[Sequence[T]], R], things: Sequence[T], *, least: int) -> list[R]:
    """What ``work`` returns for each part of the things, in their order; every part has at least so many things.

    All parts but the first are done by forked processes: they begin with everything in memory as it is, so only what
    ``work`` returns has to be picklable. Where a process cannot be forked safely, or there are few things, all of them
    are one part. A part that fails elsewhere is done again here, so that its error is raised as if it had been here.
    """
    number = min(_processors(), len(things) // least)
    if number < 2:
        return [work(things)]
    size = ceil(len(things) / number)
    first, *others = (things[start : start + size] for start in range(0, len(things), size))
    context = multiprocessing.get_context("fork")
    running = []
    for part in others:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_tell, args=(sender, work, part))
        process.start()
        sender.close()  # so that the end of the process ends the pipe
        running.append((part, process, receiver))
    try:
        return [work(first), *(_told(receiver, work, part) for part, _, receiver in running)]
    except BaseException:
        for _, process, _ in running:
            process.kill()  # it may wait for its result to be taken, and nobody will
        raise
    finally:
        for _, process, receiver in running:
            process.join()
            receiver.close()


def pool(jobs: int) -> ProcessPoolExecutor:
    """So many processes for longer work. They end with this one, even where it is killed and cannot tell them."""
    return ProcessPoolExecutor(jobs, initializer=_end_with_parent)


def as_they_end(futures: Iterable[Future[R]]) -> Iterator[Future[R]]:
    """Each future once it is done, as ``concurrent.futures.as_completed`` has it, but with no wait over a second.

    A signal that comes just before Python waits for a lock is handled only when the lock comes: a command that is
    stopped in that moment would wait for all of its work.
    """
    running = set(futures)
    while running:
        done, running = wait(running, timeout=1, return_when=FIRST_COMPLETED)
        yield from done


def _end_with_parent() -> None:
    def watch() -> None:  # a process of a pool has a parent
        multiprocessing.parent_process().join()  # type: ignore[union-attr]
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _processors() -> int:
    """How many processes may share the work: one where a fork is not safe.

    It copies no other thread, and the libraries of macOS have threads that Python does not know.
    """
    safe = sys.platform.startswith("linux") and threading.active_count() == 1
    return os.cpu_count() or 1 if safe else 1


def _tell(sender: Connection, work: Callable[[Sequence[T]], R], part: Sequence[T]) -> None:
    try:
        result = work(part)
    except Exception:  # the pipe ends without a word, and whoever waits does the part again
        return
    sender.send(result)


def _told(receiver: Connection, work: Callable[[Sequence[T]], R], part: Sequence[T]) -> R:
    try:
        result: R = receiver.recv()
    except EOFError:
        return work(part)
    return result
