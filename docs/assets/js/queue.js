/* A running session as it stands in an address, for the pages that start one, the cards and the page at its end.
 *
 * A session lives in the part of the address behind "#". That part is never sent to a server, it outlives a reload, and
 * it needs no storage at all. What is in front of "#" only says what the page is for: ?practise=1, ?mock=1 or ?done=1.
 * A session is
 *   mode    "practise" or "mock"
 *   ids     the cards in their order
 *   at      the place of this card, from 0
 *   said    by place: {rating: 0 skipped or 1 to 3, hit: [places of moves, from 0], took: seconds}, or null
 *   order   the places that were rated, in that order; Undo takes the last one back
 *   name    what the set is called
 *   set     the query of the page that drew the set, to draw it again
 *   minutes of the whole interview (0 for practice)
 *   stage   how much of this card is revealed; ALL and more for all of it
 *   ticked  places of the moves ticked on this card
 *   spoke   milliseconds spoken on this card before `since`
 *   since   when the clock of this card was started (milliseconds since 1970); 0 where it stands still
 *   rec     1 while a mock interview is recorded: the next question goes on by itself
 *   shown   numbers of the signals that the reader ticked in the debrief, from 0 in the order of that page
 *   lost    what the reader must be told: "room" where the browser could not keep a result, "undo" where it could not
 *           take one back from the progress; else ""
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;
  const AT_MOST = 100; // cards in a session: its address stays below 8,000 characters
  const ALL = 99;

  const whole = (text) => (/^\d{1,15}$/.test(text || "") ? Number(text) : 0);

  /** "3014-95": rating 3, the moves at 0, 1 and 4, after 95 seconds. */
  function parseOne(text) {
    const parts = /^([0-3])(\d{0,10})-(\d{1,6})$/.exec(text);
    return parts && { rating: Number(parts[1]), hit: [...parts[2]].map(Number), took: Number(parts[3]) };
  }
  const writeOne = (one) => (one ? `${one.rating}${one.hit.join("")}-${one.took}` : "");

  /** The session of an address; `own` is the id of the page's card, whose session it is where the address has none. */
  function read(place, own) {
    const given = new URLSearchParams(place.hash.slice(1));
    const asked = (given.get("q") || "")
      .split(",")
      .filter((id) => ID.test(id))
      .slice(0, AT_MOST);
    const ids = own && !asked.includes(own) ? [own] : [...new Set(asked)];
    const said = (given.get("said") || "").split(".").map(parseOne);
    const session = {
      mode: new URLSearchParams(place.search).has("mock") || given.get("mode") === "mock" ? "mock" : "practise",
      ids: ids,
      at: Math.min(whole(given.get("at")), Math.max(ids.length - 1, 0)),
      said: ids.map((_, index) => said[index] || null),
      order: (given.get("order") || "").split(".").filter(Boolean).map(whole),
      name: (given.get("name") || "").slice(0, 120),
      set: given.get("set") || "",
      minutes: whole(given.get("minutes")),
      stage: whole(given.get("stage")),
      spoke: whole(given.get("spoke")),
      since: whole(given.get("since")),
      rec: whole(given.get("rec")),
      ticked: [...(given.get("ticked") || "")].filter((place) => /\d/.test(place)).map(Number),
      shown: (given.get("shown") || "").split(".").filter(Boolean).map(whole),
      lost: ["room", "undo"].includes(given.get("lost")) ? given.get("lost") : "",
    };
    session.order = session.order.filter((index) => session.said[index]?.rating);
    if (own && session.ids[session.at] !== own) session.at = Math.max(session.ids.indexOf(own), 0);
    return session;
  }

  /** The fragment of a session, with "#". What is usual is left out. */
  function write(session) {
    const parts = [["q", session.ids.join(",")]];
    const add = (name, value) => value && parts.push([name, String(value)]);
    add("at", session.at);
    if (session.said.some(Boolean)) add("said", session.said.map(writeOne).join("."));
    add("order", session.order.join("."));
    add("name", session.name);
    add("set", session.set);
    add("minutes", session.minutes);
    add("stage", session.stage);
    add("spoke", Math.round(session.spoke));
    add("since", Math.round(session.since));
    if (session.mode === "mock") add("mode", "mock");
    add("rec", session.rec);
    add("ticked", session.ticked.join(""));
    add("shown", session.shown.join("."));
    add("lost", session.lost);
    return `#${parts.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`).join("&")}`;
  }

  /** A new session over the cards with these ids. */
  function begin(mode, ids, more) {
    const asked = ids.slice(0, AT_MOST);
    const said = asked.map(() => null);
    const fresh = { mode, ids: asked, said, order: [], name: "", set: "", minutes: 0, rec: 0, shown: [], lost: "" };
    return { ...move(fresh, 0), ...more };
  }

  /** Go to a place of the session: as new, or all revealed where its card is rated. */
  function move(session, place) {
    const one = session.said[place];
    const rated = Boolean(one?.rating);
    const stands = { stage: rated ? ALL : 0, ticked: [], spoke: rated ? one.took * 1000 : 0, since: 0 };
    return Object.assign(session, { at: place }, stands);
  }

  /** Where a session goes on: its card, below the folder `cards` (ends in a slash). */
  const cardAddress = (session, cards) => `${cards}${session.ids[session.at]}.html?${session.mode}=1${write(session)}`;

  /** Minutes and seconds of a number of seconds: 75 is "1:15". */
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;

  guide.queue = { ALL, AT_MOST, read, write, begin, move, cardAddress, clock };
})();
