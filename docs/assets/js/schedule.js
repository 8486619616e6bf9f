/* When a card comes back: the answers given so far -> the next day, by FSRS (Free Spaced Repetition Scheduler, Ye and
 * others, KDD 2022; ts-fsrs with its own weights, at 90% predicted recall, without chance and without steps in minutes).
 *
 * The answers are the whole state. They are replayed in order of time, those of earlier editions too, so that two
 * browsers' answers can be merged without judgement. See store.js for what an answer is.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const [AGAIN, HARD, GOOD, EASY] = [1, 2, 3, 4]; // FSRS's grades
  const KNOWN = 8; // days: a card that comes back no sooner counts as known
  const model = FSRS.fsrs({
    request_retention: 0.9,
    enable_fuzz: false,
    enable_short_term: false,
    maximum_interval: 365,
  });
  const noon = (day) => new Date(`${day}T12:00:00Z`); // days are the reader's own, and are counted where all have 24 hours

  /**
   * The grade of an answer. Missed is Again, shaky is Hard, said it is Good. The moves ticked correct it by one: all of
   * them make a "said it" Easy, fewer than half make it Hard; none of them makes a "shaky" Again.
   */
  function grade(one) {
    const share = one.of ? one.hit.length / one.of : 0.5;
    if (one.rating === 1) return AGAIN;
    if (one.rating === 2) return one.of && !one.hit.length ? AGAIN : HARD;
    return share === 1 ? EASY : share < 0.5 ? HARD : GOOD;
  }

  /**
   * A card's memory after its answers, oldest first, as FSRS keeps it; null before the first. A day may be before that
   * of the answer before: whoever flew west, or whose clock was wrong. It counts as the same day, for FSRS throws.
   */
  const replay = (tries) =>
    tries.reduce((memory, one) => {
      const at = new Date(Math.max(noon(one.on).getTime(), memory ? memory.last_review.getTime() : 0));
      return model.next(memory || FSRS.createEmptyCard(at), at, grade(one)).card;
    }, null);

  /**
   * When a card is due whose newest answer was on the day `on`: after `days`, but not past `interview`, the day of the
   * reader's interview or "": where it would be, the evening before, or on that evening the day itself.
   */
  function due(on, days, interview) {
    const day = guide.days.later(on, days);
    if (!interview || on >= interview || day < interview) return day;
    const eve = guide.days.later(interview, -1);
    return on < eve ? eve : interview;
  }

  /** The share of such cards that a reader still knows on a day, from 0 to 1, as FSRS predicts it. */
  const recall = (memory, day) => (memory ? model.get_retrievability(memory, noon(day), false) : 0);

  guide.schedule = { KNOWN, grade, replay, due, recall };
})();
