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
#     title: Four optimizers in one valley
#     summary: >-
#       SGD, momentum, RMSProp and Adam in a few lines each. At one shared learning rate Adam wins;
#       at each one's own rate, in a turned valley or with noise, the verdict changes.
#     minutes: 25
#     rounds: [deep-learning, notebook-coding]
#     topics: [optimisation, training-debugging, from-scratch]
#     cards: [momentum, adam-optimizer, optimizers-compared, learning-rate]
# ---

# %% [markdown]
# # Four optimizers in one valley
#
# > **Interviewer:** "Omar ran SGD, momentum, RMSProp and Adam on the same problem, all with a
# > learning rate of 0.01. Plain SGD never arrived, Adam did, so he wants Adam everywhere. Write the
# > four without a framework, on a surface that we understand. Is his comparison fair?"
#
# **Time box:** 25 minutes. I would say first: "A shared rate is not the same step for the four
# rules. So I give each one its own rate, and then I change the surface."

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

# %% [markdown]
# Each rule takes the gradient, a dictionary with what it remembers, and the rate; it returns what
# is to be *subtracted* from the weights. All of it works on arrays, one entry for each weight.


# %% tags=["solution"]
# TASK: Write four functions (gradient, memory, rate) -> array to subtract from the weights.
# `memory` is a dict, empty before the first step, that you may change.
# `sgd`: the rate times the gradient.
# `momentum`, with beta=0.9: v = beta * v + gradient; the rate times v.
# `rmsprop`, with beta=0.9 and eps=1e-8: s averages the squared gradients, from zero and without
#   correction; the rate times the gradient, divided by (sqrt(s) + eps).
# `adam`, with beta1=0.9, beta2=0.999 and eps=1e-8: averages of the gradient and of its square, both
#   corrected for their start at zero.
def sgd(gradient, memory, rate):
    return rate * gradient


def momentum(gradient, memory, rate, beta=0.9):
    memory["v"] = beta * memory.get("v", 0) + gradient
    return rate * memory["v"]


def rmsprop(gradient, memory, rate, beta=0.9, eps=1e-8):
    memory["s"] = beta * memory.get("s", 0) + (1 - beta) * gradient**2
    return rate * gradient / (np.sqrt(memory["s"]) + eps)


def adam(gradient, memory, rate, beta1=0.9, beta2=0.999, eps=1e-8):
    memory["t"] = memory.get("t", 0) + 1
    memory["m"] = beta1 * memory.get("m", 0) + (1 - beta1) * gradient
    memory["s"] = beta2 * memory.get("s", 0) + (1 - beta2) * gradient**2
    mean = memory["m"] / (1 - beta1 ** memory["t"])
    square = memory["s"] / (1 - beta2 ** memory["t"])
    return rate * mean / (np.sqrt(square) + eps)


# %% [markdown]
# The test of a rule is a gradient whose answer I can work out. If it stays the same, momentum must
# grow to ten times the plain step, and the other two must settle at the rate, however large the
# gradient. If it flips its sign at every step, momentum must shrink to about half.


# %% tags=["check"]
def steps_of(rule, gradients):
    memory = {}
    return np.array([rule(np.array([g]), memory, 0.1)[0] for g in gradients])


steady, flipping = np.full(200, 3.0), 3.0 * (-1.0) ** np.arange(200)
assert np.isclose(steps_of(sgd, steady)[-1], 0.3)
assert np.isclose(steps_of(momentum, steady)[-1], 0.3 / (1 - 0.9))
assert np.isclose(abs(steps_of(momentum, flipping)[-1]), 0.3 / (1 + 0.9))
assert np.isclose(steps_of(rmsprop, steady)[0], 0.1 / np.sqrt(0.1))
assert np.isclose(steps_of(rmsprop, 1000 * steady)[-1], 0.1)
assert np.allclose(steps_of(adam, 1000 * steady), 0.1), (
    "corrected, the first step is as long as all"
)

# %% [markdown]
# The surface: a bowl with curvature 10 across and 0.1 along, so its condition number is 100. And
# the same bowl turned by 45 degrees, in which the steep direction is no longer one weight but a mix
# of both. A run has arrived when its loss falls below one ten-thousandth of the start and *stays*
# there.

