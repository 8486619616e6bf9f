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
#     title: Same error, opposite cures
#     summary: Two models with nearly the same validation error. One cannot use more data, the other can. Their learning curves tell them apart, and a test with fresh rows agrees.
#     minutes: 20
#     rounds: [ml-fundamentals, notebook-coding]
#     topics: [bias-variance, uncertainty, cost]
#     cards: [bias-variance, overfitting]
# ---

# %% [markdown]
# # Same error, opposite cures
#
# > **Interviewer:** A ferry yard estimates repair hours from six readings at the quay. 1,600 past
# > jobs have true hours. Two engineers built two models and they come out even. There is money for
# > one thing: 4,800 more jobs measured by hand, or two months of somebody building a better model.
# > The yard manager, Ines, decides at noon. What do you tell her?
#
# **Time box:** 20 minutes. First words: "One score at one size can't answer that. Let me see how
# each got there."

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.datasets import make_friedman1
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import BaggingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures
from sklearn.tree import DecisionTreeRegressor

NOISE = 1.0  # hours; the same job done twice differs by this much
X, y = make_friedman1(n_samples=10_400, n_features=6, noise=NOISE, random_state=11)
have, later, held_out = slice(0, 1_600), slice(0, 6_400), slice(6_400, None)


def rmse(model, rows):
    return np.sqrt(np.mean((model.predict(X[rows]) - y[rows]) ** 2))


# %% [markdown]
# The jobs are synthetic (Friedman's first test function: curves, an interaction, and one reading
# that means nothing). That gives me a thing the yard never has: the noise floor, below which no
# model goes except by luck. I keep 4,000 jobs aside to judge with, more than one would have, so
# that I judge the models and not my luck.

# %%
def line():
    return LinearRegression()


def deep_tree():
    return DecisionTreeRegressor(random_state=0)


today = pd.DataFrame(
    {
        name: {"training": rmse(model, have), "held out": rmse(model, held_out)}
        for name, model in [
            ("straight line", line().fit(X[have], y[have])),
            ("deep tree", deep_tree().fit(X[have], y[have])),
        ]
    }
).T
assert abs(today["held out"].diff().iloc[-1]) < 0.1, "they do not come out even"
today.round(2)

# %% [markdown]
# Even on the held-out column, as I was told. The training column hints at a difference, but a gap
# alone proves little: a fully grown tree recalls its training rows at any size. So I refit both on
# growing parts of the data, several shuffles for each size, since one small sample is mostly luck.

# %% tags=["solution"]
# TASK: Write `curve(make_model, sizes, repeats)` -> a DataFrame indexed by size with the columns
# "training" and "held out", both mean RMSE over the repeats. For every size and each repeat r = 0,
# 1, ...: draw `size` of the rows in `have` without replacement with np.random.default_rng(r), fit a
# new make_model() on them, measure with `rmse` on those rows and on `held_out`. `rmse` takes
# positions as well as slices.
def curve(make_model, sizes, repeats):
    points = {}
    for size in sizes:
        scores = []
        for r in range(repeats):
            rows = np.random.default_rng(r).permutation(1_600)[:size]
            model = make_model().fit(X[rows], y[rows])
            scores.append((rmse(model, rows), rmse(model, held_out)))
        points[size] = np.mean(scores, axis=0)
    return pd.DataFrame.from_dict(points, orient="index", columns=["training", "held out"])


# %% [markdown]
# Three checks that could fail: at full size the curve must end where the table above stands; a
# model that only knows the mean must look the same on both columns; a fully grown tree must make no
# error on rows that it has seen.

# %% tags=["check"]
ends = curve(line, [1_600], repeats=1)
assert np.allclose(ends.loc[1_600], today.loc["straight line"])
mean_only = curve(DummyRegressor, [800], repeats=5).loc[800]
assert abs(mean_only["training"] - mean_only["held out"]) < 0.3
assert curve(deep_tree, [100, 400], repeats=2)["training"].max() < 1e-9
assert list(curve(line, [50, 100], repeats=1).index) == [50, 100]

# %%
sizes = [50, 100, 200, 400, 800, 1_600]
curves = {"Straight line": curve(line, sizes, 8), "Deep tree": curve(deep_tree, sizes, 8)}
for shape in curves.values():
    assert shape["held out"].min() > NOISE, "below the noise floor: something leaks"

