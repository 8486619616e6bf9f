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
#     title: A small tokenizer, and six ways to pick the next token
#     summary: >-
#       Byte-pair encoding trained on help-desk notes: what it splits, and what German costs. Then a
#       bigram model over its tokens, decoded with temperature, top-k and top-p.
#     minutes: 30
#     rounds: [genai-systems, notebook-coding]
#     topics: [llm-serving, context-window, cost, from-scratch]
#     cards: [byte-pair-encoding, what-is-a-token, sampling-temperature, top-k-or-top-p]
# ---

# %% [markdown]
# # A small tokenizer, and six ways to pick the next token
#
# > **Interviewer:** "Our assistant writes help-desk notes. The German team pays several times as
# > much as the English one for the same notes. At temperature 0 it repeats one sentence, at 1.5 it
# > writes nonsense, and since Priya set top-k to 5 it never mentions one of our products. Build the
# > smallest thing that shows all of this, without a library for language."
#
# **Time box:** 30 minutes. I would say first: "Two machines. A tokenizer that merges what was
# frequent in its training text, and a model that gives each next token a probability. The first
# explains the bill, the second the rest."

# %%
import re
import textwrap
from collections import Counter
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

pd.set_option("display.max_colwidth", None)  # whole notes in tables

# %% [markdown]
# The notes are invented: six sentences with gaps, each in English and in German, so that the two
# texts say the same. One product, the theremin, is rare: it fills two gaps in a hundred.

# %%
SENTENCES = [
    (28, "The customer asks where {it} is.", "Der Kunde fragt, wo {it} bleibt."),
    (22, "{It} did not arrive on {day}.", "{It} kam am {day} nicht an."),
    (18, "We sent {it} again on {day}.", "Wir haben {it} am {day} noch einmal geschickt."),
    (
        14,
        "The customer cannot find {it} in the app.",
        "Der Kunde kann {it} in der App nicht finden.",
    ),
    (10, "{It} has the number {number}.", "{It} hat die Nummer {number}."),
    (8, "Please check {it} by {day}.", "Bitte {it} bis {day} prüfen."),
]
THINGS = [
    (30, "the parcel", "die Sendung"),
    (24, "the order", "die Bestellung"),
    (16, "the invoice", "die Rechnung"),
    (12, "the refund", "die Erstattung"),
    (9, "the lamp", "die Lampe"),
    (7, "the pillow", "das Kissen"),
    (2, "the theremin", "das Theremin"),
]
ENGLISH_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
GERMAN_DAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"]
DAYS = list(zip(ENGLISH_DAYS, GERMAN_DAYS, strict=True))


def write_notes(seed, count):
    """Two lists of `count` notes that say the same, English and German."""
    rng = np.random.default_rng(seed)
    sentences, things = (
        rng.choice(len(rows), size=count, p=np.array([row[0] for row in rows]) / 100)
        for rows in (SENTENCES, THINGS)
    )
    days, numbers = rng.integers(5, size=count), rng.integers(70_000, 72_000, size=count)
    notes = ([], [])
    for s, t, d, number in zip(sentences, things, days, numbers, strict=True):
        for language in (0, 1):
            it = THINGS[t][language + 1]
            gaps = {"it": it, "It": it[0].upper() + it[1:], "day": DAYS[d][language]}
            notes[language].append(SENTENCES[s][language + 1].format(number=number, **gaps))
    return notes


english, german = write_notes(seed=7, count=1_000)
other_english, other_german = write_notes(seed=8, count=300)
pd.DataFrame({"English": english[:4], "German": german[:4]})

# %% [markdown]
# The tokenizer. Text is first cut into words, each with the space before it, and merges never cross
# a cut. A word starts as its single bytes. Then I count the pairs of neighbors, weighted by how
# often the word occurs, and merge the most frequent pair, again and again. A dictionary of words
# with counts is enough; I never have to rescan the text.

# %%
IN_RUNS = re.compile(r" ?\w+|[^\w\s]|\s")  # digits stay together
ONE_BY_ONE = re.compile(r" ?[^\W\d]+|\d|[^\w\s]|\s")  # each digit alone


def as_bytes(word):
    return [bytes([byte]) for byte in word.encode("utf-8")]