# %%
ACROSS, ALONG = 10.0, 0.1
BUDGET = 2_000
turn = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2)
straight = np.diag([ACROSS, ALONG])
start = np.array([1.0, 1.0])
valleys = {"straight": (straight, start), "turned": (turn @ straight @ turn.T, turn @ start)}
rules = {"SGD": sgd, "momentum": momentum, "RMSProp": rmsprop, "Adam": adam}


def losses(rule, rate, valley, steps=BUDGET):
    """The loss before each step; cut off as soon as it is a million."""
    curvature, weights = valley
    memory, history = {}, []
    for _ in range(steps):
        history.append(0.5 * weights @ curvature @ weights)
        if history[-1] > 1e6:
            break
        weights = weights - rule(curvature @ weights, memory, rate)
    return np.array(history)


def arrival(history):
    """Steps until the loss is below the line for good; NaN if it never is."""
    above = np.flatnonzero(history >= 1e-4 * history[0])
    return above[-1] + 1 if above[-1] + 1 < len(history) else np.nan


# %% tags=["check"]
assert losses(sgd, 0.19, valleys["straight"])[-1] < 1e-4
assert losses(sgd, 0.21, valleys["straight"])[-1] > 1e6, "above 2 / curvature it must diverge"
across_only = losses(sgd, 0.3, (straight, np.array([1.0, 0.0])), steps=5)
assert np.allclose(across_only[1:] / across_only[:-1], 4), "twice the distance, four times the loss"

# %% [markdown]
# Now the sweep: 15 rates from 0.001 to about 3, four to a factor of ten, each rule in both valleys.

# %%
rates = 10 ** np.arange(-3, 0.51, 0.25)
sweep = {
    (shape, name): np.array([arrival(losses(rule, rate, valley)) for rate in rates])
    for shape, valley in valleys.items()
    for name, rule in rules.items()
}

# %% tags=["evidence: rate-sweep"] alt="Steps to arrive against the learning rate, both on logarithmic axes, for four optimizers in two panels. In the straight valley plain SGD needs fewer steps at each higher rate up to about 0.18, the last before its limit of 0.2, and then has no points; momentum is flat between about 0.03 and 0.3; RMSProp has points only at low rates; Adam is nearly flat from 0.02 to 1. In the turned valley SGD and momentum are unchanged, and Adam falls as steadily as SGD, to its lowest point near 0.56"
fig, axes = plt.subplots(1, 2, figsize=(8, 3.6), sharey=True)
for ax, shape in zip(axes, valleys, strict=True):
    for (name, _), marker in zip(rules.items(), "osD^", strict=True):
        ax.loglog(rates, sweep[shape, name], marker=marker, markersize=4, label=name)
    ax.axvline(2 / ACROSS, color="C4", linewidth=1, linestyle=":")
    ax.set(title=f"{shape} valley", xlabel="learning rate")
axes[0].set_ylabel("steps to arrive")
fig.legend(
    *axes[0].get_legend_handles_labels(), loc="upper center", ncols=4, bbox_to_anchor=(0.5, 0)
)
plt.show()

# %% [markdown]
# A missing point means that the run did not arrive in 2,000 steps. The thin dotted line is the
# limit of plain SGD, 2 divided by the steepest curvature. Now Omar's table, and beside it the one
# that I would bring.


# %% tags=["evidence: shared-or-own-rate"]
def best(shape, name):
    position = np.nanargmin(sweep[shape, name])
    return rates[position], sweep[shape, name][position]


def shown(steps):
    return f"more than {BUDGET:,}" if np.isnan(steps) else f"{steps:.0f}"


shared = np.flatnonzero(np.isclose(rates, 0.01))[0]
table = pd.DataFrame(
    {
        "Steps at 0.01": {name: shown(sweep["straight", name][shared]) for name in rules},
        "Own rate": {name: f"{best('straight', name)[0]:.2g}" for name in rules},
        "Steps": {name: shown(best("straight", name)[1]) for name in rules},
        "Turned: at 0.01": {name: shown(sweep["turned", name][shared]) for name in rules},
        "Turned: own rate": {name: f"{best('turned', name)[0]:.2g}" for name in rules},
        "Turned: steps": {name: shown(best("turned", name)[1]) for name in rules},
    }
)
table

