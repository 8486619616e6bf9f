/* A card: read stage by stage or everything at once, when it was last practiced, links to its sections.
 *
 * Stages are numbers that the template wrote: an element with data-stage="3" shows from the third stage on, and a
 * follow-up opens at its data-open. data-reveal says on the button what comes next. Style sheets do the hiding, and only
 * on screens; see early.js for the classes, and session.js.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const article = document.querySelector(".sa-card[data-card]");
  if (!article) return;
  const root = document.documentElement.classList;
  const find = (name) => article.querySelector(`[data-${name}]`);
  const practising = root.contains("sa-practising");
  const id = article.dataset.card;

  /* Stages */
  const staged = [...article.querySelectorAll("[data-stage]")];
  const opening = [...article.querySelectorAll("[data-open]")];
  const firstOpen = opening.map((element) => element.parentElement.open);
  const stageOf = (element) => Number(element.dataset.stage || element.dataset.open);
  const lastStage = Math.max(...[...staged, ...opening].map(stageOf));
  const named = (number) => [...staged, ...opening].find((one) => stageOf(one) === number && one.dataset.reveal);

  /** Show so many stages, and nothing of those after. Where `follow` is true, the reader is taken to the last of them. */
  function show(number, follow) {
    staged.forEach((element) => element.classList.toggle("is-shown", stageOf(element) <= number));
    opening.forEach((element) => (element.parentElement.open = stageOf(element) <= number));
    root.toggle("sa-revealed", number > 0);
    if (follow && named(number)) goTo(named(number));
  }

  /** Move the focus to an element, so that it is read out, and as much of the page as it takes to see it. */
  function goTo(element) {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    const fits = element.offsetHeight < window.innerHeight * 0.6;
    element.scrollIntoView({ block: fits ? "nearest" : "start" });
  }

  /** What the button that reveals this stage says. */
  const name = (number) => named(number)?.dataset.reveal || "";

  guide.stages = { last: lastStage, show, goTo, name };

  /* The whole answer, where a small screen shows the short view first (guide.css) */
  const whole = find("whole");
  const showWhole = () => article.classList.add("is-whole");
  whole.addEventListener("click", () => {
    showWhole();
    goTo(document.getElementById("weak-answer")); // the first part that opens, where the button was
  });
  const pointedAt = () => document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const followTarget = () => {
    const target = pointedAt();
    if (!target?.closest(".sa-long")) return;
    showWhole();
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", followTarget);
  followTarget();

  /* Links to sections */
  const copyButton = article.querySelector("template[data-copy]");
  article.querySelectorAll("section[id], figure[id]").forEach((section) => {
    const heading = section.querySelector("h2, .sa-label");
    const button = copyButton.content.firstElementChild.cloneNode(true);
    button.setAttribute("aria-label", `Copy a link to “${heading.textContent.trim()}”`);
    button.title = "Copy a link to this section";
    button.addEventListener("click", () => guide.copyLink(`#${section.id}`));
    heading.after(button);
  });

  /**
   * Whether a key pressed is free to be a shortcut: not with Ctrl and the like, not on what has a use for it (a button
   * or a box to tick for the space bar alone), not below a dialog, and not where the reader switched them off.
   */
  guide.shortcut = function (event, space) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (document.querySelector("dialog[open]") || guide.settings.get("shortcuts", true) === false) return false;
    const uses = 'a, button, input, select, textarea, summary, audio, label, [contenteditable], [tabindex="0"]';
    const owner = event.target instanceof Element && event.target.closest(uses);
    return !owner || owner.matches(space ? "a" : "a, button, summary, input[type=checkbox], label");
  };

  // Loaded where they are needed; what they show is on the page already.
  const SCHEDULE = ["../vendor/fsrs.min.js", "schedule.js"];
  if (practising) {
    guide.load(...SCHEDULE, "recordings.js", "pieces.js", "queue.js", "session.js");
    return;
  }

  /* The card by itself */
  const toggle = find("staged");
  const next = find("next");
  let stage = 0;

  function render(follow) {
    const byStages = root.contains("sa-staged");
    toggle.setAttribute("aria-pressed", String(byStages));
    find("dock").hidden = !byStages || stage >= lastStage;
    if (byStages) show(stage, follow);
    else opening.forEach((element, index) => (element.parentElement.open = firstOpen[index]));
    if (stage < lastStage) find("next-name").textContent = name(stage + 1);
  }

  function choose(byStages) {
    root.toggle("sa-staged", byStages);
    stage = 0;
    guide.settings.set("staged", byStages);
    render();
  }

  function reveal() {
    stage += 1;
    render(true);
  }

  /** An address may lead to a part that is not revealed yet: then everything up to it is. */
  function followHash() {
    const target = pointedAt();
    const part = target?.closest("[data-stage]");
    if (!part || !root.contains("sa-staged") || stageOf(part) <= stage) return;
    stage = stageOf(part);
    render();
    target.scrollIntoView();
  }

  const onDay = (day) => guide.days.withYear(day, { day: "numeric", month: "long" });

  function lastTime() {
    const { last, due } = guide.progress.card(id);
    if (!last) return "";
    const rated = guide.progress.RATED[last.rating];
    const again = due <= guide.days.today() ? "due now" : `due ${onDay(due)}`;
    return `Last time, ${onDay(last.on)}: ${last.hit.length} of ${last.of} moves, ${rated}; ${again}.`;
  }

  /* A star and a note of the reader's own */
  const note = find("note");
  function showOwn() {
    const own = guide.progress.own(id);
    find("star").setAttribute("aria-pressed", String(own.star));
    find("star").textContent = own.star ? "★ Starred" : "☆ Star";
    if (document.activeElement !== note) note.value = own.note;
    if (own.note) find("own-note").open = true;
    find("note-printed").textContent = own.note && `My note: ${own.note}`;
    find("note-printed").hidden = !own.note;
  }
  find("star").addEventListener("click", () => guide.progress.put(id, { star: !guide.progress.own(id).star }));
  note.addEventListener("input", () => {
    guide.progress.put(id, { note: note.value });
    if (note.value.length === note.maxLength) guide.say(`A note holds ${note.maxLength} characters: it ends here.`);
  });
  guide.progress.listen(showOwn);
  showOwn();

  find("tools").hidden = false;
  toggle.addEventListener("click", () => choose(!root.contains("sa-staged")));
  next.addEventListener("click", reveal);
  document.addEventListener("keydown", (event) => {
    if (!guide.shortcut(event, true) || event.key !== " " || !root.contains("sa-staged") || stage >= lastStage) return;
    event.preventDefault();
    reveal();
  });
  window.addEventListener("hashchange", followHash);
  const showLast = () => (find("last").textContent = lastTime());
  if (guide.progress.answered(id)) {
    guide.load(...SCHEDULE).then(() => {
      showLast();
      guide.progress.listen(showLast);
    });
  }
  render();
  followHash();
})();