# %% tags=["solution"]
# TASK: Write three functions. A piece is a `bytes` object; a rule is a pair of pieces.
# `merge(pieces, rule)`: the list of pieces in which each occurrence of the pair, from the left and
#   without overlap, is joined into one piece.
# `train(text, merges, cut=IN_RUNS)`: the list of at most `merges` rules, in the order learned.
#   `cut.findall(text)` gives the words. Each step takes the pair that occurs most often; on a tie
#   the greater pair. It stops early when no pair is left.
# `encode(text, rules, cut=IN_RUNS)`: the list of pieces of the text: the rules applied in order to
#   each word.
def merge(pieces, rule):
    joined = []
    for piece in pieces:
        if joined and (joined[-1], piece) == rule:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def train(text, merges, cut=IN_RUNS):
    counts = Counter(cut.findall(text))
    words = {word: as_bytes(word) for word in counts}
    rules = []
    for _ in range(merges):
        pairs = Counter()
        for word, pieces in words.items():
            for pair in pairwise(pieces):
                pairs[pair] += counts[word]
        if not pairs:
            break
        rules.append(max(pairs, key=lambda pair: (pairs[pair], pair)))
        words = {word: merge(pieces, rules[-1]) for word, pieces in words.items()}
    return rules


def encode(text, rules, cut=IN_RUNS):
    known, out = {}, []
    for word in cut.findall(text):
        if word not in known:
            pieces = as_bytes(word)
            for rule in rules:
                pieces = merge(pieces, rule)
            known[word] = pieces
        out += known[word]
    return out


# %% [markdown]
# A case that I can do by hand: "hug" ten times, "pug" five times, "hugs" five times. The pair u, g
# occurs 20 times, then h with ug 15 times. And whatever goes in must come out, also a script and an
# emoji that no rule has seen.

# %% tags=["check"]
assert merge([b"a"] * 3, (b"a", b"a")) == [b"aa", b"a"]
toy = train("\n".join(["hug"] * 10 + ["pug"] * 5 + ["hugs"] * 5), merges=2)
assert toy == [(b"u", b"g"), (b"h", b"ug")]
assert encode("bug", toy) == [b"b", b"ug"]
assert len(train("ab", merges=50)) == 1
strange = "Where is the théremin? πού είναι 🙂 70999"
assert b"".join(encode(strange, toy)).decode("utf-8") == strange

# %%
MERGES = 200
rules = train("\n".join(english), MERGES)
single_digit_rules = train("\n".join(english), MERGES, ONE_BY_ONE)


def readable(pieces):
    return " | ".join(piece.decode("utf-8", "replace").replace(" ", "_") for piece in pieces)


print("the first twelve merges:", readable([left + right for left, right in rules[:12]]))

# %% [markdown]
# Frequent pieces come first, and an underscore marks a space. Now words that the text has, words
# that it lacks, and three numbers.

# %% tags=["evidence: what-is-split"]
trials = {
    " customer": "frequent",
    " Customer": "capital letter",
    " cuatomer": "typo",
    " theremin": "rare, but in the text",
    " refund": "frequent",
    " refundable": "not in the text",
    " unbroken": "not in the text",
    " 70123": "number",
    " 70999": "number",
    " 71000": "number, the next one",
}
splits = pd.DataFrame(
    {
        "What it is": trials,
        "Tokens": {word: len(encode(word, rules)) for word in trials},
        "Pieces": {word: readable(encode(word, rules)) for word in trials},
        "Digits cut one by one": {
            word: readable(encode(word, single_digit_rules, ONE_BY_ONE))
            if word[1:].isdigit()
            else ""
            for word in trials
        },
    }
)
splits.index = splits.index.str.strip()
splits

# %% tags=["check"]
assert encode(" customer", rules) == [b" customer"]
assert len(encode(" refundable", rules)) > 3
assert len({len(encode(number, rules)) for number in (" 70123", " 70999", " 71000")}) > 1
assert all(len(encode(f" {n}", single_digit_rules, ONE_BY_ONE)) == 6 for n in (70123, 70999, 71000))

