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
#     title: Say the shape first - four pandas and NumPy drills
#     summary: A join that grows rows, a subtraction that becomes a square, a total per group on the wrong rows, and a loop that need not be one.
#     minutes: 25
#     rounds: [coding-screen, notebook-coding]
#     topics: [pandas, numpy, complexity]
#     cards: [pandas-join-grows-rows, numpy-broadcasting-bug, vectorise-a-loop, complexity-said-aloud]
# ---

# %% [markdown]
# # Say the shape first: four pandas and NumPy drills
#
# > **Interviewer:** Four small ones from our parcel shop's book-keeping, about six minutes each.
# > 2,000 orders, and Marta in finance gets a different revenue from every analyst. I care less
# > about the code than about what you say before you press run.
#
# **Time box:** 25 minutes. Before every line I say how many rows or which shape I expect. When the
# machine disagrees, one of us is wrong, and I find out which.

# %%
import numpy as np
import pandas as pd

rng = np.random.default_rng(7)
n = 2_000
orders = pd.DataFrame(
    {
        "order": np.arange(n),
        "customer": rng.integers(0, 400, n),
        "postcode": rng.choice(["1000", "2000", "3000", None], n, p=[0.4, 0.3, 0.25, 0.05]),
        "kg": rng.gamma(2, 3, n).round(1),
        "price": rng.gamma(3, 12, n).round(2),
    }
)
zones = pd.DataFrame(
    {
        "postcode": ["1000", "2000", "2000", "3000", None, None],
        "zone": ["A", "B", "C", "C", "X", "Y"],
    }
)
{"orders": orders.shape, "zones": zones.shape}

# %% [markdown]
# **Drill 1: the zone of each order.** The tables are made up, the mess in them is ordinary. I
# expect one row out for every order in. I count rows and sum the price before and after, because a
# join that grows does not complain.

# %%
joined = orders.merge(zones, on="postcode", how="left")
duplicated = zones["postcode"].duplicated(keep=False)
growth = pd.DataFrame(
    {
        "rows": [len(orders), len(joined)],
        "revenue": [orders["price"].sum(), joined["price"].sum()],
    },
    index=["orders", "after the merge"],
)
growth.round(0).astype(int)

# %% [markdown]
# Two causes, and only one is known to everybody. A postcode stands twice in `zones`, so its orders
# double. And pandas matches a missing key with a missing key, which SQL does not: every order
# without a postcode met both rows without one. So I decide what a zone table must be, and let
# pandas hold me to it.

# %% tags=["solution"]
# TASK: Write `add_zone(orders, zones)` -> orders with a column "zone", same rows, same order, same
# index values 0..n-1. A postcode with exactly one zone gets that zone. A missing postcode, a
# postcode that is not in zones, and a postcode with several different zones get "unclear".
# Identical duplicate rows in zones count once.
def add_zone(orders, zones):
    known = zones.dropna(subset="postcode").drop_duplicates()
    unique = known[~known["postcode"].duplicated(keep=False)]
    joined = orders.merge(unique, on="postcode", how="left", validate="many_to_one")
    return joined.assign(zone=joined["zone"].fillna("unclear"))


# %% tags=["check"]
zoned = add_zone(orders, zones)
assert len(zoned) == len(orders) and (zoned["order"] == orders["order"]).all()
assert np.isclose(zoned["price"].sum(), orders["price"].sum())
tiny = pd.DataFrame({"postcode": ["9", None, "7", "8", "7"]})
tiny_zones = pd.DataFrame({"postcode": ["7", "7", "8", "8", None], "zone": list("DDEFZ")})
assert add_zone(tiny, tiny_zones)["zone"].tolist() == ["unclear", "unclear", "D", "unclear", "D"]

# %% tags=["evidence: join-grows-rows"]
cases = {
    "orders, before any join": orders,
    "merge as it came": joined,
    "merge without missing keys": orders.merge(zones.dropna(), on="postcode", how="left"),
    "merge on unique keys, validated": zoned,
}
pd.DataFrame(
    {
        name: {
            "rows": len(table),
            "orders": table["order"].nunique(),
            "revenue": round(table["price"].sum()),
            "over by": f"{table['price'].sum() / orders['price'].sum() - 1:.0%}",
        }
        for name, table in cases.items()
    }
).T

# %% [markdown]
# **Drill 2: the error of a forecast.** The forecast comes from a model as `(n, 1)`, the truth is
# `(n,)`. I expect n errors. NumPy lines shapes up from the right: `(n,)` is read as `(1, n)`, and
# both stretch.

# %%
truth = orders["kg"].to_numpy()
forecast = (truth + rng.normal(0, 0.5, n)).reshape(-1, 1)
wrong = np.mean((truth - forecast) ** 2)
right = np.mean((truth - forecast[:, 0]) ** 2)
assert (truth - forecast).shape == (n, n)
assert np.isclose(wrong, truth.var() + forecast.var() + (truth.mean() - forecast.mean()) ** 2)

# %% tags=["evidence: broadcasting-shapes"]
pd.DataFrame(
    [
        ("truth - forecast", truth.shape, forecast.shape, (truth - forecast).shape, wrong),
        ("truth - forecast[:, 0]", truth.shape, (n,), (truth - forecast[:, 0]).shape, right),
    ],
    columns=["expression", "left", "right", "result", "mean squared"],
).round(2)

