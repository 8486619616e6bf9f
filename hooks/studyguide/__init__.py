"""Strong Answer: structured interview cards in, a study guide out.

The modules are the stages of one pipeline, in this order; imports run only towards the front of the list:

    problems -> source -> models -> checks -> catalogue -> notebooks -> render -> pages -> site
"""
