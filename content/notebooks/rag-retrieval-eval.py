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
#     title: Mark the librarian before the author
#     summary: >-
#       Eighty questions against a small set of company policies: recall at k, chunk sizes at an
#       equal budget of words, superseded and forbidden pages, and when to say that no answer
#       exists.
#     minutes: 35
#     rounds: [genai-systems, notebook-coding]
#     topics: [rag, retrieval, llm-evaluation, permissions]
#     cards:
#       - rag-evaluation-plan
#       - rag-confident-but-wrong
#       - chunking-choice
#       - stale-index
#       - permissions-in-retrieval
# ---

# %% [markdown]
# # Mark the librarian before the author
#
# > **Interviewer:** "Our assistant answers staff questions from policy pages. Last week it gave a
# > driver the hotel limit of 2023, told a temp how raises are decided, and invented a gym subsidy.
# > The CTO has a quote for a larger model on her desk and signs on Friday. You have the pages and
# > eighty questions. What do you tell her?"
#
# **Time box:** 35 minutes. I begin with: "A model can only be as right as the passages it is
# handed. I will score the search alone, with no language model in the room."

# %%
import re
from collections import Counter

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

# Made-up policies of a made-up company. In file-name order, as a crawler would index them.
policies = pd.read_csv("data/rag-retrieval-eval-policies.csv").sort_values("doc_id")
questions = pd.read_csv("data/rag-retrieval-eval-questions.csv")
answerable = questions[questions["doc_id"].notna()]
no_answer = questions[questions["doc_id"].isna()]
pd.DataFrame({"Pages": policies.groupby(["audience", "status"]).size()})

# %% [markdown]
# Each answerable question carries the page and the exact words that settle it, so a hit is a fact
# and not an opinion. The asker is an ordinary employee. For the twenty others there is nothing that
# this person may read: the topic is absent, or only on a restricted page. I check the key before I
# grade anybody with it: a wrong key shows up later as a bad system.

# %% tags=["check"]
page_text = policies.set_index("doc_id")["text"]
public_now = policies[(policies["status"] == "current") & (policies["audience"] == "all")]
for row in answerable.itertuples():
    holders = public_now.loc[public_now["text"].str.contains(row.evidence, regex=False), "doc_id"]
    assert list(holders) == [row.doc_id], f"the key is wrong for: {row.question}"
assert questions["question"].is_unique and len(answerable) == 60 and len(no_answer) == 20

# %% [markdown]
# Pages are cut into passages. I pack whole sentences up to sixty words, and will come back to
# whether that was wise.


# %% tags=["solution"]
# TASK: Write `pack_sentences(text, max_words)`. Sentences end with "." and a space. Return a list
# of strings that joined by a space give `text` again: whole sentences in order, as many in each
# string as fit into `max_words` words. A sentence that is longer by itself stands alone.
def pack_sentences(text, max_words):
    packed = []
    for sentence in re.split(r"(?<=\.) ", text):
        together = f"{packed[-1]} {sentence}" if packed else sentence
        if packed and len(together.split()) <= max_words:
            packed[-1] = together
        else:
            packed.append(sentence)
    return packed


# %% tags=["check"]
toy = "One two three. Four five. Six seven eight nine ten eleven. Twelve."
assert pack_sentences(toy, 5) == ["One two three. Four five.", toy[26:58], "Twelve."]
assert pack_sentences(toy, 100) == [toy]
assert all(" ".join(pack_sentences(text, 60)) == text for text in page_text)


# %%
def passages_of(pages, split):
    """One row per passage, with what the page says about itself."""
    passages = pages.assign(passage=pages["text"].map(split)).explode("passage")
    return passages.drop(columns="text").reset_index(drop=True)


def words(text):
    return [w for w in re.findall(r"[a-z0-9]+", text.lower()) if w not in ENGLISH_STOP_WORDS]


# %% [markdown]
# Three searchers, all lexical, since a laptop without a network has no embedding model: the number
# of shared words, the cosine of TF-IDF vectors, and BM25, which I write out, because the two knobs
# in it are what people ask about.


