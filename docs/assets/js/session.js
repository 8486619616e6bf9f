/* A card in a session: practiced for itself, or asked in a mock interview. The session is in the address (queue.js).
 *
 * Practice: the prompt and a clock; then, one by one, the stages of the card (card.js), the outline with boxes to tick;
 * a rating, which schedules the card (store.js) and leads to the next. Mock interview: the prompt and two follow-ups as
 * an interviewer would ask them, with one clock for all questions that stands still while an answer is marked.
 *
 * A recording stays in the memory of the page; in a mock interview it goes on from question to question, and is kept in
 * this browser until the debrief has played it (recordings.js). It is never sent; a button saves it as a file.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const article = document.querySelector(".sa-card[data-card]");
  if (!article || !document.documentElement.classList.contains("sa-practising")) return;

  const { queue, stages, progress } = guide;
  const { RATED } = guide.progress;
  const FOLLOW_UPS = 2; // of a mock interview, as in draw.js
  const find = (name) => article.querySelector(`[data-${name}]`);
  const id = article.dataset.card;
  const state = queue.read(location, id);
  const mock = state.mode === "mock";
  const moves = [...article.querySelectorAll(".sa-moves > li")];
  const asks = [...article.querySelectorAll(".sa-follow > summary")].slice(0, FOLLOW_UPS);
  const outlineAt = mock ? asks.length + 1 : Number(document.getElementById("strong-outline").dataset.stage);
  const last = mock ? outlineAt : stages.last;
  const answered = mock ? outlineAt : 1; // the stage from which the answer is over
  const rated = () => Boolean(state.said[state.at] && state.said[state.at].rating);

  /** Whether something is lost with this card: not yet rated, but ticked, recorded, or a question that never comes back. */
  const atRisk = () => !rated() && Boolean(mock || state.ticked.length || recorder || recording);

  /** Go on with `then`; where something would be lost, ask first. */
  function sure(loses, question, yes, then) {
    if (leaving) return;
    if (!loses) return then();
    find("sure-title").textContent = `${yes}?`;
    find("sure-words").textContent = question;
    find("sure-yes").textContent = yes;
    find("sure").returnValue = "";
    find("sure").onclose = () => find("sure").returnValue === "yes" && then();
    find("sure").showModal();
  }

  /* Moving through the session */
  const save = () => history.replaceState(null, "", queue.write(state));
  const end = `${article.dataset.root}practice/${mock ? "mock" : "index"}.html?done=1`;
  let leaving = false; // a key pressed twice must not go two cards on

  function leaveFor(address) {
    leaving = true;
    stopRecording().then(() => location.assign(address));
  }
  const open = () => leaveFor(queue.cardAddress(state, ""));
  const finish = () => leaveFor(end + queue.write(state));

  function moveTo(place) {
    if (leaving) return;
    if (place >= state.ids.length) {
      stopClock();
      finish();
    } else if (place >= 0) {
      queue.move(state, place);
      open();
    }
  }

  const notRated = () =>
    mock && !unkept
      ? "This question is not rated. What you ticked on it is not kept; what you recorded is."
      : `This ${mock ? "question" : "card"} is not rated. What you ticked and recorded on it is not kept.`;
  const goBack = () => sure(atRisk(), notRated(), "Go back", () => moveTo(state.at - 1));
  const skip = () => sure(atRisk(), notRated(), "Skip it", skipNow);

  /** Note in the session what was said of this card. */
  function note(rating, hit) {
    state.said[state.at] = { rating, hit, took: Math.round(spoken()) };
  }

  function skipNow() {
    if (!rated()) note(0, []);
    moveTo(state.at + 1);
  }

  function rate(rating) {
    if (leaving || state.stage < outlineAt || rated()) return;
    const card = progress.record(id, { hit: state.ticked, of: moves.length, rating });
    if (!card.kept) state.lost = "room";
    note(rating, state.ticked);
    state.order.push(state.at);
    stopClock();
    save(); // the browser's Back comes to this card as it is now, rated, and not to a second rating
    moveTo(state.at + 1);
  }

  /** Take the last rating back, from the session and from the progress; the card stands as it stood before it. */
  function undo() {
    if (leaving || !state.order.length) return;
    const place = state.order.pop();
    const one = state.said[place];
    if (!progress.undo(state.ids[place]) && progress.card(state.ids[place]).seen) state.lost = "undo";
    state.said[place] = null;
    queue.move(state, place);
    Object.assign(state, { stage: queue.ALL, ticked: one.hit, spoke: one.took * 1000 });
    if (state.ids[place] !== id) return open();
    save();
    return location.reload();
  }

  /* The clock */
  const DAY = 86400; // seconds; a page left open for longer has not been spoken to
  const running = () => (state.since ? Math.max(Date.now() - state.since, 0) : 0);
  const spoken = () => Math.min((state.spoke + running()) / 1000, DAY);
  const before = state.said.reduce((sum, one, place) => sum + (one && place !== state.at ? one.took : 0), 0);
  const alone = Number(article.dataset.minutes) + (mock ? asks.length : 0); // what this card takes, in minutes
  const allowed = ((mock && state.minutes) || alone) * 60;

  function startClock() {
    if (state.since || rated()) return;
    state.since = Date.now();
    save();
  }

  function stopClock() {
    if (!state.since) return;
    state.spoke = spoken() * 1000;
    state.since = 0;
  }

  function showClock() {
    const now = Math.floor((mock ? before : 0) + spoken());
    const over = allowed > 0 && now > allowed;
    find("now").textContent = queue.clock(now);
    find("of").textContent = over
      ? `${queue.clock(now - allowed)} over ${queue.clock(allowed)}`
      : `of ${queue.clock(allowed)}`;
    find("clock").classList.toggle("is-over", over);
    if (over && state.stage < answered)
      find("hint").textContent = mock
        ? "Time is up. Finish this answer, then end."
        : "Over the suggested time. Come to your point.";
  }

  /* Revealing */
  function reveal() {
    if (state.stage >= last) return;
    state.stage += 1;
    if (state.stage === answered) {
      stopClock();
      stopRecording();
    }
    save();
    render(true);
  }

  function render(follow) {
    state.stage = Math.min(state.stage, last);
    const over = state.stage >= answered;
    if (mock) stages.show(over ? queue.ALL : 0);
    else stages.show(state.stage, follow);
    if (mock) ask(follow);
    find("own").hidden = state.stage < outlineAt;
    find("playback").hidden = !over || !recording;
    find("mic").hidden = over;
    find("rate").hidden = state.stage < outlineAt || rated();
    find("rated").hidden = !rated();
    find("skip").textContent = rated() ? "Next" : "Skip";
    find("next").hidden = state.stage >= last;
    if (state.stage < last) find("next-name").textContent = nextName();
    find("hint").textContent = hint();
    showTitle(over);
    showScore();
    showClock();
  }

  /** A card's name often gives its answer away, so it is not shown before the answer is over; paper has it always. */
  const titles = { page: document.title, card: document.getElementById("content").textContent };
  const headline = document.querySelector("[data-md-component=header-topic] .md-ellipsis"); // where the theme repeats it
  function showTitle(over) {
    const neutral = `${mock ? "Question" : "Card"} ${state.at + 1} of ${state.ids.length}`;
    document.title = over ? titles.page : neutral;
    for (const element of [document.getElementById("content"), headline]) {
      if (element) element.textContent = over ? titles.card : neutral;
    }
  }

  function nextName() {
    if (!mock) return stages.name(state.stage + 1);
    if (state.stage === asks.length) return "I have answered: mark it";
    return state.stage ? "I have answered: the next follow-up" : "I have answered: hear the follow-up";
  }

  function hint() {
    if (state.stage >= answered) return mock && !rated() ? "The clock stands still while you mark your answer." : "";
    return mock ? `This question: about ${alone} minutes with its follow-ups.` : "Answer aloud now.";
  }

  /** Put the follow-ups asked so far below the prompt, as an interviewer would say them. */
  function ask(follow) {
    const list = find("asked");
    const number = state.stage < answered ? state.stage : 0;
    list.hidden = !number;
    while (list.children.length > number) list.lastChild.remove();
    while (list.children.length < number)
      list.append(guide.element("li", {}, ...asks[list.children.length].cloneNode(true).childNodes));
    if (follow) stages.goTo(number ? list.lastChild : document.getElementById("strong-outline"));
  }

  /* The outline with boxes to tick */
  function addBoxes() {
    if (rated()) state.ticked = state.said[state.at].hit;
    const boxes = moves.map((move, place) => {
      const words = move.querySelector(".sa-move");
      const checked = state.ticked.includes(place);
      const box = guide.element("input", { type: "checkbox", checked, disabled: rated() });
      words.append(guide.element("label", {}, box, ...words.childNodes));
      return box;
    });
    for (const box of boxes) {
      box.addEventListener("change", () => {
        state.ticked = boxes.flatMap((one, place) => (one.checked ? [place] : []));
        save();
        showScore();
        showReturns();
      });
    }
  }

  function showScore() {
    const score = `${state.ticked.length} of ${moves.length} moves`;
    find("score").textContent = score;
    const how = rated() ? `You rated this: ${RATED[state.said[state.at].rating]}, ${score}.` : "";
    find("rated").textContent =
      how && state.order[state.order.length - 1] === state.at ? `${how} Undo takes it back.` : how;
  }

  /** Below each rating, when the card would come back. */
  function showReturns() {
    if (rated()) return;
    article.querySelectorAll("[data-again]").forEach((element, index) => {
      const days = progress.returns(id, { hit: state.ticked, of: moves.length, rating: index + 1 });
      element.textContent = days === 1 ? "again tomorrow" : `again in ${days} days`;
    });
  }

  /* The microphone */
  let recorder = null;
  let recording = null;
  /** @type {Promise<unknown>} */
  let kept = Promise.resolve(); // the last recording is with those of the interview
  let unkept = false; // a recording of an interview, by this browser
  let asking = false; // the browser is asked for the microphone
  const micSays = (words) => (find("mic-says").textContent = words);

  function microphoneTrouble(error) {
    if (error.name === "NotAllowedError" || error.name === "SecurityError") {
      return "The browser may not use the microphone here. Answer aloud without recording, or allow it for this page.";
    }
    if (error.name === "NotFoundError") return "No microphone was found. Answer aloud without recording.";
    return `The microphone does not start (${error.name}). Answer aloud without recording.`;
  }

  async function record() {
    const place = state.at; // of this question, also where the last words come when the session is at the next
    find("record").blur(); // the space bar reveals, as its label says, and neither stops nor starts a recording
    if (recorder) {
      state.rec = 0;
      save();
      return stopRecording();
    }
    if (!navigator.mediaDevices || !window.MediaRecorder)
      return micSays("This browser cannot record here. Answer aloud without.");
    if (asking) return; // a second recorder would never be stopped
    asking = true;
    if (mock) await guide.recordings.all().catch(() => (unkept = true));
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      return micSays(microphoneTrouble(error));
    } finally {
      asking = false;
    }
    const release = () => stream.getTracks().forEach((track) => track.stop());
    if (state.stage >= answered) return release(); // the answer was over before the reader agreed
    const parts = [];
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      release();
      const heard = new Blob(parts, { type: recorder.mimeType });
      recorder = null;
      find("mic").classList.remove("is-on");
      if (mock && heard.size)
        kept = guide.recordings.keep(place, heard).catch(() => {
          unkept = true;
          guide.say("This browser does not keep the recording. Save it beside the outline before you go on.");
        });
      find("record-name").textContent = "Record again";
      if (!heard.size) return micSays("That was too short; nothing was recorded.");
      if (recording) URL.revokeObjectURL(find("audio").src);
      recording = heard;
      find("audio").src = URL.createObjectURL(recording);
      micSays("Recorded. You hear it beside the outline.");
      return render();
    });
    recorder.start();
    find("mic").classList.add("is-on");
    state.rec = mock ? 1 : 0;
    save();
    find("record-name").textContent = "Stop recording";
    if (!mock) return micSays("Recording, in this page's memory only.");
    return micSays(
      unkept
        ? "Recording. This browser does not keep it: save it beside the outline before you go on."
        : "Recording. It goes on with the next question; you hear all of it in the debrief."
    );
  }

  /** Stop, and wait until what was said is kept. */
  async function stopRecording() {
    if (recorder && recorder.state === "recording") {
      const stopped = new Promise((done) => recorder.addEventListener("stop", done, { once: true }));
      recorder.stop();
      await stopped;
    }
    await kept;
  }

  /* Keys */
  function onKey(event) {
    if (!guide.shortcut(event, event.key === " ")) return;
    // The keys above the letters rate on every layout; a French one, for example, gives & é " without Shift.
    // A key without a sign does not: the number pad's, without NumLock, move the page.
    const sign = event.key.length === 1;
    const digit = sign && !event.shiftKey && /^(?:Digit|Numpad)([1-3])$/.exec(event.code);
    const does = {
      " ": reveal,
      1: () => rate(1),
      2: () => rate(2),
      3: () => rate(3),
      ArrowLeft: () => !mock && state.at > 0 && goBack(),
      ArrowRight: skip,
      r: () => !find("mic").hidden && record(),
      "?": () => find("dialog").showModal(),
    }[digit ? digit[1] : sign ? event.key.toLowerCase() : event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }

  /* A link on the card opens beside it: the answer, its clock and its recording stay. Terms open in place (terms.js). */
  article.querySelectorAll("a[href]:not(.term)").forEach((link) => {
    link.target = "_blank";
    link.rel = "noopener";
  });

  /* What the template wrote comes to life */
  find("session").hidden = false;
  find("dock").hidden = false;
  find("place").textContent = `${mock ? "Question" : "Card"} ${state.at + 1} of ${state.ids.length}`;
  find("set").textContent = state.name;
  find("session").style.setProperty("--share", String(state.at / state.ids.length));
  find("back").hidden = mock;
  find("undo").hidden = mock;
  find("back").disabled = state.at === 0;
  find("undo").disabled = !state.order.length;
  const lost = article.querySelector(`[data-lost="${state.lost}"]`);
  if (lost) lost.hidden = false;
  find("back").addEventListener("click", goBack);
  find("skip").addEventListener("click", skip);
  find("undo").addEventListener("click", undo);
  find("end").addEventListener("click", () => {
    const left = state.said.filter((one, place) => !one && place !== state.at).length;
    const unseen =
      left === 1
        ? "One question was not reached; it stays unseen."
        : `${left} questions were not reached; they stay unseen.`;
    const question = mock && left ? unseen : notRated();
    sure((mock && left > 0) || atRisk(), question, mock ? "End the interview" : "End the session", () => {
      if (mock && !rated() && spoken() >= 1) note(0, []);
      finish();
    });
  });
  find("help").addEventListener("click", () => find("dialog").showModal());
  find("next").addEventListener("click", reveal);
  find("record").addEventListener("click", record);
  find("save").addEventListener("click", () => guide.recordings.save(id, recording));
  article.querySelectorAll("[data-rating]").forEach((button) => {
    button.addEventListener("click", () => rate(Number(button.dataset.rating)));
  });
  const shortcuts = find("shortcuts");
  shortcuts.checked = guide.settings.get("shortcuts", true) !== false;
  shortcuts.addEventListener("change", () => guide.settings.set("shortcuts", shortcuts.checked));
  document.addEventListener("keydown", onKey);
  window.addEventListener("beforeprint", () => showTitle(true));
  window.addEventListener("afterprint", () => showTitle(state.stage >= answered));
  // A page that the browser kept whole stands where it was left, its state a card further.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  // A reload, the browser's Back or another page would take what was recorded with them.
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (recorder || (recording && (!mock || unkept)))) event.preventDefault();
  });
  // A new session on the card that is open already changes only what stands behind "#".
  window.addEventListener("hashchange", () => {
    if (location.hash.startsWith("#q=")) location.reload();
    else save(); // a link within the page ("Skip to content") has taken its place
  });

  addBoxes();
  showReturns();
  if (state.stage < answered) startClock();
  if (mock && state.rec && state.stage < answered && !rated()) record();
  render();
  setInterval(showClock, 1000);
})();
