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
#     title: The test that was stopped on day six
#     summary: >-
#       Sample sizes worked out by formula and checked by simulation; then thousands of tests of
#       nothing against nothing, looked at every day, and how many of them win.
#     minutes: 20
#     rounds: [ml-fundamentals, case-study]
#     topics: [experiments, uncertainty, sanity-checks]
#     cards:
#       - design-ab-test
#       - canary-too-small
#       - ab-test-says-flat
#       - p-value-just-under
# ---

# %% [markdown]
# # The test that was stopped on day six
#
# > **Interviewer:** "Checkout converts 4% of visitors. We planned two weeks, 3,000 visitors a day
# > in each arm. Priya opened the dashboard this morning, day six: the new page is ahead, p = 0.03.
# > She has booked the launch for tomorrow and wants you in the photo. Are you in it?"
#
# **Time box:** 20 minutes. My first words: "Was day six the only day on which anybody looked, and
# was anybody free to stop? The p-value answers a question that assumes yes and no."

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import norm

BASE = 0.04
PER_DAY = 3_000  # visitors a day in each arm
ALPHA, POWER = 0.05, 0.80

# %% [markdown]
# Two separate debts here: how many visitors the effect needs, and what looking early does to the
# error rate. I start with the size. For two arms of n, the difference of the rates must stand out
# from its noise both when there is no effect (so that we are rarely fooled) and when there is one
# (so that we rarely miss it).


# %% tags=["solution"]
# TASK: Write `visitors_per_arm(base, lift, alpha=0.05, power=0.80)`: the number of visitors in EACH
# arm (an int, rounded up) for a two-sided z-test on two proportions, `base` and `base + lift`,
# where `lift` is absolute. Use the normal approximation. The check compares with simulated power,
# asks how n grows when the lift is halved, and accepts any of the usual variants of the formula.
def visitors_per_arm(base, lift, alpha=0.05, power=0.80):
    other = base + lift
    pooled = (base + other) / 2
    no_effect = norm.isf(alpha / 2) * np.sqrt(2 * pooled * (1 - pooled))
    effect = norm.isf(1 - power) * np.sqrt(base * (1 - base) + other * (1 - other))
    return int(np.ceil(((no_effect + effect) / lift) ** 2))


# %%
def z_score(wins_a, n_a, wins_b, n_b):
    """Pooled two-proportion z-statistic, B minus A; arrays welcome."""
    pooled = (wins_a + wins_b) / (n_a + n_b)
    return (wins_b / n_b - wins_a / n_a) / np.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))


def simulated_power(rng, n, base, lift, runs=4_000):
    z = z_score(rng.binomial(n, base, runs), n, rng.binomial(n, base + lift, runs), n)
    return (np.abs(z) > norm.isf(ALPHA / 2)).mean()


# %% tags=["check"]
check_rng = np.random.default_rng(1)
n = visitors_per_arm(0.10, 0.02)
assert isinstance(n, int)
assert abs(simulated_power(check_rng, n, 0.10, 0.02) - 0.80) < 0.03
assert 3.8 < visitors_per_arm(0.10, 0.01) / n < 4.2, "half the lift, about four times the visitors"
assert visitors_per_arm(0.10, 0.02, power=0.9) > n > visitors_per_arm(0.10, 0.02, alpha=0.1)

# %% [markdown]
# I do not hand over a formula that I have not seen work, so every row gets its own simulation: the
# planned test run four thousand times with the effect really there. If my arithmetic is right,
# about four in five find it. The last column is the one that Priya needs.

# %% tags=["evidence: sample-size-table"]
rng = np.random.default_rng(7)
rows = []
for relative_lift in (0.02, 0.05, 0.10, 0.20):
    lift = BASE * relative_lift
    n = visitors_per_arm(BASE, lift)
    rows.append(
        {
            "Relative lift": f"{relative_lift:.0%}",
            "New rate": f"{BASE + lift:.2%}",
            "Visitors per arm": f"{n:,}",
            "Days needed": int(np.ceil(n / PER_DAY)),
            "Power, simulated": f"{simulated_power(rng, n, BASE, lift):.2f}",
            "Power after 6 days": f"{simulated_power(rng, 6 * PER_DAY, BASE, lift):.2f}",
        }
    )
