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
    find("signals").replaceChildren(...inOrder.map((round) => signals(round, list)));
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

  function signals(round, list) {
    const made = find("signal").content.firstElementChild.cloneNode(true);
    const sums = results.sums(list.filter(({ card }) => card.round === round.id));
    made.querySelector("h4").textContent = round.title;
    made.querySelector("p").textContent = sums.rated
      ? `${sums.hit} of ${sums.of} moves said in ${sums.rated} of ${sums.all} ${sums.all === 1 ? "question" : "questions"}`
      : "not answered";
    const item = (signal) => Object.assign(document.createElement("li"), { textContent: signal });
    made.querySelector("ul").append(...round.signals.map(item));
    return made;
  }
})();
