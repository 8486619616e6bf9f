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
#     title: Thirty cases, three error bars
#     summary: >-
#       Averages drawn thousands of times from skewed histories. How fast they become normal, how
#       often the usual interval holds the truth, and two ways in which the square root of n breaks.
#     minutes: 20
#     rounds: [ml-fundamentals, case-study]
#     topics: [uncertainty, experiments, sanity-checks]
#     cards: [central-limit-theorem, standard-deviation-or-error, law-of-large-numbers]
# ---

# %% [markdown]
# # Thirty cases, three error bars
#
# > **Interviewer:** "Our dashboard shows three averages per store: minutes per delivery, euros per
# > basket, and the share of visitors who buy. Each has an error bar of two standard errors and is
# > shown from 30 cases on, because of the central limit theorem. Halima has to decide which bars
# > may stay. What do you tell her?"
#
# **Time box:** 20 minutes. I would say first: "The theorem is about averages, not about cases, and
# it has no 30 in it. We have long histories, so I can draw small samples and count how often a bar
# holds the truth."

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

rng = np.random.default_rng(7)
SIZE = 200_000
histories = {
    "Minutes": rng.gamma(4, 10, SIZE),  # somewhat skewed
    "Euros": rng.lognormal(3, 1, SIZE),  # a long tail
    "Bought": (np.arange(SIZE) < SIZE // 100).astype(float),  # one visitor in a hundred
}


def skewness(values):
    return (((values - values.mean()) / values.std()) ** 3).mean()


pd.DataFrame(
    {
        name: {"Mean": h.mean(), "Standard deviation": h.std(), "Skewness": skewness(h)}
        for name, h in histories.items()
    }
).T.round(2)

# %% [markdown]
# The histories are invented, and all figures here are assumptions. I treat each history as the
# whole truth: its mean is known, and a sample is `n` cases drawn from it with replacement, so the
# cases are independent.


# %% tags=["solution"]
# TASK: Write `draw(history, n, repeats, rng)` that draws `repeats` independent samples of n cases
# each, with replacement, and returns two arrays of length `repeats`: the average of each sample,
# and its standard deviation (ddof=1).
def draw(history, n, repeats, rng):
    averages, deviations = np.empty(repeats), np.empty(repeats)
    at_once = max(1, 1_000_000 // n)  # so that the memory stays small
    for i in range(0, repeats, at_once):
        part = slice(i, min(i + at_once, repeats))
        cases = history[rng.integers(0, len(history), (part.stop - i, n), dtype=np.int32)]
        averages[part], deviations[part] = cases.mean(axis=1), cases.std(axis=1, ddof=1)
    return averages, deviations


# %% tags=["check"]
coin = np.array([0.0, 1.0])
averages, deviations = draw(coin, 50, 20_000, np.random.default_rng(1))
assert averages.shape == deviations.shape == (20_000,)
assert abs(averages.mean() - 0.5) < 0.002 and abs(averages.std() - 0.5 / np.sqrt(50)) < 0.002
assert abs((deviations**2).mean() - 0.25) < 0.001, "divide by n - 1"

# %% [markdown]
# First which spread is which, on the deliveries. The standard deviation describes cases; the
# standard error is the spread of the average, from sample to sample. The formula predicts the
# second from the first.

# %% tags=["evidence: deviation-and-error"]
minutes = histories["Minutes"]
rows = {}
for n in (25, 100, 400, 1_600):
    averages, deviations = draw(minutes, n, 4_000, rng)
    rows[n] = {
        "SD of cases": deviations.mean(),
        "Spread of averages": averages.std(),
        "sd / sqrt(n)": minutes.std() / np.sqrt(n),
    }
spreads = pd.DataFrame(rows).T.rename_axis("Deliveries in a sample")
spreads.round(2)

# %% tags=["check"]
assert np.allclose(spreads.iloc[:, 1], spreads.iloc[:, 2], rtol=0.05), "the formula fails"
assert spreads.iloc[:, 0].between(19, 21).all(), "the spread of cases should stay near 20"

# %% [markdown]
# Four times the cases halve the spread of the average, and single deliveries stay as they were.
# Next the shape. I take the baskets and put the normal curve beside them.

# %% tags=["evidence: averages-become-normal"] alt="Three histograms with the normal curve. Single baskets pile up on the left with a long tail to the right, nothing like the curve. Averages of thirty still have a longer tail to the right. Averages of a thousand follow the curve closely"
euros = histories["Euros"]
z = np.linspace(-3.5, 3.5, 200)
normal_curve = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
fig, axes = plt.subplots(1, 3, sharey=True, sharex=True)
lean = {}
for ax, n in zip(axes, (1, 30, 1_000), strict=True):
    averages = euros if n == 1 else draw(euros, n, 10_000, rng)[0]
    standardized = (averages - euros.mean()) / (euros.std() / np.sqrt(n))
    lean[n] = skewness(averages)
    ax.hist(standardized, bins=np.linspace(-3.5, 3.5, 36), density=True, color="C0", alpha=0.6)
    ax.plot(z, normal_curve, color="C1", linestyle="--")
    name = "single baskets" if n == 1 else f"averages of {n:,}"
    ax.set_title(f"{name}\nskewness {lean[n]:.1f}", fontsize=11)
axes[0].set_ylabel("density")
axes[1].set_xlabel("distance from the true mean, in standard errors")
plt.show()

# %% [markdown]
# The data keep their shape; the averages lose it. At 30 they still lean. What that does to an error
# bar I count: how often does it hold the true mean, and on which side does it miss?


# %% tags=["solution"]
# TASK: Write `misses(history, n, repeats, rng)`. For each sample, take the interval average +- 1.96
# * standard deviation / sqrt(n). Return two shares: of intervals that lie entirely below the mean
# of the history, and of those entirely above it.
def misses(history, n, repeats, rng):
    averages, deviations = draw(history, n, repeats, rng)
    margin = 1.96 * deviations / np.sqrt(n)
    truth = history.mean()
    return (averages + margin < truth).mean(), (averages - margin > truth).mean()


# %% tags=["check"]
bell = np.random.default_rng(2).normal(size=100_000)
below, above = misses(bell, 200, 10_000, np.random.default_rng(3))
assert abs(below - 0.025) < 0.006 and abs(above - 0.025) < 0.006
assert misses(np.array([0.0, 0.0, 0.0, 4.0]), 4, 4_000, np.random.default_rng(4))[0] > 0.25

# %% tags=["evidence: coverage-by-size"]
REPEATS = 4_000
covered, too_low = {}, {}
for name, history in histories.items():
    for n in (10, 30, 100, 300, 1_000, 3_000):
        below, above = misses(history, n, REPEATS, rng)
        covered[n, name], too_low[n, name] = 1 - below - above, below
coverage = pd.Series(covered).unstack()[list(histories)].rename_axis("Cases in a sample")
shown = coverage.assign(**{"Euros: bar too low": pd.Series(too_low).unstack()["Euros"]})
no_buyer = (draw(histories["Bought"], 30, REPEATS, rng)[0] == 0).mean()
together = np.corrcoef(*draw(euros, 30, REPEATS, rng))[0, 1]
print(f"samples of 30 without a buyer: {no_buyer:.0%}")
print(f"30 baskets, correlation of average and standard deviation: {together:.2f}")
shown.map("{:.0%}".format)

# %% tags=["check"]
assert coverage.loc[30, "Minutes"] > 0.91
assert coverage.loc[30, "Euros"] < 0.90 and coverage.loc[30, "Bought"] < 0.35
assert coverage.loc[3_000].min() > 0.90
assert too_low[30, "Euros"] > 0.9 * (1 - coverage.loc[30, "Euros"]), "the misses are on both sides"
assert abs(no_buyer - 0.99**30) < 0.03

# %% [markdown]
# At 30 the bar of the deliveries is nearly honest, that of the baskets misses more than twice as
# often as it says, and that of the buyers is worthless: most samples hold no buyer, so the bar has
# no width. For the baskets nearly all misses lie on one side: a sample without a large basket has a
# low average *and* a small standard deviation, so it is wrong and sure of itself.
#
# How many cases then? A published rule of thumb asks for 355 times the squared skewness. I try it
# on all three; if it is good, each side should be missed about 2.5% of the time.

# %% tags=["evidence: rule-by-skewness"]
rule = {}
for name, history in histories.items():
    n = int(np.ceil(355 * skewness(history) ** 2))
    below, above = misses(history, n, REPEATS, rng)
    rule[name] = {"Cases": f"{n:,}", "Bar too low": f"{below:.1%}", "Bar too high": f"{above:.1%}"}
    assert 0.012 < above and below < 0.042, "the rule did not even out the sides"
pd.DataFrame(rule).T

# %% [markdown]
# It does most of its work: the low side is still missed more often, and no side is missed by much.
# The price runs from a few hundred deliveries to tens of thousands of visitors.
#
# Now where the square root itself breaks. First heavy tails. A finite history always has a
# variance, so here I draw from the distributions: my two, a Pareto with a mean and no variance, and
# Cauchy, which has neither. The measure is the middle half of the averages, since a standard
# deviation may not exist.

# %% tags=["evidence: heavy-tails"] alt="Width of the middle half of the averages, relative to single values, against the sample size on logarithmic scales. Minutes fall along the line of one over the square root of n, euros more slowly at first and then in parallel, Pareto falls far more slowly, and Cauchy stays level at one"
sources = {
    "minutes": lambda shape: rng.gamma(4, 10, shape),
    "euros": lambda shape: rng.lognormal(3, 1, shape),
    "Pareto, no variance": lambda shape: rng.pareto(1.5, shape),
    "Cauchy, no mean": lambda shape: rng.standard_cauchy(shape),
}
sizes = np.array([1, 10, 100, 1_000, 10_000])
width = {}
for name, source in sources.items():
    for n in sizes:
        averages = np.concatenate([source((100, n)).mean(axis=1) for _ in range(10)])
        width[n, name] = np.subtract(*np.quantile(averages, [0.75, 0.25]))
width = pd.Series(width).unstack()[list(sources)]
relative = width / width.loc[1]

fig, ax = plt.subplots()
for (name, line), marker in zip(relative.items(), "os^D", strict=True):
    ax.plot(sizes, line, marker=marker, label=name)
ax.plot(sizes, sizes**-0.5, color="C4", linestyle=":", label="1 / sqrt(n)")
ax.set(xscale="log", yscale="log", xlabel="values in an average", ylabel="width, relative to n = 1")
ax.legend(loc="lower left", fontsize=9)
plt.show()

# %% tags=["check"]
assert (width["Cauchy, no mean"].between(1.5, 2.5)).all(), "the quartiles of Cauchy lie 2 apart"
assert 70 < 1 / relative.loc[10_000, "minutes"] < 140, "a hundredth after 10,000 values"
assert 1 / relative.loc[10_000, "Pareto, no variance"] < 20

# %% [markdown]
# The minutes follow the formula. The baskets lag at first, then fall as steeply. With Pareto,
# averaging helps, but far less than the formula promises. Ten thousand Cauchy values average to
# something as uncertain as one. The dashboard would draw its bars all the same.
#
# The second break is more common: cases that are not independent. 40 drivers, 25 deliveries each;
# single cases spread by 20 as before, but now drivers differ, with a standard deviation of 8. Over
# a thousand invented weeks I compare the formula on rows with a bootstrap that draws whole drivers.

# %% tags=["evidence: drivers-not-rows"]
DRIVERS, EACH, WEEKS = 40, 25, 1_000
driver = rng.normal(0, 8, (WEEKS, DRIVERS, 1))
times = 40 + driver + rng.normal(0, np.sqrt(20**2 - 8**2), (WEEKS, DRIVERS, EACH))
averages = times.mean(axis=(1, 2))
by_rows = times.std(axis=(1, 2), ddof=1) / np.sqrt(DRIVERS * EACH)
by_drivers = np.empty(WEEKS)
for week in range(WEEKS):
    chosen = rng.integers(0, DRIVERS, (300, DRIVERS))
    by_drivers[week] = times[week].mean(axis=1)[chosen].mean(axis=1).std()

clustered = pd.DataFrame(
    {
        name: {
            "Standard error, on average": error.mean(),
            "Bars that hold the true mean": (np.abs(averages - 40) < 1.96 * error).mean(),
        }
        for name, error in [("formula on rows", by_rows), ("bootstrap of drivers", by_drivers)]
    }
).T
print(f"spread of the averages, week to week: {averages.std():.2f}")
clustered.round(2)

# %% tags=["check"]
assert averages.std() > 1.8 * by_rows.mean(), "the drivers should matter"
assert abs(by_drivers.mean() / averages.std() - 1) < 0.1
assert clustered.iloc[0, 1] < 0.75 and clustered.iloc[1, 1] > 0.90

# %% tags=["values"]
{
    "coverage-minutes-30": f"{coverage.loc[30, 'Minutes']:.0%}",
    "coverage-euros-30": f"{coverage.loc[30, 'Euros']:.0%}",
    "coverage-bought-30": f"{coverage.loc[30, 'Bought']:.0%}",
    "coverage-euros-1000": f"{coverage.loc[1_000, 'Euros']:.0%}",
    "samples-of-30-without-buyer": f"{no_buyer:.0%}",
    "misses-euros-30-too-low": f"{too_low[30, 'Euros']:.0%}",
    "skewness-single-baskets": f"{lean[1]:.1f}",
    "skewness-averages-of-30": f"{lean[30]:.1f}",
    "skewness-averages-of-1000": f"{lean[1_000]:.1f}",
    "cauchy-width-1": f"{width.loc[1, 'Cauchy, no mean']:.1f}",
    "cauchy-width-10000": f"{width.loc[10_000, 'Cauchy, no mean']:.1f}",
    "standard-error-rows": f"{by_rows.mean():.2f} minutes",
    "standard-error-drivers": f"{by_drivers.mean():.2f} minutes",
    "coverage-rows": f"{clustered.iloc[0, 1]:.0%}",
    "coverage-drivers": f"{clustered.iloc[1, 1]:.0%}",
}

# %% [markdown]
# ## What I would say next
#
# - To Halima: the bars of the deliveries may stay from 30 on where each is another driver's;
#   otherwise they are made by drivers, and need many of them. The share of buyers gets a Wilson
#   interval. The baskets get bars from about a thousand on, and the median beside the mean.
# - Whoever plans one parcel needs percentiles of the deliveries. The bar around the mean shrinks
#   with every case, and the parcels do not.
# - I treated a history as the truth. Its largest basket is only the largest so far, so if the tail
#   is heavier than the history shows, my counts flatter the bars.
# - Drivers are one thing that cases share. Days and stores are others: I would run the same
#   comparison with whole days before I believe the narrower bar.