# %% [markdown]
# No error, one number, and the number is far off: it compares every truth with every forecast. The
# second assert says what it measures instead, both variances and the gap of the means. A perfect
# model would not score zero there.

# %% tags=["solution"]
# TASK: Write `squared_error(truth, forecast)` -> the mean squared error as a float, for 1-d arrays
# or columns (n, 1) in any combination. Raise ValueError when the two do not hold the same number of
# values, or one has another shape.
def squared_error(truth, forecast):
    flat = []
    for values in (np.asarray(truth, dtype=float), np.asarray(forecast, dtype=float)):
        if values.ndim == 2 and values.shape[1] == 1:
            values = values[:, 0]
        if values.ndim != 1:
            raise ValueError(f"expected (n,) or (n, 1), got {values.shape}")
        flat.append(values)
    if flat[0].shape != flat[1].shape:
        raise ValueError(f"{len(flat[0])} truths, {len(flat[1])} forecasts")
    return float(np.mean((flat[0] - flat[1]) ** 2))


# %% tags=["check"]
assert np.isclose(squared_error(truth, forecast), right)
assert squared_error(np.array([[1.0], [2.0]]), np.array([1.0, 4.0])) == 2.0
for bad in (np.zeros(3), np.zeros((2, 2)), np.zeros((1, 1))):
    try:
        squared_error(np.zeros(2), bad)
    except ValueError:
        continue
    raise AssertionError(f"shape {bad.shape} was accepted")

# %% [markdown]
# **Drill 3: each order's share of its customer's spending.** A total per customer has one row a
# customer; I need one row an order. `groupby().sum()` put straight into the table is aligned by
# index, so order 17 gets the total of customer 17. `transform` keeps the shape of what went in. My
# test: the shares of a customer add up to one.

# %%
per_customer = orders.groupby("customer")["price"].sum()
wrong_total = orders.assign(total=per_customer)["total"]
total = orders.groupby("customer")["price"].transform("sum")
share = orders["price"] / total
assert np.allclose(share.groupby(orders["customer"]).sum(), 1.0)
pd.DataFrame(
    {
        "rows": [len(per_customer), len(wrong_total), len(total)],
        "missing": [per_customer.isna().sum(), wrong_total.isna().sum(), total.isna().sum()],
        "on the right customer": [
            "-",
            f"{np.isclose(wrong_total, total).mean():.1%}",
            f"{np.isclose(total, orders['customer'].map(per_customer)).mean():.1%}",
        ],
    },
    index=["groupby sum", "sum assigned to orders", "transform"],
)

# %% [markdown]
# **Drill 4: the tariff, without the loop.** Up to 2 kg costs 4, up to 5 kg 6, up to 10 kg 9, above
# that 9 and 0.80 for every further kilogram. Somebody wrote a function and `apply(axis=1)`. I keep
# it, as the referee: a fast version is worth nothing until it agrees on every row and on the
# borders.


# %%
def tariff_of_one(row):
    if row["kg"] <= 2:
        return 4.0
    if row["kg"] <= 5:
        return 6.0
    if row["kg"] <= 10:
        return 9.0
    return 9.0 + 0.8 * (row["kg"] - 10)


slow = orders.apply(tariff_of_one, axis=1)
slow.describe()[["min", "mean", "max"]].round(2).rename("tariff").to_frame().T

# %% tags=["solution"]
# TASK: Write `tariff(kg)`: a Series of weights -> the Series of tariffs with the same index,
# without a Python loop over the rows and without apply. A missing weight gives a missing tariff.
def tariff(kg):
    fixed = np.select([kg <= 2, kg <= 5], [4.0, 6.0], default=9.0)
    return (fixed + 0.8 * (kg - 10).clip(lower=0)).rename("tariff")


# %% tags=["check"]
assert np.allclose(tariff(orders["kg"]), slow)
borders = pd.Series([2.0, 2.1, 5.0, 5.1, 10.0, 12.5, np.nan], index=list("abcdefg"))
assert np.allclose(tariff(borders), [4, 6, 6, 9, 9, 11, np.nan], equal_nan=True)
assert tariff(borders).index.equals(borders.index)

# %% tags=["values"]
{
    "orders": f"{len(orders):,}",
    "rows-after-merge": f"{len(joined):,}",
    "revenue-true": f"{orders['price'].sum():,.0f}",
    "revenue-after-merge": f"{joined['price'].sum():,.0f}",
    "revenue-over-by": f"{joined['price'].sum() / orders['price'].sum() - 1:.0%}",
    "mse-right": f"{right:.2f}",
    "mse-broadcast": f"{wrong:.2f}",
    "totals-on-right-customer": f"{np.isclose(wrong_total, total).mean():.1%}",
}

# %% [markdown]
# ## What I would say next
#
# - To Marta: the growth came from the zone table, so I would ask its owner which zone is right, and
#   fail the nightly job on a duplicate rather than pick one. "Unclear" is a bucket she can see and
#   price.
# - `validate=` costs a uniqueness test on the keys. On a big table it is still the cheapest
#   insurance in the file.
# - `apply(axis=1)` builds a Series for each row and calls Python for each; the vectorised version
#   is also linear, only with the loop in compiled code. I would time both on our data before
#   quoting a factor.
# - Vectorising is not always the answer. A rule that depends on the row before it may be clearer as
#   a loop over plain arrays, or compiled, than as a trick with shifts.
