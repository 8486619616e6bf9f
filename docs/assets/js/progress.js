/* The page of progress: figures from what the browser keeps (store.js) into the rows that the template wrote. */
(function () {
  "use strict";

  const guide = window.StrongAnswer;
  const { progress, days, data, count, element } = guide;
  const root = document.getElementById("progress");
  if (!root) return;

  const find = (id) => document.getElementById(id);
  const DAYS_AHEAD = 7;
  const WEEKS = 12;
  const sum = (values) => values.reduce((total, value) => total + value, 0);

  /** A share as words and a bar; the words alone carry it. */
  function share(cell, part, of, words) {
    cell.replaceChildren(words);
    if (!of) return;
    const bar = element("span", { className: "sa-figures__bar", ariaHidden: "true" });
    bar.style.setProperty("--share", String(part / of));
    cell.append(bar);
  }

  const nameOf = (day) => days.words(day, { weekday: "short", day: "numeric", month: "short" });

  /** The Monday of a day's week. */
  function mondayOf(day) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    return days.later(day, -((weekday + 6) % 7));
  }

  // --- figures ------------------------------------------------------------------------------------------------------
  function figures(cards, today) {
    const states = cards.map((card) => progress.card(card.id)).filter((state) => state.last);
    return {
      seen: states.length,
      known: cards.filter((card) => progress.status(card.id, today) === "known").length,
      due: states.filter((state) => state.due <= today).length,
      hit: sum(states.map((state) => state.last.hit.length)),
      of: sum(states.map((state) => state.last.of)),
    };
  }

  function showTables(today) {
    for (const table of root.querySelectorAll("[data-by]")) {
      const kind = table.dataset.by;
      for (const row of table.querySelectorAll("tbody tr")) {
        const cards = data.cards.filter((card) => guide.filter.VALUES[kind](card).includes(row.dataset.id));
        const sums = figures(cards, today);
        const cell = (name) => row.querySelector(`[data-figure="${name}"]`);
        share(cell("seen"), sums.seen, cards.length, `${sums.seen} of ${cards.length}`);
        cell("known").textContent = sums.known;
        cell("due").textContent = sums.due;
        share(cell("hit"), sums.hit, sums.of, sums.of ? `${sums.hit} of ${sums.of}` : "none yet");
      }
    }
  }

  function showSum(today) {
    const all = figures(data.cards, today);
    const put = (name, text) => (root.querySelector(`[data-sum="${name}"]`).textContent = text);
    put("seen", all.seen);
    put("of", `of ${count(data.cards.length, "card")} seen`);
    put("due", all.due);
    put("missed", data.cards.filter((card) => progress.statuses(card.id, today).includes("missed")).length);
    put("hit", all.hit);
    put("moves", `of ${count(all.of, "move")} hit, newest answers`);
    const kept = progress.ids();
    const own = data.cards.filter((card) => progress.own(card.id).star || progress.own(card.id).note);
    find("nothing-yet").hidden = kept.length > 0;
    find("none-words").textContent = own.length ? "No answer is kept here." : "Nothing is kept here.";
    find("own").hidden = !own.length;
    find("own-list").replaceChildren(
      ...own.map((card) => {
        const { star, note } = progress.own(card.id);
        return entry(card, [star && "★", note].filter(Boolean).join(" "));
      })
    );
    find("some").hidden = kept.length === 0;
    find("each-file").hidden = kept.length > 0 || location.protocol !== "file:";
    const known = new Set(data.cards.map((card) => card.id));
    const others = kept.filter((id) => !known.has(id));
    find("elsewhere").hidden = !others.length;
    find("elsewhere").textContent =
      `Also kept, and in no figure here: answers to ${count(others.length, "card")} that this guide does not have ` +
      `(${others.slice(0, 5).join(", ")}${others.length > 5 ? ", …" : ""}).`;
  }

  /** An entry of a list: a card's name, which leads to it, and what is said of it. */
  function entry(card, words) {
    const link = element("a", { href: `${root.dataset.cards}/${card.id}.html`, textContent: card.title });
    return element("li", {}, link, words ? element("span", { className: "sa-row__meta" }, ` ${words}`) : "");
  }

  /** A row of a table, with its head and its cells. */
  const row = (words, ...cells) => element("tr", {}, element("th", { scope: "row" }, words), ...cells);

  function showDue(today) {
    const cards = data.cards.filter((card) => progress.card(card.id).last);
    const due = cards.filter((card) => progress.card(card.id).due <= today);
    const first = due.sort((a, b) => (progress.card(a.id).due < progress.card(b.id).due ? -1 : 1)).slice(0, 10);
    find("due-words").textContent = due.length
      ? `${count(due.length, "card")} today, ${sum(due.map((card) => card.minutes))} minutes aloud.` +
        (due.length > first.length ? ` The ${first.length} that have waited longest:` : "")
      : "Nothing today.";
    find("practise-due").hidden = !due.length;
    find("due-list").replaceChildren(...first.map((card) => entry(card)));
    const ahead = aheadOf(cards, today);
    const most = Math.max(...ahead.map(([, many]) => many));
    const rows = ahead.map(([words, many]) => {
      const cell = element("td");
      share(cell, many, many ? most : 0, String(many));
      return row(words, cell);
    });
    find("days").replaceChildren(...rows);
  }

  /** How many cards come due today (with those before), on each of the next days, and later: [words, number]. */
  function aheadOf(cards, today) {
    const due = cards.map((card) => progress.card(card.id).due);
    const ahead = [["Today", due.filter((day) => day <= today).length]];
    for (let next = 1; next < DAYS_AHEAD; next += 1) {
      const day = days.later(today, next);
      ahead.push([next === 1 ? "Tomorrow" : nameOf(day), due.filter((other) => other === day).length]);
    }
    const last = days.later(today, DAYS_AHEAD);
    return [...ahead, ["Later", due.filter((day) => day >= last).length]];
  }

  function showWeakest(today) {
    const weakest = guide.draw.weakest(data.cards, today).slice(0, 10);
    find("weakest-list").replaceChildren(
      ...weakest.map((card) => {
        const { last } = progress.card(card.id);
        return entry(card, `${last.hit.length} of ${last.of} moves, ${progress.RATED[last.rating]}`);
      })
    );
  }

  function showWeeks() {
    const weeks = new Map();
    for (const id of progress.ids()) {
      for (const one of progress.card(id).tries) {
        const week = mondayOf(one.on);
        const sums = weeks.get(week) || { answers: 0, hit: 0, of: 0 };
        weeks.set(week, { answers: sums.answers + 1, hit: sums.hit + one.hit.length, of: sums.of + one.of });
      }
    }
    const rows = [...weeks.keys()]
      .sort()
      .reverse()
      .slice(0, WEEKS)
      .map((week) => {
        const { answers, hit, of } = weeks.get(week);
        const cell = element("td");
        share(cell, hit, of, of ? `${hit} of ${of} (${Math.round((100 * hit) / of)}%)` : "no moves");
        return row(nameOf(week), element("td", {}, String(answers)), cell);
      });
    find("weeks-rows").replaceChildren(...rows);
  }

  function show() {
    const today = days.today();
    showSum(today);
    showDue(today);
    showWeakest(today);
    showWeeks();
    showTables(today);
    find("damaged").hidden = !progress.damaged().length;
  }

  /** Forget all that any page of this site keeps in this browser. */
  function forgetAll() {
    progress.erase();
    guide.settings.erase();
    try {
      const ours = Object.keys(localStorage).filter((name) => name.startsWith(`${guide.id}:`));
      ours.forEach((name) => localStorage.removeItem(name));
      indexedDB.deleteDatabase(`${guide.id}-recordings`);
    } catch (_error) {
      // Nothing was kept, so there is nothing to forget.
    }
  }

  // --- keeping ------------------------------------------------------------------------------------------------------
  const done = (words) => (find("done").textContent = words);

  find("export").addEventListener("click", () => {
    guide.download(`${guide.id}-progress-${days.today()}.json`, "application/json", progress.exportText());
    done("Saved as a file.");
  });
  find("damaged").addEventListener("click", () => {
    guide.download(`${guide.id}-damaged.txt`, "text/plain", progress.damaged().join("\n"));
  });
  find("import").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    try {
      done(progress.importText(await file.text()));
    } catch (error) {
      done(error.message);
    }
    event.target.value = ""; // so that the same file can be chosen again
  });
  find("erase").addEventListener("click", () => {
    const answers = sum(progress.ids().map((id) => progress.card(id).seen));
    find("erase-words").textContent =
      `This forgets ${count(answers, "answer")} to ${count(progress.ids().length, "card")}, your stars and notes, your settings, ` +
      "and what other pages keep here: the days and ticks of plans, worksheets, drafts of cards, the recordings of a " +
      "mock interview. It cannot be undone; files that you saved can be added again.";
    find("erase-sure").showModal();
  });
  find("erase-sure").addEventListener("close", (event) => {
    if (event.target.returnValue === "erase") {
      forgetAll();
      done("Everything is erased.");
    }
    event.target.returnValue = "";
  });

  progress.listen(show);
  guide.settings.listen(show); // no card is due after the interview
  show();
})();