# %% [markdown]
# One capital letter or one typo, and a word that was one token falls apart. "refundable" doesn't
# become "refund" and "able": "da" was merged early, for the weekdays, and takes the d away from
# "refund". Frequency decides, not meaning. The numbers are of one length and are cut in different
# places; digits one by one are longer and even.
#
# Now the bill: 300 further notes by the same generator, in both languages. And the remedy: a second
# tokenizer with as many merges, trained on as many notes, half of them German.

# %% tags=["evidence: tokens-by-language"]
half = len(english) // 2
tokenizers = {
    "English notes only": rules,
    "half English, half German": train("\n".join(english[:half] + german[half:]), MERGES),
}
samples = {"English": other_english, "German": other_german}
bill = {}
for language, notes in samples.items():
    text = "".join(notes)
    bill[language] = {"Bytes per note": len(text.encode("utf-8")) / len(notes)}
    for name, its_rules in tokenizers.items():
        bill[language][f"Tokens, {name}"] = len(encode(text, its_rules)) / len(notes)
bill = pd.DataFrame(bill).T
bill.round(1)

# %%
same_question = {
    "English": "The customer asks where the order is.",
    "German": "Der Kunde fragt, wo die Bestellung bleibt.",
    "Greek": "Ο πελάτης ρωτάει πού είναι η παραγγελία.",
}
pd.DataFrame(
    {
        "Letters and signs": {name: len(text) for name, text in same_question.items()},
        "Tokens, English notes only": {
            name: len(encode(text, rules)) for name, text in same_question.items()
        },
    }
)

# %% tags=["check"]
before, after = bill.iloc[:, 1], bill.iloc[:, 2]
assert before["German"] > 3 * before["English"], "the German team's complaint"
assert after["German"] < 1.5 * after["English"] and after["English"] > before["English"]

# %% [markdown]
# The German team is right, and the cause is less the language than the training text. With half of
# it German, most of the gap closes, and English pays a little. Greek needs more tokens than it has
# letters, because each of its letters is two bytes and no merge fits. (My gap is extreme: the first
# tokenizer saw no German at all.)
#
# Second machine. A bigram model: the probability of the next token given only the last one, counted
# on the English notes. I use the tokenizer with single digits. Each pair gets 0.01 on top of its
# count, since a softmax gives every token a little too. The dials work on these
# probabilities as they would on those of a large model: temperature first, then the cuts.


# %% tags=["solution"]
# TASK: Write `next_probabilities(probabilities, temperature=1, top_k=None, top_p=None)`. The last
# axis of `probabilities` holds positive numbers that sum to 1; return an array of the same shape.
# First the temperature (softmax of the logarithms divided by it). Then, if given, keep only the
# `top_k` most likely; then, if given, of the probabilities AFTER temperature the fewest top tokens
# whose sum reaches `top_p`. If both are given, a token has to pass both. Rescale to a sum of 1.
def next_probabilities(probabilities, temperature=1, top_k=None, top_p=None):
    scores = np.log(probabilities) / temperature
    warm = np.exp(scores - scores.max(axis=-1, keepdims=True))
    warm /= warm.sum(axis=-1, keepdims=True)
    order = np.argsort(-warm, axis=-1, kind="stable")
    ranked = np.take_along_axis(warm, order, axis=-1)
    if top_p is not None:
        sum_before = np.cumsum(ranked, axis=-1) - ranked
        ranked = np.where(sum_before < top_p, ranked, 0)
    if top_k is not None:
        ranked[..., top_k:] = 0
    kept = np.zeros_like(warm)
    np.put_along_axis(kept, order, ranked, axis=-1)
    return kept / kept.sum(axis=-1, keepdims=True)


# %% [markdown]
# By hand: one token four times as likely as another. At temperature one half the ratio is squared,
# at 2 it is the root.

# %% tags=["check"]
four_to_one = np.array([0.2, 0.8])
for temperature, ratio in ((1, 4), (0.5, 16), (2, 2)):
    cold = next_probabilities(four_to_one, temperature)
    assert np.isclose(cold[1] / cold[0], ratio)
