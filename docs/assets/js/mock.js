/* Draw a mock interview and start it; at its end, the debrief. What was asked for is in the address, with the number of
 * the draw: the same address draws the same interview (draw.js). */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const { data, draw, queue, results } = guide;
  const { RATED } = guide.progress;
  const find = (name) => document.querySelector(`[data-${name}]`);
  const form = find("pick");
  if (!form) return;
  const cards = form.dataset.cards;
  const rubrics = new Map(); // by card: {asked, first, weak, moves, tested, flags}; see script_data.py
  guide.rubric = (cards) => Object.entries(cards).forEach(([id, one]) => rubrics.set(id, one));
  const titleOf = (round) => data.rounds.find((one) => one.id === round).title;

  if (!new URLSearchParams(location.search).has("done")) return pick();
  return queue.read(location, "").ids.length ? debrief() : location.replace(location.pathname);

  function pick() {
    const { what, level, minutes, seed } = form.elements;
    const warmUp = form.elements["warm-up"];
    const query = new URLSearchParams(location.search);
    guide.choose(what, guide.interview.get().what);
    for (const kind of ["role", "round"]) guide.choose(what, `${kind}:${query.get(kind)}`);
    guide.choose(level, query.get("level"));
    if (["20", "30", "45", "60"].includes(query.get("minutes"))) minutes.value = query.get("minutes");
    if (query.get("warm-up") === "no") warmUp.checked = false;
    seed.value = /^[1-9]\d{0,5}$/.test(query.get("seed") || "") ? query.get("seed") : draw.newSeed();

    function asked() {
      const parts = [what.value.replace(":", "="), level.value && `level=${level.value}`, `minutes=${minutes.value}`];
      return [...parts, !warmUp.checked && "warm-up=no", `seed=${seed.value}`].filter(Boolean).join("&");
    }
    function chosen() {
      const [kind, id] = what.value.split(":");
      if (kind === "role") return data.roles.find((one) => one.id === id);
      return draw.onlyRound(data.rounds.find((one) => one.id === id));
    }
    function interview() {
      const options = { level: level.value, warmUp: warmUp.checked };
      return draw.interview(data, chosen(), Number(minutes.value), Number(seed.value), options);
    }

    function render() {
      if (!form.checkValidity()) return;
      const drawn = interview();
      const number = drawn.cards.length;
      find("found").textContent = number
        ? `${guide.count(number, "question")}, about ${drawn.minutes} of ${minutes.value} minutes.`
        : "No question fits. Take another level or more minutes.";
      find("start").disabled = !number;
      find("rounds").replaceChildren(...drawn.rounds.map(row));
      find("rounds").parentElement.hidden = drawn.rounds.length < 2;
      history.replaceState(null, "", `?${asked()}`);
    }

    function row(round) {
      const element = guide.copyOf(find("round"));
      const cells = [titleOf(round.round), `${round.percent}%`, round.cards.length || "none", round.minutes || ""];
      [...element.children].forEach((cell, index) => (cell.textContent = cells[index]));
      return element;
    }

    form.addEventListener("input", render);
    find("draw").addEventListener("click", () => {
      seed.value = draw.newSeed();
      render();
    });
    find("share").addEventListener("click", () => guide.copyLink(`?${asked()}`));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const ids = interview().cards.map((card) => card.id);
      const name = [chosen().title, level.value && level.selectedOptions[0].textContent].filter(Boolean).join(", ");
      const more = { name: name, set: asked(), minutes: Number(minutes.value) };
      const go = () => location.assign(queue.cardAddress(queue.begin("mock", ids, more), cards));
      guide.recordings.forget().then(go, go); // of the interview before
    });
    form.hidden = false;
    render();
  }

  function debrief() {
    const session = queue.read(location, "");
    const list = results.answers(session, data.cards);
    const day = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    const length = session.minutes && `${session.minutes} minutes`;
    find("what").textContent = `${[session.name, length, day].filter(Boolean).join(", ")}.`;
    results.fill(find, session, list, cards);
    const ranked = results.ranked(list);
    const [weakest, strongest] = [ranked[0], ranked.at(-1)];
    if (ranked.length && results.compare(weakest, strongest)) {
      find("best").hidden = false;
      showOne("strongest", strongest);
      showOne("weakest", weakest);
    }
    const rounds = [...new Set(list.map(({ card }) => card.round))];
    const inOrder = data.rounds.filter((round) => rounds.includes(round.id));
    let first = 0; // the number of a round's first signal
    for (const round of inOrder) {
      find("signals").append(signals(round, list, session, first));
      first += round.signals.length;
    }
    find("same").href = `?${session.set}`;
    forSomebodyElse(list, session);
    playRecordings(session);
    find("print").addEventListener("click", () => window.print());
    find("debrief").hidden = false;
    find("heading").focus();
  }

  /* The interview as a text that a colleague or an assistant can judge by: questions, the reader's words, the rubric. */

  function forSomebodyElse(list, session) {
    const answered = list.filter(({ one }) => one);
    const boxes = new Map();
    find("said").replaceChildren(
      ...answered.map(({ card }, index) => {
        const label = guide.copyOf(find("said-one"));
        label.querySelector("span").textContent = `${index + 1}. ${card.title}`;
        boxes.set(card.id, label.querySelector("textarea"));
        return label;
      })
    );
    find("somebody").hidden = !answered.length;
    const rounds = [...new Set(answered.map(({ card }) => card.round))];
    const missing =
      "The rubric did not load, so the text for somebody else cannot be made. Reload the page to try again.";
    guide.load(...rounds.map((round) => `../data/rubric-${round}.js`)).then(
      () => (find("copy").disabled = find("save-text").disabled = false),
      () => guide.say(missing)
    );
    // What was written and not taken along yet is asked about before the page goes.
    const words = () => [...boxes.values()].map((box) => box.value).join("\n");
    let taken = words();
    window.addEventListener("beforeunload", (event) => words() !== taken && event.preventDefault());
    const text = () => rubricText(answered, session, (id) => boxes.get(id).value.trim());
    find("copy").addEventListener("click", () => {
      guide.copy(text()).then(
        () => {
          taken = words();
          guide.say("The text is copied. Paste it to a colleague or an assistant.");
        },
        () => guide.say("The browser did not let the page copy. Save it as a file instead.")
      );
    });
    find("save-text").addEventListener("click", () => {
      guide.download(`${guide.id}-mock.txt`, "text/plain", text());
      taken = words();
    });
  }

  /** What was recorded, by question, to hear and to save. */
  async function playRecordings(session) {
    const all = await guide.recordings.all().catch(() => []);
    const rows = all
      .map(({ place, sound }) => ({ place, sound, card: data.cards.find((card) => card.id === session.ids[place]) }))
      .filter(({ card }) => card)
      .map(({ place, sound, card }) => {
        const item = guide.copyOf(find("recording-one"));
        item.querySelector("span").textContent = `${place + 1}. ${card.title}`;
        item.querySelector("audio").src = URL.createObjectURL(sound);
        item.querySelector("audio").setAttribute("aria-label", `What I said to ${card.title}`);
        const name = `${place + 1}-${card.id}`;
        item.querySelector("button").addEventListener("click", () => guide.recordings.save(name, sound));
        return item;
      });
    find("recordings").replaceChildren(...rows);
    find("heard").hidden = !rows.length;
  }

  function rubricText(answered, session, wordsOf) {
    const beginning = [
      `Mock interview: ${session.name}.`,
      "Below are the questions I was asked, what I said, and a rubric for each. Please judge each answer by its rubric:",
      "which moves are there, which are missing, which red flags appear, and what one change would help most.",
      "Quote my words where you judge them. The rubric is one good way to answer; say so if mine is another.",
    ];
    const paragraphs = answered.flatMap(({ card, one }, index) => {
      const rubric = rubrics.get(card.id);
      const list = (title, items) => [title, ...items.map((item) => `- ${item}`)].join("\n");
      return [
        `QUESTION ${index + 1}: ${card.title}\n${rubric.asked}`,
        `My answer:\n${wordsOf(card.id) || "(not written down)"}`,
        `My own marks: ${RATED[one.rating]}${one.rating ? `, ${one.hit.length} of ${card.moves} moves` : ""}.`,
        list("Rubric, the moves of a strong answer:", rubric.moves),
        `A good beginning: ${rubric.first}`,
        `The weak answer that sounds fine: ${rubric.weak}`,
        `What is tested: ${rubric.tested}`,
        list("Red flags:", rubric.flags),
      ];
    });
    return `${[beginning.join("\n"), ...paragraphs].join("\n\n")}\n`;
  }

  function showOne(name, answer) {
    find(name).href = `${cards}${answer.card.id}.html`;
    find(name).textContent = answer.card.title;
    find(`${name}-words`).textContent =
      `${results.movesOf(answer)} moves, ${RATED[answer.one.rating]}. It tested: ${answer.card.line}`;
  }

  /** What a round's interviewers look for, with boxes for what the reader showed; the ticks stand in the address. */
  function signals(round, list, session, first) {
    const element = guide.copyOf(find("signal"));
    const sums = results.sums(list.filter(({ card }) => card.round === round.id));
    element.querySelector("h4").textContent = round.title;
    const said = sums.rated
      ? `${sums.hit} of ${sums.of} moves said in ${sums.rated} of ${guide.count(sums.all, "question")}`
      : "not answered";
    const count = () => {
      const shown = element.querySelectorAll("input:checked").length;
      const words = `${shown} of ${round.signals.length} signals shown`;
      element.querySelector("p").textContent = shown ? `${said}; ${words}` : said;
    };
    round.signals.forEach((signal, index) => {
      const item = guide.copyOf(find("signal-box"));
      const box = item.querySelector("input");
      item.querySelector("span").textContent = signal;
      box.checked = session.shown.includes(first + index);
      box.addEventListener("change", () => {
        const others = session.shown.filter((number) => number !== first + index);
        session.shown = box.checked ? [...others, first + index] : others;
        history.replaceState(null, "", queue.write(session));
        count();
      });
      element.querySelector("ul").append(item);
    });
    count();
    return element;
  }
})();
