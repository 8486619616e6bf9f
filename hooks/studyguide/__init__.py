"""Strong Answer: structured interview cards in, a study guide out.

One folder a stage; each imports only from those below it (`tests/repository/test_layering.py` holds the order):

    problems, files, parallel, cache -> content -> text -> checks -> catalogue -> notebooks -> pages -> exports -> site
    -> authoring -> cli
"""