five = np.array([0.1, 0.45, 0.25, 0.15, 0.05])
assert np.allclose(next_probabilities(five, top_p=0.8), np.array([0, 0.45, 0.25, 0.15, 0]) / 0.85)
assert np.allclose(next_probabilities(five, top_k=1), [0, 1, 0, 0, 0])
assert (next_probabilities(five, top_p=0.8, top_k=2) > 0).sum() == 2
assert np.allclose(next_probabilities(five, top_p=1), five)
assert np.allclose(next_probabilities(np.stack([five, five[::-1]]), top_p=0.4).max(axis=1), 1)

# %%
stream = encode("\n".join(english) + "\n", single_digit_rules, ONE_BY_ONE)
vocabulary = sorted(set(stream))
number_of = {piece: i for i, piece in enumerate(vocabulary)}


def count_pairs(pieces):
    numbers = np.array([number_of[piece] for piece in pieces])
    counts = np.zeros((len(vocabulary), len(vocabulary)))
    np.add.at(counts, (numbers[:-1], numbers[1:]), 1)
    return counts


counts = count_pairs(stream)
model = (counts + 0.01) / (counts + 0.01).sum(axis=1, keepdims=True)
many_english, _ = write_notes(seed=9, count=10_000)
many = count_pairs(encode("\n".join(many_english) + "\n", single_digit_rules, ONE_BY_ONE))
never = (counts + many) == 0
{"tokens": len(stream), "vocabulary": len(vocabulary)}

# %% [markdown]
# `never` marks the pairs that stand in none of 11,000 notes; I call a token that makes such a pair
# unfit. First two single steps, before any text is written: one at which the model is sure, one at
# which it isn't.

# %% tags=["evidence: sure-and-unsure"] alt="The ten most likely next tokens in two panels. After 'did', one token has nearly all the probability: top-p at 0.9 keeps that one, and top-k at 5 keeps four more that are next to nothing. After 'the', the probability is spread: top-p keeps more tokens than the five of top-k, and both cut off the pillow and the theremin"
fig, axes = plt.subplots(1, 2, figsize=(8, 3.4))
kept_by_top_p = {}
for ax, word in zip(axes, (b" did", b" the"), strict=True):
    row = model[number_of[word]]
    kept_by_top_p[word] = int((next_probabilities(row, top_p=0.9) > 0).sum())
    first = np.argsort(-row, kind="stable")[:10]
    place = np.arange(10)
    inside = place < kept_by_top_p[word]
    ax.bar(place[inside], row[first][inside], color="C0", label="kept by top-p 0.9")
    ax.bar(
        place[~inside],
        row[first][~inside],
        color="none",
        edgecolor="C1",
        linewidth=2,
        label="cut by top-p 0.9",
    )
    ax.axvline(4.5, color="C4", linestyle=":", linewidth=1.5, label="top-k 5: left of this")
    names = [readable([vocabulary[i]]).replace("\n", "end") for i in first]
    ax.set_xticks(place, names, rotation=60, ha="right")
    ax.set_title(f"after {readable([word])}")
axes[0].set_ylabel("probability")
axes[1].legend(fontsize=9)
plt.show()

# %% tags=["check"]
assert kept_by_top_p[b" did"] == 1 and kept_by_top_p[b" the"] > 5
assert many[number_of[b" the"], number_of[b" theremin"]] > 0, "the theremin is rare and right"

# %% [markdown]
# Top-p keeps one token after "did" and more than five after "the". Top-k keeps five at both: four
# too many, then too few. After "the", both lose the pillow and the theremin, which are rarer and
# right.
#
# Now whole texts: 400 for each setting, 100 tokens each, all begun at the start of a note.


# %%
def write_texts(chances, texts=400, length=100):
    """Numbers of tokens, one row a text, the start included."""
    rng = np.random.default_rng(7)
    ladder = chances.cumsum(axis=1)
    ladder /= ladder[:, -1:]
    rows = [np.full(texts, number_of[b"\n"])]
    for _ in range(length):
        rows.append((ladder[rows[-1]] <= rng.random((texts, 1))).sum(axis=1))
    return np.array(rows).T