sizes = pd.DataFrame(rows).set_index("Relative lift")
sizes

# %% tags=["check"]
assert sizes["Power, simulated"].astype(float).between(0.77, 0.83).all()

# %% [markdown]
# Days are a lower bound: I would round up to whole weeks, since weekend shoppers differ, and the
# formula counts *visitors who are independent and assigned once*. If the same person counts every
# day, or we randomise shops, n has to grow.
#
# Two weeks were a fair plan for a lift of a tenth. Now the second debt. I simulate A/A tests: both
# arms are the same page, so each "winner" is false. Daily counts are added up, and I test every
# day, as the dashboard does.

# %%
DAYS, RUNS = 14, 20_000


def z_paths(rng, lift, days=DAYS, runs=RUNS):
    """One row per experiment, one column per day: the z-score of all data so far."""
    wins_a = rng.binomial(PER_DAY, BASE, (runs, days)).cumsum(axis=1)
    wins_b = rng.binomial(PER_DAY, BASE + lift, (runs, days)).cumsum(axis=1)
    n = PER_DAY * np.arange(1, days + 1)
    return z_score(wins_a, n, wins_b, n)


nothing = z_paths(rng, lift=0)
fixed = norm.isf(ALPHA / 2)
each_day = (np.abs(nothing) > fixed).mean(axis=0)
assert np.all(np.abs(each_day - ALPHA) < 0.008), "a single look must be wrong 5% of the time"
print(
    f"wrong on a given day, if that is the only look: {each_day.min():.3f} to {each_day.max():.3f}"
)

# %% [markdown]
# The assert matters: on any *one* day the test keeps its promise. The trouble is the freedom to
# choose the day.


# %% tags=["solution"]
# TASK: Write `false_alarms_by_day(z, line)`. `z` is an array (experiments x days) of z-scores,
# `line` a number. Return an array with one entry per day: the share of experiments in which |z| has
# been above `line` on that day or on ANY day before it.
def false_alarms_by_day(z, line):
    return np.logical_or.accumulate(np.abs(z) > line, axis=1).mean(axis=0)


# %% tags=["check"]
paths = np.array([[0.5, 2.5, 0.1], [-3.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 2.1]])
assert np.allclose(false_alarms_by_day(paths, 2.0), [0.25, 0.5, 0.75])
assert np.allclose(false_alarms_by_day(paths, 5.0), 0)

# %% [markdown]
# Looking is not a sin if the line is drawn for it. The simplest such line is one constant for all
# looks (Pocock's boundary). I take it from one half of the simulated A/A tests, as the value that
# only 5% of experiments *ever* cross in two weeks, and try it on the other half.

