/* iCalendar files (RFC 5545): StrongAnswer.calendar(events, options) -> the text of an .ics file.
 *
 * An event is all-day: {uid, first, after, summary, description, url}; `first` and `after` are days as "2026-11-30",
 * `after` being the day after the last one (DTEND is exclusive, section 3.6.1); `url` may be missing.
 * Options: {product, name, stamp}: who made the file, what the calendar is called, the time it was made as a Date.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const LINE_OCTETS = 75; // section 3.1, without the line break
  const encoder = new TextEncoder();

  /** TEXT, section 3.3.11. Control characters have no place in one. */
  function escaped(text) {
    return text
      .replace(/\r\n?/g, "\n")
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, " ")
      .replace(/[\\;,]/g, "\\$&")
      .replace(/\n/g, "\\n");
  }

  /** A content line, folded so that no line is longer than 75 octets and no character is cut. */
  function folded(line) {
    const lines = [];
    let current = "";
    let octets = 0;
    for (const sign of line) {
      const size = encoder.encode(sign).length;
      if (octets + size > LINE_OCTETS) {
        lines.push(current);
        current = " "; // belongs to the fold, and counts
        octets = 1;
      }
      current += sign;
      octets += size;
    }
    lines.push(current);
    return lines.join("\r\n");
  }

  const compact = (day) => day.replaceAll("-", "");
  /** Grows with time, so that a file made later replaces the events of one made before (RFC 5546, section 2.1.4). */
  const sequence = (date) => Math.max(0, Math.floor((date.getTime() - Date.UTC(2020, 0, 1)) / 1000));
  const utc = (date) => date.toISOString().replace(/[-:]|\.\d+/g, "");

  guide.calendar = function (events, options) {
    const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", `PRODID:${escaped(options.product)}`, "CALSCALE:GREGORIAN"];
    lines.push(`X-WR-CALNAME:${escaped(options.name)}`);
    for (const event of events) {
      lines.push(
        "BEGIN:VEVENT",
        `UID:${escaped(event.uid)}`,
        `DTSTAMP:${utc(options.stamp)}`,
        `LAST-MODIFIED:${utc(options.stamp)}`,
        `SEQUENCE:${sequence(options.stamp)}`,
        `DTSTART;VALUE=DATE:${compact(event.first)}`,
        `DTEND;VALUE=DATE:${compact(event.after)}`,
        `SUMMARY:${escaped(event.summary)}`,
        `DESCRIPTION:${escaped(event.description)}`
      );
      if (event.url) lines.push(`URL:${event.url}`);
      lines.push("TRANSP:TRANSPARENT", "END:VEVENT"); // a plan does not make anybody busy all day
    }
    lines.push("END:VCALENDAR");
    return `${lines.map(folded).join("\r\n")}\r\n`;
  };
})();