settings = {
    "greedy (temperature 0)": {"top_k": 1},
    "temperature 0.5": {"temperature": 0.5},
    "temperature 1": {},
    "temperature 1.5": {"temperature": 1.5},
    "top-k 5": {"top_k": 5},
    "top-p 0.9": {"top_p": 0.9},
}
decoded, first_texts = {}, {}
for name, setting in settings.items():
    chances = next_probabilities(model, **setting)
    texts = write_texts(chances)
    bits = -(chances * np.log2(np.where(chances > 0, chances, 1))).sum(axis=1)
    unfit = never[texts[:, :-1], texts[:, 1:]]
    written = [b"".join(vocabulary[i] for i in text).decode("utf-8", "replace") for text in texts]
    notes = [note for text in written for note in text.strip().split("\n")[:-1]]
    decoded[name] = {
        "Entropy per step, bits": bits[texts[:, :-1]].mean(),
        "Different notes in 1,000": len(set(notes[:1_000])),
        "Unfit tokens, %": 100 * unfit.mean(),
        "Texts with one, %": 100 * unfit.any(axis=1).mean(),
        "If independent, %": 100 * (1 - (1 - unfit.mean()) ** 100),
        "Notes with the theremin, %": 100 * np.mean(["theremin" in note for note in notes]),
    }
    first_texts[name] = written[0].strip().replace("\n", " / ")[:150]
decoded = pd.DataFrame(decoded).T.astype({"Different notes in 1,000": int})
for name, text in first_texts.items():
    print(textwrap.fill(f"{name}: {text}", 95) + "\n")

# %% tags=["evidence: decoding-compared"]
decoded.round(1)

# %% tags=["check"]
assert decoded["Different notes in 1,000"].iloc[0] == 1, "greedy must run in a circle"
assert decoded["Entropy per step, bits"].iloc[:4].is_monotonic_increasing
texts_with_one = decoded["Texts with one, %"]
assert texts_with_one[["top-k 5", "top-p 0.9"]].max() < 1 < texts_with_one["temperature 1"]
assert (texts_with_one - decoded["If independent, %"]).abs().max() < 5
theremin = decoded["Notes with the theremin, %"]
assert theremin["top-k 5"] == theremin["top-p 0.9"] == 0 and theremin["temperature 1"] > 1

# %% [markdown]
# The other three complaints are here. Greedy writes one note for ever: in a bigram model the next
# token depends on the last one only, so the first repeated token closes a circle. At temperature 1
# an unfit token is rare at each step, and still every sixth text has one; at 1.5 nearly all have.
# The last but one column shows that independent steps would give nearly the same.
#
# The cuts remove nearly all unfit tokens, and with them the theremin: at temperature 1 it has its
# two notes in a hundred, under either cut none. At temperature 0.5 it isn't forbidden, and about
# ten times as rare. What a cut doesn't repair is "We sent the refund is." Each of its pairs is fit; the
# model's memory is too short.

# %% tags=["values"]
{
    "german-to-english-before": f"{before['German'] / before['English']:.1f}",
    "german-to-english-after": f"{after['German'] / after['English']:.1f}",
    "pieces-of-refundable": f"{splits.loc['refundable', 'Tokens']}",
    "kept-when-sure": f"{kept_by_top_p[b' did']}",
    "kept-when-unsure": f"{kept_by_top_p[b' the']}",
    "unfit-at-temperature-1": f"{decoded.loc['temperature 1', 'Unfit tokens, %']:.1f}%",
    "texts-unfit-at-temperature-1": f"{decoded.loc['temperature 1', 'Texts with one, %']:.0f}%",
    "texts-unfit-when-hot": f"{decoded.loc['temperature 1.5', 'Texts with one, %']:.0f}%",
}

# %% [markdown]
# ## What I would say next
#
# To the German team: the number of tokens follows the tokenizer's training text, so I would count
# tokens on their own notes with each tokenizer on offer before I compare prices. To Priya: take the
# cut off for a day and count the product's name. If it returns, loosen the cut; if not, the cut
# wasn't the cause.
#
# - A large model looks further back than one token. Its greedy text *can* loop; that of a bigram
#   must.
# - Its tail is not the constant that I added. The reasoning is the same, the percentages are not.
# - Six sentences are no language. On real text far more words are rare, and cuts lose more of them.
# - I turned one dial at a time. In this code temperature comes before the cuts; with the two
#   together I would first read which order the server uses.
