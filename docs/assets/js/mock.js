/* Draw a mock interview and start it; at its end, the debrief. Role, length and the number of the draw are in the
 * address: the same three draw the same interview (draw.js). */
(function () {
  "use strict";

  const guide = (window.StrongAnswer = window.StrongAnswer || {});
  const { data, draw, queue, results } = guide;
  const find = (name) => document.querySelector(`[data-${name}]`);
  const form = find("pick");
  if (!form) return;
  const cards = form.dataset.cards;
  const titleOf = (round) => data.rounds.find((one) => one.id === round).title;

  if (!new URLSearchParams(location.search).has("done")) return pick();
  return queue.read(location, "").ids.length ? debrief() : location.replace(location.pathname);

  function pick() {
    const { role, minutes, seed } = form.elements;
    const query = new URLSearchParams(location.search);
    if (data.roles.some((one) => one.id === query.get("role"))) role.value = query.get("role");
    if (["30", "45", "60"].includes(query.get("minutes"))) minutes.value = query.get("minutes");
    seed.value = /^[1-9]\d{0,5}$/.test(query.get("seed") || "") ? query.get("seed") : draw.newSeed();

    const asked = () => `role=${role.value}&minutes=${minutes.value}&seed=${seed.value}`;
    const chosenRole = () => data.roles.find((one) => one.id === role.value);
    const interview = () => draw.interview(data, chosenRole(), Number(minutes.value), Number(seed.value));

    function render() {
      if (!form.checkValidity()) return;
      const drawn = interview();
      const number = drawn.cards.length;
      find("found").textContent = number
        ? `${number} ${number === 1 ? "question" : "questions"}, about ${drawn.minutes} of ${minutes.value} minutes.`
        : "There is no question for this role yet.";
      find("start").disabled = !number;
      find("rounds").replaceChildren(...drawn.rounds.map(row));
      history.replaceState(null, "", `?${asked()}`);
    }

    function row(round) {
      const made = find("round").content.firstElementChild.cloneNode(true);
      const cells = [titleOf(round.round), `${round.percent}%`, round.cards.length || "none", round.minutes || ""];
      [...made.children].forEach((cell, index) => (cell.textContent = cells[index]));
      return made;
    }

    function share() {
      const address = `${location.href.split(/[?#]/)[0]}?${asked()}`;
      const copied = navigator.clipboard ? navigator.clipboard.writeText(address) : Promise.reject(new Error("no clipboard"));
      copied.then(
        () => guide.say("The link is copied."),
        () => guide.say(`The browser did not let the page copy. This is the link: ${address}`)
      );
    }

    form.addEventListener("input", render);
    find("draw").addEventListener("click", () => {
      seed.value = draw.newSeed();
      render();
    });
    find("share").addEventListener("click", share);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const ids = interview().cards.map((card) => card.id);
      const more = { name: chosenRole().title, set: asked(), minutes: Number(minutes.value) };
      location.assign(queue.cardAddress(queue.begin("mock", ids, more), cards));
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
    if (ranked.length > 1) {
      find("best").hidden = false;
      showOne("strongest", ranked[ranked.length - 1]);
      showOne("weakest", ranked[0]);
    }
    const rounds = [...new Set(list.map(({ card }) => card.round))];
    const inOrder = data.rounds.filter((round) => rounds.includes(round.id));
    let first = 0; // the number of a round's first signal
    for (const round of inOrder) {
      find("signals").append(signals(round, list, session, first));
      first += round.signals.length;
    }
    find("same").href = `?${session.set}`;
    find("print").addEventListener("click", () => window.print());
    find("debrief").hidden = false;
    find("heading").focus();
  }

  function showOne(name, answer) {
    find(name).href = `${cards}${answer.card.id}.html`;
    find(name).textContent = answer.card.title;
    find(`${name}-words`).textContent = `${results.movesOf(answer)} moves, ${results.RATED[answer.one.rating]}. It tested: ${answer.card.line}`;
  }

  /** What a round's interviewers look for, with boxes for what the reader showed; the ticks stand in the address. */
  function signals(round, list, session, first) {
    const made = find("signal").content.firstElementChild.cloneNode(true);
    const sums = results.sums(list.filter(({ card }) => card.round === round.id));
    made.querySelector("h4").textContent = round.title;
    const said = sums.rated
      ? `${sums.hit} of ${sums.of} moves said in ${sums.rated} of ${sums.all} ${sums.all === 1 ? "question" : "questions"}`
      : "not answered";
    const count = () => {
      const shown = made.querySelectorAll("input:checked").length;
      made.querySelector("p").textContent = shown ? `${said}; ${shown} of ${round.signals.length} signals shown` : said;
    };
    round.signals.forEach((signal, index) => {
      const item = find("signal-box").content.firstElementChild.cloneNode(true);
      const box = item.querySelector("input");
      item.querySelector("span").textContent = signal;
      box.checked = session.shown.includes(first + index);
      box.addEventListener("change", () => {
        session.shown = session.shown.filter((number) => number !== first + index).concat(box.checked ? [first + index] : []);
        history.replaceState(null, "", queue.write(session));
        count();
      });
      made.querySelector("ul").append(item);
    });
    count();
    return made;
  }
})();
