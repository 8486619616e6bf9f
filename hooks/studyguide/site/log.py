"""The log of a build: one that strict mode counts, the time of each stage, and the reason why a build ends early."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from mkdocs.exceptions import Abort

# A logger below "mkdocs", because strict mode counts the warnings of no other.
log = logging.getLogger("mkdocs.studyguide")

NOT_BUILT = "The guide was not built; what was built before is untouched."


def stopped(message: str, *arguments: object) -> Abort:
    """The end of this build, once its reason is logged; for `raise`."""
    log.error(message, *arguments)
    return Abort(NOT_BUILT)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Log how long a stage took, for `mkdocs build --verbose` and the benchmark."""
    began = time.perf_counter()
    yield
    log.debug("Stage %s: %.3f s", name, time.perf_counter() - began)
