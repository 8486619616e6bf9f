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
#     title: One step of k-means, and the van that went missing
#     summary: Assign, update, and inertia that never rises. A van that wins no address turns into NaN and then takes the whole town.
#     minutes: 15
#     rounds: [notebook-coding, ml-fundamentals]
#     topics: [clustering, from-scratch, numpy]
#     cards: [kmeans-one-iteration, kmeans-vs-hierarchical]
# ---

# %% [markdown]
# # One step of k-means, and the van that went missing
#
# > **Interviewer:** 300 delivery addresses, four vans, and no scikit-learn. Write one iteration of
# > k-means: give each address to its nearest van, then move each van to the middle of its
# > addresses. One van starts at the airport. Convince me that your step is right.
#
# **Time box:** 15 minutes. I would say first: "Two functions, one number. Assign and update must
# each lower the inertia or leave it alone, so that is my test."

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans

rng = np.random.default_rng(7)
towns = np.array([[2, 2], [9, 3], [5, 9], [12, 9]])
addresses = np.concatenate([rng.normal(town, 0.9, size=(75, 2)) for town in towns])
airport = [40.0, -20.0]
vans = np.array([[1.0, 1.0], [7.0, 4.0], [6.0, 7.0], airport])
{"addresses": addresses.shape, "vans": vans.shape}

# %% [markdown]
# The addresses are made up, in kilometers on a flat map. Shapes before code: addresses `(300, 2)`,
# vans `(4, 2)`, so the distances must be `(300, 4)` and the labels `(300,)`. I compare squared
# distances, because the square root does not change which van is nearest.

# %% tags=["solution"]
# TASK: Write two functions.
# `assign(points, centers)`: points (n, d), centers (k, d) -> integer labels (n,), the index of the
#   nearest center in Euclidean distance; on a tie the lower index.
# `inertia(points, centers, labels)`: the sum over all points of the squared distance to their own
#   center.
def assign(points, centers):
    difference = points[:, None, :] - centers[None, :, :]  # (n, k, d)
    return (difference**2).sum(axis=2).argmin(axis=1)


def inertia(points, centers, labels):
    return ((points - centers[labels]) ** 2).sum()


# %% [markdown]
# Three points on a line, worked out in my head: the middle one is a tie, and it is the only one
# with a distance.

# %% tags=["check"]
line = np.array([[0.0, 0.0], [4.0, 0.0], [2.0, 0.0]])
ends = np.array([[0.0, 0.0], [4.0, 0.0]])
assert assign(line, ends).tolist() == [0, 1, 0]
assert inertia(line, ends, np.array([0, 1, 0])) == 4.0
assert assign(addresses, vans).shape == (300,)

# %% [markdown]
# Now the update as most of us type it: the mean of each cluster. I look at the counts first,
# because a mean over nothing is the one way this can go wrong.


# %%
def textbook_update(points, labels, k):
    sums = np.zeros((k, points.shape[1]))
    np.add.at(sums, labels, points)
    counts = np.bincount(labels, minlength=k)
    with np.errstate(invalid="ignore"):  # silenced here only to show what follows
        return sums / counts[:, None]


labels = assign(addresses, vans)
moved = textbook_update(addresses, labels, k=4)
labels_after = assign(addresses, moved)
pd.DataFrame(
    {
        "addresses before": np.bincount(labels, minlength=4),
        "new x": moved[:, 0].round(2),
        "new y": moved[:, 1].round(2),
        "addresses after": np.bincount(labels_after, minlength=4),
    },
    index=["van 0", "van 1", "van 2", "van 3 (airport)"],
)

# %% [markdown]
# The airport van wins nobody, its mean is 0/0, and one step later it owns every address: NumPy's
# `argmin` takes a NaN as the smallest value. No error, only a warning that is easily lost in a log.
# After one more update the other three are NaN as well.
#
# My repair: an empty cluster jumps to the address that is worst served now. Nobody is assigned to
# an empty center, so moving it cannot raise the inertia. Dropping the cluster would be the other
# honest choice, but then somebody has to tell the fourth driver.


