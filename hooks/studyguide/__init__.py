"""Strong Answer: structured interview cards in, a study guide out.

One folder a stage, each importing only from those below it; the order stands in pyproject.toml ([tool.importlinter]),
and `make lint` holds it.
"""
