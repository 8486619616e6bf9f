/* Runs in the head, before anything is painted: classes on the root element, so that style sheets can keep room for what
 * scripts will fill in, and an answer never flashes up before it is asked for.
 *
 *   sa-js          scripts run
 *   sa-practising  this card is being practiced (?practise) or asked in a mock interview (?mock)
 *   sa-done        a session has ended, and this page shows how it went (?done)
 *   sa-staged      the reader reads cards stage by stage (a setting, see store.js)
 *   sa-returning   the reader has an interview ahead or has answered cards: Home begins with today
 */
(function () {
  "use strict";

  const root = document.documentElement.classList;
  const query = new URLSearchParams(location.search);
  root.add("sa-js");
  if (query.has("practise") || query.has("mock")) root.add("sa-practising");
  if (query.has("done")) root.add("sa-done");
  try {
    const guide = document.querySelector("meta[name=studyguide]").content;
    if ((localStorage.getItem(`${guide}:progress`) || "").includes('"rating"')) root.add("sa-returning");
    const kept = JSON.parse(localStorage.getItem(`${guide}:settings`));
    if (kept.value.interview) root.add("sa-returning");
    if (kept.value.staged === true) root.add("sa-staged");
  } catch (_error) {
    // Nothing is kept, or it cannot be read: cards show everything at once.
  }
  // Should a script of the page fail to load, nothing could be revealed any more: then everything shows.
  const giveUp = (event) =>
    event.target.tagName === "SCRIPT" && root.remove("sa-js", "sa-practising", "sa-staged", "sa-done");
  addEventListener("error", giveUp, true);
  addEventListener("load", () => removeEventListener("error", giveUp, true)); // what is loaded later says so itself
})();