# %% tags=["solution"]
# TASK: Write `update(points, labels, centers)` that returns the new centers (k, d), leaving its
# arguments unchanged. A center with points moves to their mean. An empty one moves to the point
# farthest from the (old) center it is labelled with; a second empty one takes the second farthest
# point, and so on, in order of the index.
def update(points, labels, centers):
    k = len(centers)
    sums = np.zeros(centers.shape)
    np.add.at(sums, labels, points)
    counts = np.bincount(labels, minlength=k)
    moved = sums / np.maximum(counts, 1)[:, None]
    empty = np.flatnonzero(counts == 0)
    distance = ((points - centers[labels]) ** 2).sum(axis=1)
    farthest_first = np.argsort(-distance, kind="stable")
    moved[empty] = points[farthest_first[: len(empty)]]
    return moved


# %% tags=["check"]
points = np.array([[0.0, 0.0], [2.0, 0.0], [9.0, 0.0], [5.0, 0.0]])
old = np.array([[0.0, 0.0], [50.0, 0.0], [60.0, 0.0]])
kept = old.copy()
assert update(points, np.array([0, 0, 0, 0]), old).tolist() == [[4.0, 0.0], [9.0, 0.0], [5.0, 0.0]]
assert (old == kept).all(), "the old centers were overwritten"
one_step = update(addresses, labels, vans)
assert np.isfinite(one_step).all()
assert set(np.unique(assign(addresses, one_step))) == {0, 1, 2, 3}, "a van is still without work"

# %% [markdown]
# Next I record the inertia after every half step. If it ever rises, one of my halves is wrong:
# assigning takes the smallest distance for each address, and the mean is the point with the
# smallest sum of squares. I also start from a second, unlucky parking plan, because falling is not
# the same as ending well.


# %%
def run(points, centers, steps):
    labels = assign(points, centers)
    history = [inertia(points, centers, labels)]
    for _ in range(steps):
        centers = update(points, labels, centers)
        history.append(inertia(points, centers, labels))
        labels = assign(points, centers)
        history.append(inertia(points, centers, labels))
    return centers, np.array(history)


unlucky = np.array([[-1.0, 1.0], [2.0, -1.0], [12.0, 1.0], [8.0, 12.0]])  # two vans in one town
first_end, first_run = run(addresses, vans, steps=8)
second_end, second_run = run(addresses, unlucky, steps=8)
for history in (first_run, second_run):
    assert (np.diff(history) <= 1e-9 * history[0]).all(), "inertia rose"

# %% [markdown]
# An outside referee: scikit-learn from the same centers must end where I end.

# %%
for start, end in [(one_step, first_end), (unlucky, second_end)]:
    referee = KMeans(n_clusters=4, init=start, n_init=1, tol=0).fit(addresses)
    assert np.allclose(referee.cluster_centers_, end)

# %% tags=["evidence: inertia-falls"] alt="Inertia after each half step from two starts: both curves only ever fall, and the unlucky start settles clearly higher than the other"
fig, ax = plt.subplots()
half_steps = np.arange(len(first_run)) / 2
ax.plot(half_steps, first_run, marker="o", label="one van at the airport, moved when empty")
ax.plot(half_steps, second_run, marker="s", label="two vans parked in the same town")
ax.set_xlabel("iteration (half: vans moved, addresses not yet reassigned)")
ax.set_ylabel("inertia, square km")
ax.set_ylim(0)
ax.legend()
plt.show()

# %% [markdown]
# Both runs pass my test, and only one is a plan I would hand over. A fall that never turns, and a
# referee who agrees, speak for the step. Neither says anything about the start.

# %% tags=["values"]
{
    "addresses-taken-by-nan-van": f"{(labels_after == 3).sum()} of {len(addresses)}",
    "inertia-at-start": f"{first_run[0]:,.0f}",
    "inertia-after-one-step": f"{first_run[2]:,.0f}",
    "inertia-at-end": f"{first_run[-1]:,.0f}",
    "inertia-unlucky-start": f"{second_run[-1]:,.0f}",
    "times-worse-when-unlucky": f"{second_run[-1] / first_run[-1]:.1f}",
}

# %% [markdown]
# ## What I would say next
#
# - I would run ten k-means++ starts and keep the lowest inertia, and log every time an empty
#   cluster was moved: often it means that k is too large or a start was careless.
# - The best inertia never rises as k grows, so a low inertia cannot choose k. Here the vans give
#   it.
# - My distances build an `(n, k, d)` array. Fine for this town; for millions of points I would do
#   it in chunks.
# - Straight lines are not roads, and k-means does not balance the work. If the vans must carry
#   equal loads, this is the wrong algorithm, and I would say so before tuning it.