# %% tags=["evidence: false-alarms-from-peeking"] alt="Share of A/A tests that have shown a winner by each day. Stopping at the first p below 0.05 climbs day by day far above the dotted five percent line; with the line drawn for daily looks it stays at about five percent at the end of the two planned weeks"
first_half, second_half = nothing[: RUNS // 2], nothing[RUNS // 2 :]
daily_line = np.quantile(np.abs(first_half).max(axis=1), 1 - ALPHA)
peeking = false_alarms_by_day(second_half, fixed)
drawn_for_it = false_alarms_by_day(second_half, daily_line)

day = np.arange(1, DAYS + 1)
fig, ax = plt.subplots()
ax.plot(day, 100 * peeking, "o-", color="C1", label="stop at the first p < 0.05")
ax.plot(day, 100 * drawn_for_it, "o-", color="C0", label="line drawn for daily looks")
ax.axhline(100 * ALPHA, color="C4", linestyle=":")
ax.set(xlabel="Day of the test (one look a day)", ylabel="A/A tests with a winner (%)")
ax.set_ylim(0, 25)
ax.legend(loc="upper left")
plt.show()

# %% tags=["check"]
assert peeking[5] > 2 * ALPHA, "six looks must already be costly"
assert abs(drawn_for_it[-1] - ALPHA) < 0.01, "the drawn line must hold on tests it has not seen"

# %% [markdown]
# By day six the error rate is already a multiple of the one we promised. What does honesty cost
# when the page *is* better by a tenth? I compare three rules: look once at the end; stop at the
# first p < 0.05; stop at the drawn line. Beside power I note the lift that each rule would report,
# among tests that declare the new page the winner: stopping at a lucky moment also flatters the
# size.

# %%
LIFT = 0.10 * BASE
better = z_paths(rng, LIFT)
spread = np.sqrt(2 * (BASE + LIFT / 2) * (1 - BASE - LIFT / 2) / (PER_DAY * day))
observed_lift = better * spread / BASE  # from z back to a relative lift


def judge(name, line, looks, error):
    crossed = (np.abs(better) > line) & np.isin(day, looks)
    stops = crossed.any(axis=1)
    stop_day = crossed.argmax(axis=1)
    won = stops & (better[np.arange(RUNS), stop_day] > 0)
    days_used = np.where(stops, stop_day + 1, DAYS)
    return {
        "Rule": name,
        "False alarms": f"{error:.1%}",
        "Power": f"{won.mean():.0%}",
        "Days, on average": f"{days_used.mean():.1f}",
        "Reported lift (true 10%)": f"{observed_lift[won, stop_day[won]].mean():.1%}",
    }


rules = pd.DataFrame(
    [
        judge("One look, day 14", fixed, [DAYS], (np.abs(second_half[:, -1]) > fixed).mean()),
        judge("First p < 0.05", fixed, day, peeking[-1]),
        judge("Line for daily looks", daily_line, day, drawn_for_it[-1]),
    ]
).set_index("Rule")
rules

# %% [markdown]
# Peeking looks best on power and days, which is why it is popular, and the price stands in the
# other columns. The drawn line gives most of the speed with the error rate kept; it pays in power,
# which a somewhat longer plan buys back. Both rules that stop early report too large a lift, so the
# launch forecast should not use it.

# %% tags=["values"]
{
    "visitors-for-10-percent": sizes.loc["10%", "Visitors per arm"],
    "visitors-for-2-percent": sizes.loc["2%", "Visitors per arm"],
    "power-10-percent-day-6": sizes.loc["10%", "Power after 6 days"],
    "false-alarms-6-looks": f"{peeking[5]:.0%}",
    "false-alarms-14-looks": f"{peeking[-1]:.0%}",
    "false-alarms-drawn-line": f"{drawn_for_it[-1]:.1%}",
    "drawn-line-z": f"{daily_line:.2f}",
    "drawn-line-p": f"{2 * norm.sf(daily_line):.3f}",
    "reported-lift-peeking": rules.loc["First p < 0.05", "Reported lift (true 10%)"],
}

# %% [markdown]
# ## What I would say next
#
# Not in tomorrow's photo. By the line for daily looks, p = 0.03 is not enough, and the plan runs
# eight more days. If the test keeps its lead to day fourteen I will say so with an interval, and
# the first looks will not be held against it, provided that we commit today to stop for success on
# no earlier day.
# Stopping for harm is another matter: a guardrail may end a test early, because a false alarm there
# costs less.
#
# For the next test I would put the looks into the plan: a group-sequential boundary, or intervals
# that stay valid at any time. Which one depends on how soon stopping pays; a boundary of the
# O'Brien-Fleming kind is strict early and keeps nearly the full power at the end.
#
# Unsure here: days are alike in my simulation and visitors come once. With another hour I would
# rerun it with the weekly pattern and repeat visitors from last month's log, and check the split of
# traffic.
