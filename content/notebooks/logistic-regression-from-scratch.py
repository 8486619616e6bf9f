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
#     title: A falling loss is no proof of the gradient
#     summary: Logistic regression by hand. A wrong gradient also makes the loss fall; a numerical check and one identity expose it.
#     minutes: 25
#     rounds: [notebook-coding, ml-fundamentals]
#     topics: [from-scratch, linear-models, sanity-checks]
#     cards: [logistic-regression-by-hand, logistic-regression]
# ---

# %% [markdown]
# # A falling loss is no proof of the gradient
#
# > **Interviewer:** This is our intern's logistic regression for a tumour study: 569 biopsies, 30
# > measurements each. The loss goes down, smoothly. She starts a clinic pilot on Thursday. Write
# > your own, without a library, and tell me whether I may let hers run.
#
# **Time box:** 25 minutes. Before typing I would say: "A smooth curve shows that she minimises
# something. I will check that it is the loss she wrote down."

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

study = load_breast_cancer()
y = (study.target == 0).astype(float)  # 1 = malignant
order = np.random.default_rng(7).permutation(len(y))
train, test = order[:400], order[400:]
mean, spread = study.data[train].mean(axis=0), study.data[train].std(axis=0)
X = (study.data - mean) / spread
PENALTY = 0.1
{"train": X[train].shape, "test": X[test].shape, "malignant in train": f"{y[train].mean():.3f}"}

# %% [markdown]
# Real measurements, the Wisconsin set that ships with scikit-learn. Two decisions before the
# gradient: `X` is standardised with training rows only, and the intercept carries no penalty,
# because the base rate is not something I want shrunk. First the loss, as it is usually typed, on
# single scores `z` with the label 0.


# %%
def naive_loss(z, y):
    p = 1 / (1 + np.exp(-z))
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def stable_loss(z, y):
    return np.logaddexp(0, z) - y * z


z = np.array([-800.0, -5.0, 0.0, 5.0, 30.0, 40.0, 800.0])
with np.errstate(all="ignore"):  # the warnings are the point; the table shows what they stand for
    naive = naive_loss(z, 0.0)
pd.DataFrame({"score z": z, "naive loss": naive, "stable loss": stable_loss(z, 0.0)}).round(6)

# %% [markdown]
# The sigmoid itself would survive: `exp` overflows and the quotient is still the right 0. What
# breaks is the logarithm of `1 - p` after `p` has been rounded to 1, and then 0 times infinity.
# `logaddexp(0, z) - y z` is the same function and never forms that 1. For the probabilities I still
# want a sigmoid that overflows nowhere.


# %% tags=["solution"]
# TASK: Write three functions; `w` holds the intercept first, then one weight per column of X, so
# its shape is (d + 1,).
# `sigmoid(z)`: stable for any real array z, no overflow warning, same shape.
# `loss(w, X, y, penalty)`: mean over rows of log(1 + exp(z)) - y * z with z = w[0] + X @ w[1:],
#   plus penalty / 2 times the sum of squares of w[1:]. The intercept is not penalised. Finite for
#   any finite z.
# `gradient(w, X, y, penalty)`: its exact gradient, shape (d + 1,).
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def loss(w, X, y, penalty):
    z = w[0] + X @ w[1:]
    return np.mean(np.logaddexp(0, z) - y * z) + penalty / 2 * (w[1:] ** 2).sum()


def gradient(w, X, y, penalty):
    residual = sigmoid(w[0] + X @ w[1:]) - y
    return np.concatenate([[residual.mean()], X.T @ residual / len(y) + penalty * w[1:]])


# %% tags=["check"]
with np.errstate(over="raise"):
    assert np.allclose(sigmoid(np.array([-800.0, 0.0, 800.0])), [0.0, 0.5, 1.0])
toy_X, toy_y, toy_w = np.array([[1.0], [3.0]]), np.array([1.0, 0.0]), np.array([0.5, -0.5])
assert np.isclose(loss(toy_w, toy_X, toy_y, 0.0), (np.log(2) + np.log1p(np.exp(-1))) / 2)
assert np.isclose(loss(toy_w, toy_X, toy_y, 2.0) - loss(toy_w, toy_X, toy_y, 0.0), 0.25)
assert gradient(np.zeros(31), X[train], y[train], PENALTY).shape == (31,)
assert np.isfinite(loss(np.full(31, 1e4), X[train], y[train], PENALTY))

# %% [markdown]
# Here is hers. It differs from mine in one place: `penalty * w` covers the whole vector, intercept
# included, while her loss leaves the intercept out. I train both and print what she looked at.


# %%
def intern_gradient(w, X, y, penalty):
    residual = sigmoid(w[0] + X @ w[1:]) - y
    return np.concatenate([[residual.mean()], X.T @ residual / len(y)]) + penalty * w


def descend(grad, steps=3000):
    augmented = np.column_stack([np.ones(len(train)), X[train]])
    curvature = np.linalg.eigvalsh(augmented.T @ augmented / len(train)).max() / 4 + PENALTY
    w, history = np.zeros(31), []
    for _ in range(steps):
        history.append(loss(w, X[train], y[train], PENALTY))
        w = w - grad(w, X[train], y[train], PENALTY) / curvature
    return w, np.array(history)


mine, my_history = descend(gradient)
hers, her_history = descend(intern_gradient)
steps = [0, 10, 50, 100, 2999]
pd.DataFrame({"step": steps, "my loss": my_history[steps], "her loss": her_history[steps]}).round(4)

