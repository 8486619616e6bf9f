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
#     title: How long a pot stays wet
#     summary: Two invented pots, one with a hole and one without, dry out at different speeds.
#     minutes: 5
#     rounds: [greenhouse]
#     topics: [watering]
#     cards: [drooping-over-wet-soil]
# ---

# %% [markdown]
# # How long a pot stays wet
#
# > **Interviewer:** Both pots got a liter on Monday. On which day would you water each again?


# %% tags=["solution"]
# TASK: Write `days(liters, a_day)`: whole days until less than a tenth is left, when each day loses a share `a_day`.
def days(liters, a_day):
    left, count = liters, 0
    while left >= liters / 10:
        left, count = left * (1 - a_day), count + 1
    return count


# %% tags=["check"]
assert days(1, 0.5) == 4
assert days(2, 0.5) == days(1, 0.5)

# %% tags=["evidence: days-until-dry"]
for name, a_day in (("with a hole", 0.3), ("without", 0.16)):
    print(f"{name:<12} {days(1, a_day):>3} days")

# %% tags=["values"]
{"days-with-a-hole": str(days(1, 0.3))}

# %% [markdown]
# ## What I would say next
#
# The shares are invented; that a hole makes the difference is not. I would weigh both pots rather than count days.
