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
#     title: What is one row? Three SQL drills
#     summary: A join that doubles revenue, a latest row that comes twice, a running total that jumps. Each query is plausible, and each forgets what one row is.
#     minutes: 25
#     rounds: [coding-screen, notebook-coding]
#     topics: [sql, data-quality]
#     cards: [sql-join-duplicates-revenue, sql-window-latest-row, pandas-join-grows-rows]
# ---

# %% [markdown]
# # What is one row? Three SQL drills
#
# > **Interviewer:** A meal-kit company, 120 customers. The board deck says that revenue doubled
# > when we began to ship in two boxes. The finance lead, Mr Okafor, does not believe it, and he has
# > a second number that bothers him: we bill more subscriptions than we have customers. Write the
# > queries here. SQLite is enough.
#
# **Time box:** 25 minutes. For each table I finish one sentence before I join it: "one row is one
# ...".

# %%
import sqlite3

import numpy as np
import pandas as pd

rng = np.random.default_rng(7)
db = sqlite3.connect(":memory:")
db.executescript(
    """
    CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INTEGER, day TEXT, total REAL);
    CREATE TABLE boxes (box_id INTEGER PRIMARY KEY, order_id INTEGER, carrier TEXT);
    CREATE TABLE plans (
        plan_id INTEGER PRIMARY KEY, customer_id INTEGER, changed_at TEXT, fee REAL
    );
    """
)
order_ids = range(1, 401)
days = pd.Series(pd.date_range("2026-03-01", periods=31).strftime("%Y-%m-%d"))
orders = [
    (i, int(rng.integers(1, 121)), days[rng.integers(0, 31)], float(rng.choice([39, 49, 59, 79])))
    for i in order_ids
]
shipped = order_ids[8:]  # the first eight have not left yet
boxes = [(i, carrier) for i in shipped for carrier in ("bike", "van")]
db.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", orders)
db.executemany("INSERT INTO boxes (order_id, carrier) VALUES (?, ?)", boxes)


def ask(query):
    return pd.read_sql_query(query, db)


ask("SELECT (SELECT COUNT(*) FROM orders) AS orders, (SELECT COUNT(*) FROM boxes) AS boxes")

# %% [markdown]
# Everything here is invented. One row of `orders` is one order; one row of `boxes` is one box, so
# an order has two, or none yet. The deck wanted revenue by shipped orders and joined the two. My
# sentence for the result would be "one row is one box", and the total stands on each.

# %%
ask("SELECT o.order_id, o.total, b.carrier FROM orders o JOIN boxes b USING (order_id) LIMIT 4")

# %% [markdown]
# The quick cure is `SUM(DISTINCT total)`. It removes equal amounts, not equal orders: all meal kits
# at the same price become one. The honest cure is to bring `boxes` to one row an order first, or to
# ask only whether a box exists.

# %% tags=["solution"]
# TASK: Write `SHIPPED_REVENUE`, one SQL query as a string that returns a single row with the
# columns "orders" and "revenue": the number of orders with at least one box, and the sum of their
# totals, each order counted once.
SHIPPED_REVENUE = """
SELECT COUNT(*) AS orders, SUM(total) AS revenue
FROM orders AS o
WHERE EXISTS (SELECT 1 FROM boxes AS b WHERE b.order_id = o.order_id)
"""

# %% tags=["check"]
truth = sum(total for order_id, _, _, total in orders if order_id in shipped)
answer = ask(SHIPPED_REVENUE)
assert list(answer.columns) == ["orders", "revenue"] and len(answer) == 1
assert answer.loc[0, "orders"] == 392 and answer.loc[0, "revenue"] == truth
db.execute("INSERT INTO boxes VALUES (9999, 400, 'van')")  # a third box
with_third_box = ask(SHIPPED_REVENUE)
db.execute("DELETE FROM boxes WHERE box_id = 9999")
assert with_third_box.equals(answer), "a third box changed the revenue"

# %% [markdown]
# The referee is a Python sum over the list that I inserted, and a third box for one order must
# change nothing. Now all versions side by side.

# %% tags=["evidence: fan-out-join"]
JOINED = "FROM orders o JOIN boxes b USING (order_id)"
versions = {
    "join, then SUM": ask(f"SELECT COUNT(*) AS orders, SUM(total) AS revenue {JOINED}"),
    "join, then SUM(DISTINCT)": ask(
        f"SELECT COUNT(DISTINCT total) AS orders, SUM(DISTINCT total) AS revenue {JOINED}"
    ),
    "boxes grouped first, then join": ask(
        """
        SELECT COUNT(*) AS orders, SUM(total) AS revenue
        FROM orders JOIN (SELECT order_id FROM boxes GROUP BY order_id) USING (order_id)
        """
    ),
    "only ask if a box exists": ask(SHIPPED_REVENUE),
}
fan_out = pd.concat(versions).droplevel(1).rename(columns={"orders": "amounts summed"})
fan_out["times the truth"] = fan_out["revenue"] / truth
fan_out.astype({"revenue": int}).round(2)

# %% [markdown]
# So the boxes doubled, and not the business. Next the subscriptions. One row of `plans` is one
# change of plan, so "the current plan" is a question about order: which change is last? Two changes
# may carry the same timestamp, when someone double-clicks or a migration runs at midnight.