# %% tags=["solution"]
# TASK: Write `bm25(query, passages, k1=1.2, b=0.75)`. `query` is a list of words, `passages` a list
# of lists of words. Return an array with one score per passage: the sum over the DISTINCT query
# words of
#   log(1 + (N - df + 0.5) / (df + 0.5)) * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean))
# with N passages, df of which hold the word, tf times in this one; mean is the mean length of the
# passages. Unknown words add nothing.
def bm25(query, passages, k1=1.2, b=0.75):
    counts = [Counter(passage) for passage in passages]
    length = np.array([len(passage) for passage in passages])
    scores = np.zeros(len(passages))
    for word in set(query):
        tf = np.array([count[word] for count in counts])
        df = np.count_nonzero(tf)
        rarity = np.log(1 + (len(passages) - df + 0.5) / (df + 0.5))
        scores += rarity * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / length.mean()))
    return scores


# %% tags=["check"]
shelf = [["tea", "milk"], ["tea", "tea"], ["milk", "salt"], ["salt", "rye"]]
scores = bm25(["tea", "tea", "gold"], shelf)
assert np.isclose(scores[0], np.log(1 + 2.5 / 2.5)) and scores[2] == 0
assert scores[0] < scores[1] < 2 * scores[0], "a second mention helps, but less than the first"
longer = bm25(["rye"], [["rye"], ["rye"] + ["oats"] * 9])
assert longer[0] > longer[1], "the same mention counts more in a short passage"


# %%
def shared_words(query, passages):
    return np.array([len(set(query) & set(passage)) for passage in passages])


def tf_idf(query, passages):
    vectors = TfidfVectorizer(analyzer=list)
    return (vectors.fit_transform(passages) @ vectors.transform([query]).T).toarray().ravel()


def search(question, passages, score):
    """Positions of the passages, best first, and their scores in that order. Ties keep the
    order of the index, as most engines do."""
    scores = score(words(question), passages["passage"].map(words).tolist())
    order = np.argsort(-scores, kind="stable")
    return order, scores[order]


def ranks_of_answer(passages, score):
    """Rank of the first passage that holds the settling words; infinite if none does."""
    ranks = []
    for row in answerable.itertuples():
        right = (passages["doc_id"] == row.doc_id).to_numpy() & passages["passage"].str.contains(
            row.evidence, regex=False
        ).to_numpy()
        order, _ = search(row.question, passages, score)
        ranks.append(np.flatnonzero(right[order])[0] + 1 if right.any() else np.inf)
    return np.array(ranks)


index = passages_of(public_now, lambda text: pack_sentences(text, 60))
SEARCHERS = {"Shared words": shared_words, "TF-IDF cosine": tf_idf, "BM25": bm25}
ranks = {name: ranks_of_answer(index, score) for name, score in SEARCHERS.items()}

# %% [markdown]
# One passage settles each question, so recall at k is simply how often it is among the first k. And
# since all searchers answer the *same* questions, the fair comparison is paired: on how many is one
# right and the other not? Then I read what even ten passages do not contain, before I average.

# %%
bm25_hit, shared_hit = ranks["BM25"] <= 3, ranks["Shared words"] <= 3
gained, lost = (bm25_hit & ~shared_hit).sum(), (shared_hit & ~bm25_hit).sum()
print(f"BM25 against shared words, top 3: {gained} gained, {lost} lost, sign test p", end=" ")
print(f"{binomtest(int(gained), int(gained + lost)).pvalue:.2f}")
missed = answerable[ranks["BM25"] > 10]
missed[["question", "evidence"]].set_index("question")

# %% [markdown]
# The askers use other words than the page, or other *forms* of the same word: "load" and "loads".
# Synonyms are what dense or hybrid search is for. Forms are handled by a stemmer; a crude one, which
# cuts a final s, takes one line. I try that before anybody buys anything.


# %% tags=["evidence: recall-at-k"]
def bm25_without_s(query, passages):
    return bm25(
        [word.removesuffix("s") for word in query],
        [[word.removesuffix("s") for word in passage] for passage in passages],
    )


ranks["BM25, final s cut"] = ranks_of_answer(index, bm25_without_s)
rows = {}
for name, rank in ranks.items():
    low, high = binomtest(int((rank <= 3).sum()), len(rank)).proportion_ci(method="wilson")
    rows[name] = {f"Recall@{k}": f"{(rank <= k).mean():.2f}" for k in (1, 3, 5, 10)}
    rows[name]["95% interval of recall@3"] = f"{low:.2f} to {high:.2f}"