# %% tags=["evidence: two-curves"] alt="Training and held-out error against the number of jobs. Straight line: the curves meet early, far above the noise floor, and go flat. Deep tree: training error stays at zero while held-out error is still falling at the right edge"
fig, axes = plt.subplots(1, 2, sharey=True)
for ax, (name, shape) in zip(axes, curves.items(), strict=True):
    ax.plot(shape.index, shape["held out"], marker="o", label="held out")
    ax.plot(shape.index, shape["training"], marker="s", label="training")
    ax.axhline(NOISE, color="C4", linestyle=":", label="noise floor")
    ax.set_xscale("log", base=2)
    ax.set_xticks(sizes, sizes)
    ax.set_xlabel("jobs in training")
    ax.set_title(name)
axes[0].set_ylabel("error (RMSE), hours")
axes[1].legend(loc="upper right", fontsize=9)
plt.show()

# %% [markdown]
# Left is bias: both curves have met, well above the floor, and more of the same rows would draw the
# same line again. Right is variance: the held-out curve still falls with each doubling. I turn that
# into a prediction that can fail. If the last doubling is a guide, what do two more doublings give?
# A repeat of the gain is the most I would promise.

# %%
promise = pd.DataFrame(
    {
        name: {
            "at 1,600 jobs": shape["held out"][1_600],
            "gain of last doubling": shape["held out"][800] - shape["held out"][1_600],
            "at most, with 6,400": 3 * shape["held out"][1_600] - 2 * shape["held out"][800],
        }
        for name, shape in curves.items()
    }
).T
promise.round(2)

# %% [markdown]
# Now I open the envelope: 4,800 fresh jobs, the ones that the money would buy. Beside them, what
# two hours of work buy on the old 1,600 rows: squares and products for the line, and the average of
# fifty trees on resampled rows for the tree.


# %%
def line_with_products():
    return make_pipeline(PolynomialFeatures(degree=2), LinearRegression())


def fifty_trees():
    return BaggingRegressor(DecisionTreeRegressor(), n_estimators=50, random_state=0, n_jobs=1)


def error_after(make_model, rows):
    return rmse(make_model().fit(X[rows], y[rows]), held_out)


options = pd.DataFrame(
    {
        "today": [error_after(line, have), error_after(deep_tree, have)],
        "four times the data": [error_after(line, later), error_after(deep_tree, later)],
        "another model, same data": [
            error_after(line_with_products, have),
            error_after(fifty_trees, have),
        ],
    },
    index=["straight line (bias)", "deep tree (variance)"],
)
gain = options["today"] - options["four times the data"]
assert gain.iloc[1] > 5 * gain.iloc[0], "the curves told us the wrong thing"
assert (options["four times the data"].to_numpy() >= promise.iloc[:, 2].to_numpy() - 0.05).all()
options.round(2)

# %% [markdown]
# The reading holds: data does next to nothing for the line and much for the tree. And it isn't the
# whole answer. For both, a model that suits the fault gains more than the data would, at once.

# %% tags=["values"]
{
    "held-out-line-today": f"{options.iloc[0, 0]:.2f}",
    "held-out-tree-today": f"{options.iloc[1, 0]:.2f}",
    "gain-from-data-line": f"{gain.iloc[0]:.2f}",
    "gain-from-data-tree": f"{gain.iloc[1]:.2f}",
    "line-with-products": f"{options.iloc[0, 2]:.2f}",
    "fifty-trees": f"{options.iloc[1, 2]:.2f}",
    "noise-floor": f"{NOISE:.2f}",
}

# %% [markdown]
# ## What I would say next
#
# - To Ines: keep the money until Friday. We try the two cheap models first, draw their curves, and
#   buy jobs only if the better one is still falling.
# - A curve says what more rows *of the same kind* would do. Rows from another yard, or a seventh
#   reading, are another question, and a flat curve may mean that a reading is missing and not that
#   the model is too simple.
# - At a real yard I do not know the noise floor. I would pair up past jobs that look alike on all
#   six readings, and see how far their true hours lie apart, before calling any flat curve bias.
# - Flat at this scale is not flat for ever, and models whose capacity grows with the data blur the
#   two pictures. I would read curves for one model and one recipe at a time.
