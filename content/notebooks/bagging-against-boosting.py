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
#     title: A hundred trees, averaged or added
#     summary: >-
#       Bagging and boosting written by hand on one task. Averaging lowers the variance, adding
#       lowers the bias, and with a tenth of the labels wrong only one of the two is hurt by its
#       last fifty trees.
#     minutes: 25
#     rounds: [ml-fundamentals, notebook-coding]
#     topics: [trees-and-boosting, bias-variance, from-scratch]
#     cards: [bagging-or-boosting, how-gradient-boosting-works, bias-variance]
# ---

# %% [markdown]
# # A hundred trees, averaged or added
#
# > **Interviewer:** "A greenhouse predicts the harvest of a bed, in kilograms, from six readings.
# > There are 400 past beds. Mirko wants a hundred deep trees, averaged. Sanna wants a hundred small
# > ones, each correcting the sum so far. Both say that more trees can't hurt. And about a tenth of
# > the weights were written down beside the wrong bed. Who is right?"
#
# **Time box:** 25 minutes. I would say first: "They cure different faults, so I will measure both
# faults. Then I will look at the last trees of each, with clean labels and with wrong ones."

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.datasets import make_friedman1
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.tree import DecisionTreeRegressor

BEDS, TREES, RATE, REPEATS = 400, 100, 0.3, 6
SMALL = 3  # depth of a small tree


def harvest(seed, wrong=0.0):
    X, y = make_friedman1(n_samples=BEDS, n_features=6, noise=2.0, random_state=seed)
    moved = np.random.default_rng(seed).choice(BEDS, int(wrong * BEDS), replace=False)
    y[moved] = y[np.roll(moved, 1)]  # each of these beds gets another one's weight
    return X, y


X_new, truth = make_friedman1(n_samples=400, n_features=6, noise=0.0, random_state=99)

# %% [markdown]
# The beds are synthetic: Friedman's first test function, with curves, an interaction, one reading
# that means nothing, and noise with a standard deviation of 2. All figures are assumptions. What I
# buy with them: I know the true mean of each new bed, and I can draw as many sets of 400 beds as I
# like. Without that, bias and variance can't be told apart.
#
# First the two methods, by hand. Sanna adds 0.3 of each tree, three times scikit-learn's default; I
# come back to that. Both return one row of predictions for each number of trees, so
# that I can see the first tree and the last.


# %% tags=["solution"]
# TASK: Write two functions. Both return an array (trees, len(X_new)): row k holds the predictions
# of the model that has k + 1 trees. Each tree is a DecisionTreeRegressor with max_depth=depth.
# `bag(X, y, X_new, depth, columns=None, trees=TREES, seed=0)`: every tree is fitted to a bootstrap
#   sample of the rows and looks at max_features=columns; the model is the average of its trees.
# `boost(X, y, X_new, depth, rate=RATE, trees=TREES)`: starts from the mean of y; every tree is
#   fitted to what is still wrong on the training rows, and `rate` times its prediction is added.
def bag(X, y, X_new, depth, columns=None, trees=TREES, seed=0):
    rng = np.random.default_rng(seed)
    votes = []
    for k in range(trees):
        rows = rng.integers(0, len(y), len(y))
        tree = DecisionTreeRegressor(max_depth=depth, max_features=columns, random_state=k)
        votes.append(tree.fit(X[rows], y[rows]).predict(X_new))
    return np.cumsum(votes, axis=0) / np.arange(1, trees + 1)[:, None]


def boost(X, y, X_new, depth, rate=RATE, trees=TREES):
    fitted, predicted = np.full(len(y), y.mean()), np.full(len(X_new), y.mean())
    history = []
    for _ in range(trees):
        tree = DecisionTreeRegressor(max_depth=depth, random_state=0).fit(X, y - fitted)
        fitted = fitted + rate * tree.predict(X)
        predicted = predicted + rate * tree.predict(X_new)
        history.append(predicted)
    return np.array(history)