# %% tags=["check"]
for name in ("SGD", "momentum"):
    assert np.allclose(sweep["straight", name], sweep["turned", name], equal_nan=True)
assert np.isnan(sweep["straight", "SGD"][shared]) and best("straight", "SGD")[1] < 200
hovering = losses(rmsprop, 0.1, valleys["straight"])
assert (hovering[-500:] > 1e-4 * hovering[0]).all(), "RMSProp at 0.1 did arrive"
assert (hovering[-500:] < 1e-2 * hovering[0]).all(), "it diverged instead of hovering"
assert np.isnan(sweep["turned", "Adam"][shared]) and sweep["straight", "Adam"][shared] < 300

# %% [markdown]
# Omar's numbers are right, and his verdict rests on the rate. Plain SGD was given a rate far below
# its best; with its own it arrives, though momentum and Adam still need fewer steps. In the turned
# valley his 0.01 would have condemned Adam too. SGD and momentum don't notice the turn. RMSProp
# and Adam divide each *weight* by its own size of gradient, and that helps most when the steep
# direction is a weight.
#
# RMSProp arrives only at low rates. It divides by the recent size of the gradient, so near the
# minimum its steps stay about as long as the rate, and it hovers. That is a case for a decaying
# schedule, and against "it adapts the rate, so no tuning".
#
# The best rate is one point. How wide is the target? I count the rates of the 15 at which each rule
# arrives within 120 steps.

# %% tags=["evidence: width-of-the-target"]
width = pd.DataFrame(
    {
        f"{shape} valley": {name: int((sweep[shape, name] <= 120).sum()) for name in rules}
        for shape in valleys
    }
)
width

# %% tags=["check"]
assert width.loc["Adam", "turned valley"] < width.loc["Adam", "straight valley"] / 2

# %% [markdown]
# Adam is the most forgiving of the four while the valley lies along a weight, and less so than
# momentum when it is turned.
#
# How much can momentum buy? In theory the steps of plain descent grow with the condition number,
# and those of well-tuned momentum with its root. I give both their best settings from the theory of
# quadratics, and count.

# %% tags=["evidence: condition-number"]
counts = {}
for condition in (10, 100, 1_000, 10_000):
    low = ACROSS / condition
    valley = (np.diag([ACROSS, low]), start)
    root = np.sqrt(condition)
    beta = ((root - 1) / (root + 1)) ** 2
    rate = 4 / (np.sqrt(ACROSS) + np.sqrt(low)) ** 2

    def tuned(gradient, memory, rate, beta=beta):
        return momentum(gradient, memory, rate, beta)

    counts[f"{condition:,}"] = {
        "Plain": int(arrival(losses(sgd, 2 / (ACROSS + low), valley, steps=25_000))),
        "Momentum": int(arrival(losses(tuned, rate, valley, steps=25_000))),
        "Best beta": f"{beta:.2f}",
    }
condition_table = pd.DataFrame(counts).T.rename_axis("Condition number")
condition_table

# %% tags=["check"]
for rule_name, expected in (("Plain", 10), ("Momentum", np.sqrt(10))):
    growth = condition_table[rule_name].astype(float)
    assert abs(growth.iloc[-1] / growth.iloc[-2] / expected - 1) < 0.25

# %% [markdown]
# Ten times the condition number, about ten times the plain steps, and between three and four times
# those with momentum. That is without noise. With mini-batches the gradient is noisy, and a rival
# explanation appears: at the same rate momentum simply walks ten times as far. So I add noise to
# each gradient and run momentum beside plain SGD at the same rate *and* at ten times that rate; 400
# runs each, mean loss.


# %% tags=["evidence: momentum-or-longer-steps"] alt="Mean loss over 1,000 noisy steps, on logarithmic axes. Plain SGD at 0.001 falls slowly; momentum at 0.001 and plain SGD at 0.01 fall ten times sooner and then lie on one another, after momentum has lagged and swung a little in the first steps"
def noisy_losses(rule, rate, steps=1_001, runs=400):
    rng = np.random.default_rng(7)
    weights, memory, history = np.ones((runs, 2)), {}, []
    curvature = np.array([ACROSS, ALONG])
    for _ in range(steps):
        history.append(0.5 * (curvature * weights**2).sum(axis=1).mean())
        weights = weights - rule(curvature * weights + rng.normal(size=(runs, 2)), memory, rate)
    return np.array(history)