# %% [markdown]
# To the eye they are nearly one curve, both going down and levelling off. The step size is one over
# the largest curvature, so mine may never rise; I assert that below. Now the real test. A
# derivative is a slope, so I measure it: nudge each weight by `h` both ways and divide. A right
# gradient must agree better and better as `h` shrinks, until rounding takes over. A wrong one stays
# wrong at every `h`. I test at random weights, never at zero: there the penalty vanishes and so
# would her error.

# %% tags=["solution"]
# TASK: Write `relative_error(grad, w, X, y, penalty, h)`: compare grad(w, X, y, penalty) with the
# central differences (loss(w + h e_j) - loss(w - h e_j)) / (2 h) for every coordinate j of w, using
# `loss` from above. Return ||analytic - numeric|| / (||analytic|| + ||numeric||), a float.
def relative_error(grad, w, X, y, penalty, h):
    numeric = np.array(
        [
            (loss(w + h * e, X, y, penalty) - loss(w - h * e, X, y, penalty)) / (2 * h)
            for e in np.eye(len(w))
        ]
    )
    analytic = grad(w, X, y, penalty)
    scale = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return np.linalg.norm(analytic - numeric) / scale


# %% tags=["check"]
w = np.random.default_rng(1).normal(size=31)
data = (X[train], y[train], PENALTY)
assert (np.diff(my_history) <= 1e-12).all(), "my loss rose"
assert relative_error(gradient, w, *data, h=1e-5) < 1e-7
assert relative_error(intern_gradient, w, *data, h=1e-5) > 1e-4
doubled = relative_error(lambda *a: 2 * gradient(*a), w, *data, h=1e-5)
assert abs(doubled - 1 / 3) < 1e-6, "a gradient twice too long must show an error of one third"

# %% tags=["evidence: gradient-check"] alt="Relative error of two gradients against the nudge size: mine falls in a V down to rounding level, the intern gradient stays flat and high at every nudge"
nudges = np.logspace(-1, -11, 21)
fig, ax = plt.subplots()
ax.loglog(nudges, [relative_error(gradient, w, *data, h=h) for h in nudges], "o-", label="mine")
ax.loglog(
    nudges,
    [relative_error(intern_gradient, w, *data, h=h) for h in nudges],
    "s--",
    label="hers (intercept penalised)",
)
ax.invert_xaxis()
ax.set_xlabel("nudge h, smaller to the right")
ax.set_ylabel("relative error")
ax.set_ylim(top=3)
ax.legend(loc="upper center", ncols=2)
plt.show()

# %% [markdown]
# The V is the signature of a right gradient: on the left the error of the difference formula, on
# the right rounding. Hers is flat. What does it cost? At the minimum of my loss the intercept's
# slope is zero, and that slope is mean prediction minus base rate. So on training rows they must be
# equal, whatever the penalty on the weights.

# %%
base_rate = y[train].mean()
mean_mine = sigmoid(mine[0] + X[train] @ mine[1:]).mean()
mean_hers = sigmoid(hers[0] + X[train] @ hers[1:]).mean()
assert abs(mean_mine - base_rate) < 1e-6
referee = LogisticRegression(C=1 / (len(train) * PENALTY), tol=1e-10, max_iter=1000)
referee.fit(X[train], y[train])
assert np.allclose(mine, [*referee.intercept_, *referee.coef_[0]], atol=1e-4)
assert np.corrcoef(X[test] @ mine[1:], X[test] @ hers[1:])[0, 1] > 0.999, "the order changed too"
pd.DataFrame(
    {
        "intercept": [mine[0], hers[0]],
        "mean prediction": [mean_mine, mean_hers],
        "base rate": [base_rate, base_rate],
        "loss on test rows": [loss(w, X[test], y[test], 0.0) for w in (mine, hers)],
    },
    index=["mine", "hers"],
).round(4)

# %% [markdown]
# Mine matches the base rate, as it must, and lands on scikit-learn's coefficients. Hers tells the
# clinic that more biopsies are malignant than there are, because a penalised intercept is pulled
# towards zero, which means fifty-fifty for the average biopsy. The rarer the disease, the harder it
# pulls.

# %% tags=["values"]
{
    "error-mine": "below 1e-7",  # asserted above, at h = 1e-5
    "error-hers": f"{relative_error(intern_gradient, w, *data, h=1e-5):.3f}",
    "final-loss-mine": f"{my_history[-1]:.4f}",
    "final-loss-hers": f"{her_history[-1]:.4f}",
    "base-rate": f"{base_rate:.3f}",
    "mean-prediction-mine": f"{mean_mine:.3f}",
    "mean-prediction-hers": f"{mean_hers:.3f}",
}

# %% [markdown]
# ## What I would say next
#
# - My answer for Thursday: do not start with hers. The ranking of patients is hardly touched; the
#   probabilities are, and a clinic acts on probabilities.
# - The identity holds on training rows, with an unpenalised intercept, at the minimum. On other
#   rows the two numbers may differ by chance or by drift, so I would look at a reliability curve
#   there as well.
# - The check compares a gradient with a loss. If the loss is wrong too, both agree and I learn
#   nothing; hence the two-row example worked on paper and the referee.
# - With another hour: Newton steps in place of thousands of small ones, and the penalty chosen by
#   cross-validation rather than by me.