# %% [markdown]
# Checks that could fail. A bootstrap sample holds about 63% of the rows, so one fully grown tree
# recalls about that many. And scikit-learn's boosting, with the same settings, must agree with mine
# at each number of trees, but for the few rows in leaves so small that two splits tie.

# %% tags=["check"]
X, y = harvest(0)
recalled = np.isclose(bag(X, y, X, depth=None, trees=1)[0], y).mean()
assert 0.57 < recalled < 0.69, "that is not a bootstrap sample"
three = bag(X, y, X_new, depth=None, trees=3)
assert np.allclose(three[0], bag(X, y, X_new, depth=None, trees=1)[0]), "row 0 is one tree"
assert three.shape == (3, 400) and not np.allclose(three[0], three[1])
referee = GradientBoostingRegressor(
    n_estimators=20, learning_rate=RATE, max_depth=SMALL, random_state=0
).fit(X, y)
mine = boost(X, y, X_new, SMALL, trees=20)
agree = np.isclose(mine, list(referee.staged_predict(X_new)))
assert agree[0].all() and agree.mean() > 0.95, "not what scikit-learn does"

# %% [markdown]
# Now the faults. I fit each recipe on six independent sets of beds. How far the six
# models disagree about the same new bed is variance. How far they all miss the truth together is
# bias.


# %% tags=["solution"]
# TASK: Write `faults(predictions, truth)`. `predictions` is an array (repeats, rows): one model a
# line, all asked about the same rows. Return a dict with "Error" (the mean squared distance to the
# truth), "Variance" (the variance over the repeats with ddof=1, averaged over the rows) and "Bias
# squared", which is the error minus the variance. (With ddof=1 no further correction is needed.)
def faults(predictions, truth):
    error = ((predictions - truth) ** 2).mean()
    variance = predictions.var(axis=0, ddof=1).mean()
    return {"Bias squared": error - variance, "Variance": variance, "Error": error}


# %% tags=["check"]
draw = np.random.default_rng(1)
off_by_three = faults(3 + draw.normal(0, 2, size=(8, 20_000)), np.zeros(20_000))
assert abs(off_by_three["Bias squared"] - 9) < 0.2 and abs(off_by_three["Variance"] - 4) < 0.2

# %% tags=["evidence: bias-and-variance"]
clean = [harvest(seed) for seed in range(REPEATS)]


def one_tree(X, y, X_new, depth):
    return DecisionTreeRegressor(max_depth=depth, random_state=0).fit(X, y).predict(X_new)[None]


recipes = {
    ("deep", "one tree"): lambda X, y: one_tree(X, y, X_new, None),
    ("deep", "100 averaged"): lambda X, y: bag(X, y, X_new, None),
    ("deep", "100 averaged, 2 columns a split"): lambda X, y: bag(X, y, X_new, None, columns=2),
    ("deep", "20 boosted"): lambda X, y: boost(X, y, X_new, None, trees=20),
    ("small", "one tree"): lambda X, y: one_tree(X, y, X_new, SMALL),
    ("small", "100 averaged"): lambda X, y: bag(X, y, X_new, SMALL),
    ("small", "100 boosted"): lambda X, y: boost(X, y, X_new, SMALL),
}
paths = {name: np.array([fit(X, y) for X, y in clean]) for name, fit in recipes.items()}
table = pd.DataFrame({name: faults(path[:, -1], truth) for name, path in paths.items()}).T
table.index.names = ["Trees", "Model"]
table.round(1)

# %% tags=["check"]
bias, variance = table["Bias squared"], table["Variance"]
assert variance["deep", "100 averaged"] < 0.3 * variance["deep", "one tree"]
assert abs(bias["deep", "100 averaged"] / bias["deep", "one tree"] - 1) < 0.3
assert bias["small", "100 averaged"] > 0.8 * bias["small", "one tree"], "averaging cured bias"
assert bias["small", "100 boosted"] < 0.3 * bias["small", "one tree"]
assert variance["deep", "20 boosted"] > 0.8 * variance["deep", "one tree"], "adding cured variance"
apart = paths["deep", "20 boosted"][:, -1] - paths["deep", "one tree"][:, -1]
assert (apart**2).mean() < 0.2 * variance["deep", "one tree"], "boosting changed the deep tree"