recall = pd.DataFrame(rows).T
recall

# %% [markdown]
# With sixty questions I cannot tell the first three apart at k = 3, and would say so before
# somebody picks a vendor on the second decimal. The last row looks best, and it flatters itself: I
# found the idea by reading these very misses. It has to prove itself on new questions, so I go on
# with plain BM25.
#
# Next the passages. The trap: compare sizes at a fixed k, and longer ones win because they carry
# more words to the model. So I also let each size send as many passages as fit into 180 words,
# counted at its mean length.


# %%
def windows(size):
    def split(text):
        tokens = text.split()
        return [" ".join(tokens[i : i + size]) for i in range(0, len(tokens), size)]

    return split


# %% tags=["evidence: chunk-size"]
SPLITS = {f"Every {size} words": windows(size) for size in (15, 30, 60, 90)}
SPLITS["Whole page"] = lambda text: [text]
SPLITS["Sentences, up to 60"] = lambda text: pack_sentences(text, 60)
rows = {}
for name, split in SPLITS.items():
    passages = passages_of(public_now, split)
    rank = ranks_of_answer(passages, bm25)
    mean_words = passages["passage"].str.split().str.len().mean()
    within_budget = int(180 // mean_words)
    rows[name] = {
        "Passages": len(passages),
        "Answer cut apart (%)": 100 * np.isinf(rank).mean(),
        "Recall@3": (rank <= 3).mean(),
        "Words sent, k = 3": 3 * mean_words,
        "k within 180 words": within_budget,
        "Recall, 180 words": (rank <= within_budget).mean(),
    }
chunks = pd.DataFrame(rows).T
chunks.round(2).astype(
    {
        "Passages": int,
        "Answer cut apart (%)": int,
        "Words sent, k = 3": int,
        "k within 180 words": int,
    }
)

# %% tags=["check"]
assert chunks["Recall@3"].idxmax() == "Whole page", "at equal k, more words win"
assert chunks["Recall, 180 words"].idxmax() != "Whole page", "at equal words they do not"
assert chunks.loc["Sentences, up to 60", "Answer cut apart (%)"] == 0

# %% [markdown]
# At equal k the whole page wins, and at equal words it does not, though that gap is a handful of
# questions. What is beyond doubt is the bottom: very short windows cut the answer apart, and no
# searcher can find what no passage contains. Sixty words by sentence is no law. These pages are
# short lists of rules; tables or contracts would want another cut.
#
# So far I searched only current, public pages. The live index holds everything. I rerun all eighty
# questions with three kinds of index and count what would reach the model.

# %% tags=["evidence: stale-and-forbidden"]
everything = passages_of(policies, lambda text: pack_sentences(text, 60))
current = everything[everything["status"] == "current"].reset_index(drop=True)


def exposure(passages, allowed_after=None):
    old = forbidden = kept_right = left = 0
    for row in questions.itertuples():
        order, scores = search(row.question, passages, bm25)
        top = passages.iloc[order[:3][scores[:3] > 0]]
        if allowed_after is not None:
            top = top[allowed_after(top)]
        left += len(top)
        old += (top["status"] == "superseded").any()
        forbidden += (top["audience"] != "all").any()
        if isinstance(row.evidence, str):
            right = top["passage"].str.contains(row.evidence, regex=False)
            kept_right += (right & (top["doc_id"] == row.doc_id)).any()
    return {
        "Superseded in top 3 (of 80)": old,
        "Forbidden in top 3 (of 80)": forbidden,
        "Right passage in top 3 (of 60)": kept_right,
        "Passages left, mean": left / len(questions),
    }


def is_open(passages):
    return (passages["status"] == "current") & (passages["audience"] == "all")


exposed = pd.DataFrame(
    {
        "Everything indexed": exposure(everything),
        "Superseded pages removed": exposure(current),
        "Filtered after search": exposure(everything, allowed_after=is_open),
        "Filtered before search": exposure(index),
    }
).T
exposed.round(1).astype(dict.fromkeys(exposed.columns[:3], int))

# %% tags=["check"]
clean = ["Superseded in top 3 (of 80)", "Forbidden in top 3 (of 80)"]
assert (exposed.loc[["Filtered after search", "Filtered before search"], clean] == 0).all(axis=None)
right = exposed["Right passage in top 3 (of 60)"]
assert right["Filtered before search"] > right["Filtered after search"]

# %% [markdown]
# Here are the first two incidents, and neither is about the size of the model. An old page says the
# same in the same words with another number; the two tie, and the order of files decides. Forbidden
# pages come up because they are good matches. Filtering *after* the search shields the model just
# as well, but leaves holes in the top three; filtering before it fills them. Asking the model not
# to mention a passage is no filter: it has read it.
#
# The third incident was a question without an answer. Search always returns something, so I need a
# score below which the assistant says "I found nothing". What does each threshold cost on both
# sides?

# %% tags=["evidence: no-answer-threshold"] alt="Two curves against the score threshold. The share of unanswerable questions that are refused rises while the share of answerable questions answered from the right passage falls; no threshold keeps both high"
best_score = np.array([search(text, index, bm25)[1][0] for text in questions["question"]])
has_answer = questions["doc_id"].notna().to_numpy()
found = np.zeros(len(questions), dtype=bool)
found[has_answer] = ranks["BM25"] <= 3


def both_sides(threshold, rows):
    answered = best_score >= threshold
    return (answered & found)[rows & has_answer].mean(), (~answered)[rows & ~has_answer].mean()


everyone = np.ones(len(questions), dtype=bool)
thresholds = np.linspace(0, 12, 121)
curves = np.array([both_sides(t, everyone) for t in thresholds])
fig, ax = plt.subplots()
ax.step(thresholds, 100 * curves[:, 0], color="C0", label="answerable: right passage, answered")
ax.step(thresholds, 100 * curves[:, 1], color="C1", label="unanswerable: refused")
ax.set(xlabel="Refuse below this BM25 score", ylabel="Share of questions (%)", ylim=(0, 104))
ax.legend(loc="upper right", bbox_to_anchor=(1, 0.84))
plt.show()

# %% [markdown]
# The curves cross; there is no clean cut. A threshold picked on these same questions would flatter
# itself, so I pick it on every second question, the lowest that refuses four fifths of the
# unanswerable, and read both sides on the rest.

# %%
pick = np.arange(len(questions)) % 2 == 0
chosen = next(t for t in thresholds if both_sides(t, pick)[1] >= 0.8)
kept, refused = both_sides(chosen, ~pick)
print(f"threshold {chosen:.1f}, other half: right and answered {kept:.0%}, refused {refused:.0%}")
print(f"without a threshold: right and answered {both_sides(0, ~pick)[0]:.0%}")

# %% tags=["values"]
{
    "bm25-recall-at-3": recall.loc["BM25", "Recall@3"],
    "final-s-cut-recall-at-3": recall.loc["BM25, final s cut", "Recall@3"],
    "recall-at-3-interval": recall.loc["BM25", "95% interval of recall@3"],
    "recall-180-words-whole-page": f"{chunks.loc['Whole page', 'Recall, 180 words']:.2f}",
    "recall-180-words-sentences": f"{chunks.loc['Sentences, up to 60', 'Recall, 180 words']:.2f}",
    "cut-apart-15-words": f"{chunks.loc['Every 15 words', 'Answer cut apart (%)']:.0f}%",
    "questions-with-superseded": f"{exposed.iloc[0, 0]:.0f} of 80",
    "questions-with-forbidden": f"{exposed.iloc[0, 1]:.0f} of 80",
    "answered-with-threshold": f"{kept:.0%}",
    "refused-with-threshold": f"{refused:.0%}",
}

# %% [markdown]
# ## What I would say next
#
# To the CTO: do not sign on Friday. Two of the three incidents are index hygiene and access, to be
# fixed this week: one current page per topic, and the asker's rights applied before the search, in
# the cache as well. A larger model would word the old limit more nicely.
#
# For the third I would not rest on a score. BM25 scores grow with the number of rare words in the
# question, so one line cannot fit all; better to let a second step judge whether the passage
# answers the question, and to measure it on these twenty plus many more.
#
# Unsure: eighty questions written by one person, with sixty answers, bound recall at 3 only to
# about a tenth either way. With another hour I would take real questions from the logs, ask two
# people to mark the answers, and run a stemmer, an embedding model and a hybrid on questions that I
# have not read. Then generation gets its own test: given the right passage, does the answer stick
# to it?