same_rate = noisy_losses(sgd, 0.001)
with_momentum = noisy_losses(momentum, 0.001)
ten_times = noisy_losses(sgd, 0.01)
fig, ax = plt.subplots()
ax.loglog(same_rate, label="plain SGD at 0.001")
ax.loglog(with_momentum, label="momentum 0.9 at 0.001")
ax.loglog(ten_times, label="plain SGD at 0.01")
ax.set(xlabel="step", ylabel="mean loss of 400 runs")
ax.legend()
plt.show()

# %% tags=["check"]
late = slice(100, None)
assert np.abs(with_momentum[late] / ten_times[late] - 1).max() < 0.15
assert same_rate[100] > 5 * with_momentum[100]

# %% [markdown]
# After about a hundred steps the two lie on one another: here the benefit of momentum *was* the
# longer step. Both results hold. Momentum pays where curvature limits the rate, and is mostly a
# larger rate where the rate is small and noise is the limit.
#
# Last, a saddle: the loss x²/2 - y²/2 + y⁴/4 falls toward y = 1 and y = -1, and at y = 0 the slope
# along y is zero. I start close to that line and count the steps until y is past 0.5. Plain SGD
# gets ten times the rate of the others, so that its steps are not short for that reason alone.


# %% tags=["evidence: leaving-a-saddle"]
def steps_to_leave(rule, rate, nearness):
    weights, memory = np.array([1.0, nearness]), {}
    for step in range(BUDGET):
        x, y = weights
        if abs(y) > 0.5:
            return step
        weights = weights - rule(np.array([x, y**3 - y]), memory, rate)
    return np.nan


nearness = {"0.01": 1e-2, "0.0001": 1e-4, "0.000001": 1e-6, "exactly 0": 0.0}
saddle = pd.DataFrame(
    {
        f"y = {label}" if label[0] == "0" else f"y {label}": {
            f"{name} at {rate}": shown(steps_to_leave(rules[name], rate, y))
            for name, rate in {"SGD": 0.5, "momentum": 0.05, "RMSProp": 0.05, "Adam": 0.05}.items()
        }
        for label, y in nearness.items()
    }
)
saddle

# %% tags=["check"]
assert steps_to_leave(adam, 0.05, 1e-6) - steps_to_leave(adam, 0.05, 1e-2) <= 2
assert steps_to_leave(sgd, 0.5, 1e-6) > 2 * steps_to_leave(sgd, 0.5, 1e-2)

# %% [markdown]
# The nearer the start, the longer SGD and momentum wait, since their steps shrink with the slope.
# RMSProp and Adam divide by the size of the slope, so for them a tiny slope counts as a full step.
# From y exactly zero nobody leaves: there is no slope to enlarge.

# %% tags=["values"]
{
    "sgd-own-rate-steps": shown(best("straight", "SGD")[1]),
    "momentum-own-rate-steps": shown(best("straight", "momentum")[1]),
    "adam-own-rate-steps": shown(best("straight", "Adam")[1]),
    "adam-turned-at-shared-rate": shown(sweep["turned", "Adam"][shared]),
    "adam-turned-own-rate": f"{best('turned', 'Adam')[0]:.2g}",
    "plain-steps-condition-10000": f"{counts['10,000']['Plain']:,}",
    "momentum-steps-condition-10000": f"{counts['10,000']['Momentum']:,}",
}

# %% [markdown]
# ## What I would say next
#
# To Omar: the comparison was of one rate and not of four optimizers. I would keep Adam as a
# candidate, give each rule the same number of rates, and move the range if a best rate lies at its
# edge.
#
# - Two weights and a bowl. A network has millions of weights and its curvature changes as it
#   trains, so I take mechanisms from here, and no ranking.
# - All rates are constant. With a decay RMSProp would stop hovering, and on a real task I would
#   compare finished schedules only.
# - The noise is of equal size in every direction and at every step. Gradients of mini-batches are
#   not like that; a real run with a few seeds decides.
# - None of this says which minimum generalizes. That question needs validation data.