# %% [markdown]
# Averaging works down the column of variance: a deep tree loses most of it, and more still if each
# split may choose among two columns only, which is meant to make the trees less alike. It hardly
# moves bias, so a hundred small trees averaged miss the truth nearly as one does. Boosting the same
# small trees takes most of the bias away. It does nothing for deep trees: the first one has already
# fitted every row, so the next ones nearly repeat it.
#
# So Mirko's trees must be deep and Sanna's small. Now the wrong labels, and the claim that more
# trees can't hurt. I follow the error against the truth from the first tree to the last.

# %%
wrong = [harvest(seed, wrong=0.1) for seed in range(REPEATS)]
sides = {
    "labels as weighed": (clean, paths["deep", "100 averaged"], paths["small", "100 boosted"]),
    "a tenth beside the wrong bed": (
        wrong,
        np.array([bag(X, y, X_new, None) for X, y in wrong]),
        np.array([boost(X, y, X_new, SMALL) for X, y in wrong]),
    ),
}


def error_by_trees(path):
    """(repeats, trees, rows) -> squared error to the truth, (repeats, trees)."""
    return ((path - truth) ** 2).mean(axis=2)


# %% tags=["evidence: error-by-trees"] alt="Squared error to the truth against the number of trees, in two panels. Averaged deep trees fall and go flat in both. Boosted small trees fall further and rise slightly after about fifty trees when labels are as weighed. With a tenth of the labels wrong they turn after about thirty trees and end above the averaged trees"
fig, axes = plt.subplots(1, 2, sharey=True)
count = np.arange(1, TREES + 1)
turn = {}
for ax, (title, (_, bagged, boosted)) in zip(axes, sides.items(), strict=True):
    for name, path in [("averaged, deep", bagged), ("boosted, small", boosted)]:
        mean = error_by_trees(path).mean(axis=0)
        turn[title, name] = mean.argmin() + 1
        (drawn,) = ax.plot(count, mean, label=name)
        ax.plot(
            turn[title, name], mean.min(), color=drawn.get_color(), marker="o", linestyle="none"
        )
    ax.set(title=title, xlabel="trees (dot: lowest error)", ylim=(0, 12))
axes[0].set_ylabel("squared error to the truth")
axes[1].legend()
plt.show()

# %% [markdown]
# The averaged trees go flat in both panels. The boosted ones have a lowest point, and wrong labels
# move it to the left. Each new tree is fitted to what is left over, so I look at whose it is: the
# wrong beds are a tenth of all, and what is their share of the squared residuals?

# %%
shares = {k: [] for k in (1, 10, 30, 100)}
for (_, right), (X, y) in zip(clean[:3], wrong[:3], strict=True):
    left_over = (y - boost(X, y, X, SMALL)) ** 2
    for k in shares:
        shares[k].append(left_over[k - 1, y != right].sum() / left_over[k - 1].sum())
for k, share in shares.items():
    print(f"after {k:3} trees: {np.mean(share):.0%}")

# %% [markdown]
# Up to thirty trees their share grows: the right beds are explained first. Then it falls, since the
# later trees learn the wrong weights faster than what is left of the right ones. That is about
# where the error turns.
#
# The dot is drawn with knowledge that no greenhouse has. What one can do is to keep a quarter of
# the beds out, wrong labels among them, take the number of trees that is best there, and then fit
# that many to all beds. The last column is the other remedy: a hundred trees at the default rate.


# %% tags=["solution"]
# TASK: Write `stopped(X, y)` -> the number of trees (an int from 1 to TREES) at which small boosted
# trees, fitted to the first three quarters of the rows, have the lowest mean squared error on the
# last quarter. Use `boost`.
def stopped(X, y):
    own = len(y) * 3 // 4
    kept = boost(X[:own], y[:own], X[own:], SMALL)
    return int(((kept - y[own:]) ** 2).mean(axis=1).argmin()) + 1


