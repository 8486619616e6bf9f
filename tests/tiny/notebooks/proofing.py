# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   studyguide:
#     title: How long a dough needs
#     summary: An invented kitchen in which warmth shortens the proof, to test what a notebook can do.
#     minutes: 5
#     rounds: [bench]
#     topics: [fermentation]
#     cards: [dense-loaf]
# ---

# %% [markdown]
# # How long a dough needs
#
# > **Interviewer:** The kitchen was 27 degrees tonight. When do you come in?

# %%
import pandas as pd

kitchen = pd.read_csv("data/proofing-kitchen.csv")


# %% tags=["solution"]
# TASK: Write `hours(degrees)`: 6 hours at 20 degrees, a third less for each 5 degrees more.
def hours(degrees):
    return 6 * (2 / 3) ** ((degrees - 20) / 5)


# %% tags=["check"]
assert round(hours(20), 6) == 6
assert round(hours(25), 6) == 4

# %% tags=["evidence: time-by-warmth"]
kitchen.assign(hours=kitchen["degrees"].map(hours).round(1))

# %% tags=["values"]
{"hours-at-25": f"{hours(25):.1f}"}

# %% [markdown]
# ## What I would say next
#
# The numbers are invented; the direction is not.