# %%
plans = []
for customer in range(1, 121):
    for changed in sorted(rng.choice(days[:25], size=rng.integers(1, 4), replace=False)):
        plans.append((customer, f"{changed} 00:00:00", float(rng.choice([20, 30, 45]))))
    if customer % 6 == 0:  # the last change came twice, with another fee
        plans.append((customer, plans[-1][1], plans[-1][2] + 5))
db.executemany("INSERT INTO plans (customer_id, changed_at, fee) VALUES (?, ?, ?)", plans)
ask("SELECT * FROM plans WHERE customer_id = 6")

# %% [markdown]
# Here is what bills them today: the newest date for each customer, joined back. Beside it, how many
# rows that gives.

# %%
NEWEST_DATE = """
SELECT p.customer_id, p.fee
FROM plans AS p
JOIN (SELECT customer_id, MAX(changed_at) AS changed_at FROM plans GROUP BY customer_id)
  USING (customer_id, changed_at)
"""
ask(f"SELECT COUNT(*) AS bills, COUNT(DISTINCT customer_id) AS customers FROM ({NEWEST_DATE})")

# %% [markdown]
# A maximum is unique, the rows that reach it are not. I number the rows of each customer, newest
# first, and break ties by the plan id, the order in which they were written. That is a decision,
# and I would ask Mr Okafor whether the later write is the one that counts.

# %% tags=["solution"]
# TASK: Write `CURRENT_PLAN`, one SQL query as a string: exactly one row per customer in plans,
# columns "customer_id", "changed_at", "fee", ordered by customer_id. The row is the one with the
# latest changed_at; on a tie the highest plan_id.
CURRENT_PLAN = """
SELECT customer_id, changed_at, fee
FROM (
    SELECT *, ROW_NUMBER() OVER (
        PARTITION BY customer_id ORDER BY changed_at DESC, plan_id DESC
    ) AS place
    FROM plans
)
WHERE place = 1
ORDER BY customer_id
"""

# %% tags=["check"]
current = ask(CURRENT_PLAN)
last_written = {}
for customer, changed_at, fee in plans:  # written in order of time, so the last one wins
    last_written[customer] = (customer, changed_at, fee)
assert list(current.itertuples(index=False, name=None)) == [last_written[c] for c in range(1, 121)]
db.execute("INSERT INTO plans VALUES (9999, 1, '2026-01-01 00:00:00', 99)")  # written late
with_old_news = ask(CURRENT_PLAN)
db.execute("DELETE FROM plans WHERE plan_id = 9999")
assert with_old_news.equals(current), "an old change, written late, replaced the current plan"

# %% tags=["evidence: latest-row-per-customer"]
RANKED = """
SELECT * FROM (
    SELECT *, RANK() OVER (PARTITION BY customer_id ORDER BY changed_at DESC) AS place FROM plans
)
WHERE place = 1
"""
tables = {
    "MAX(date), joined back": ask(NEWEST_DATE),
    "RANK by date": ask(RANKED),
    "ROW_NUMBER by date, plan id": current,
}
latest = pd.DataFrame(
    {
        "rows": {name: len(table) for name, table in tables.items()},
        "customers": {name: table["customer_id"].nunique() for name, table in tables.items()},
        "billed": {name: table["fee"].sum() for name, table in tables.items()},
    }
)
latest.astype(int)

# %% [markdown]
# `RANK` does not help: ties share the first place. Only a complete order, down to a unique column,
#   gives one row. The same thought settles the third drill, a running total in the order of days.
#   Without a frame, a window with `ORDER BY` adds up to the current row *and all its ties*.

# %%
running = ask(
    """
    SELECT order_id, day, total,
           SUM(total) OVER (ORDER BY day) AS default_frame,
           SUM(total) OVER (ORDER BY day, order_id ROWS UNBOUNDED PRECEDING) AS row_by_row
    FROM orders ORDER BY day, order_id
    """
)
assert np.allclose(running["row_by_row"], running["total"].cumsum())
end_of_day = running.groupby("day").tail(1)
assert np.allclose(end_of_day["default_frame"], end_of_day["row_by_row"])
running.head(4)

# %% tags=["values"]
{
    "revenue-true": f"{truth:,.0f}",
    "revenue-joined": f"{fan_out.loc['join, then SUM', 'revenue']:,.0f}",
    "revenue-sum-distinct": f"{fan_out.loc['join, then SUM(DISTINCT)', 'revenue']:,.0f}",
    "times-too-high": f"{fan_out.loc['join, then SUM', 'revenue'] / truth:.1f}",
    "bills-by-max-date": f"{latest.loc['MAX(date), joined back', 'rows']:.0f}",
    "customers": f"{current['customer_id'].nunique()}",
    "overbilled": f"{latest.loc['MAX(date), joined back', 'billed'] - current['fee'].sum():,.0f}",
}

# %% [markdown]
# ## What I would say next
#
# - To the board: orders shipped, each counted once, did not double; the deck counted boxes. I would
#   put the number of orders beside every revenue, because a doubled sum looks like success and a
#   doubled count does not.
# - To Mr Okafor: some customers get two bills. Before refunding I would look at which of the two
#   they meant.
# - All this ran in SQLite. A null date sorts last here when descending and first in PostgreSQL, so
#   I would say where nulls go. SQLite also lets me pick `fee` beside `MAX(changed_at)` in a `GROUP
#   BY`; many databases refuse, and some return any row.
# - If orders could arrive twice, no query repairs that. I would ask for a key the database
#   enforces.