# %% tags=["check"]
coin = np.random.default_rng(2)
assert stopped(X, coin.normal(size=BEDS)) < 10, "pure noise should stop almost at once"
assert 1 <= stopped(X, y) <= TREES

# %% tags=["evidence: wrong-labels"]
scores, wins = {}, {}
for title, (beds, bagged, boosted) in sides.items():
    averaged, added = error_by_trees(bagged), error_by_trees(boosted)
    stops = np.array([stopped(X, y) for X, y in beds])
    scores[title] = {
        "Averaged": averaged[:, -1].mean(),
        "Boosted": added[:, -1].mean(),
        "Stopped on kept beds": added[np.arange(REPEATS), stops - 1].mean(),
        "At the dot": added.mean(axis=0).min(),
    }
    gentle = np.array([boost(X, y, X_new, SMALL, rate=0.1)[-1] for X, y in beds])
    scores[title]["Rate 0.1"] = ((gentle - truth) ** 2).mean()
    wins[title] = (added[:, -1] < averaged[:, -1]).sum()
    print(f"{title}: stopped after {min(stops)} to {max(stops)} trees")
outcome = pd.DataFrame(scores).T
outcome.insert(2, "Boosted wins", wins)
outcome.round(2)

# %% tags=["check"]
first, second = outcome.index
assert turn[second, "boosted, small"] < turn[first, "boosted, small"], "no sooner with wrong labels"
for title, (_, bagged, _boosted) in sides.items():
    averaged = error_by_trees(bagged).mean(axis=0)
    assert averaged[-1] < 1.02 * averaged.min(), f"the averaged trees overfit: {title}"
loss = outcome.loc[second] - outcome.loc[first]
assert loss["Boosted"] > 1.5 * loss["Averaged"]
assert loss["Rate 0.1"] > 1.2 * loss["Averaged"]
assert outcome.loc[second, "Rate 0.1"] < outcome.loc[second, "Averaged"]
assert outcome.loc[second, "Stopped on kept beds"] < outcome.loc[second, "Boosted"]

# %% [markdown]
# With labels as weighed, Sanna wins on every set of beds. With a tenth of them wrong she loses on
# most, if she keeps all her trees at her rate. Stopping gives only a part back: a hundred kept beds
# choose the number of trees unsteadily, and even at the dot the two are level. A lower rate does
# more. With the same hundred trees at 0.1 she is in front again. So the wrong labels cost each
# boosted version more than they cost the averaged trees, and they don't settle who wins.

# %% tags=["values"]
{
    "variance-one-deep-tree": f"{variance['deep', 'one tree']:.1f}",
    "variance-100-averaged": f"{variance['deep', '100 averaged']:.1f}",
    "bias-one-small-tree": f"{bias['small', 'one tree']:.1f}",
    "bias-100-small-averaged": f"{bias['small', '100 averaged']:.1f}",
    "bias-100-small-boosted": f"{bias['small', '100 boosted']:.1f}",
    "lowest-error-at-clean": f"{turn[first, 'boosted, small']} trees",
    "lowest-error-at-wrong": f"{turn[second, 'boosted, small']} trees",
    "lost-by-averaging": f"{loss['Averaged']:.1f}",
    "lost-by-boosting": f"{loss['Boosted']:.1f}",
    "lost-by-boosting-at-lower-rate": f"{loss['Rate 0.1']:.1f}",
}

# %% [markdown]
# ## What I would say next
#
# - To both: the hundredth averaged tree only costs time. The hundredth boosted tree can cost
#   accuracy, and how soon depends on the labels. So first I would have fifty weights checked
#   against the delivery notes.
# - For Sanna: 0.1 before 0.3, larger leaves, and a loss that forgives outliers, such as the
#   absolute or the Huber loss. A weight from another bed is often an outlier, and squared error
#   listens to those most.
# - For Mirko: more trees don't make it overfit, but his trees can be too deep. With labels this
#   bad, a minimum leaf size is the first thing that I would try.
# - One function, one size, and six repeats: one change of the rate has already turned the order of
#   the two, and other settings may. On the real beds I would compare both on the same folds, each
#   with the same tuning budget.
