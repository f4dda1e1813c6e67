/** Numbers, sizes, times and counts as people read them, in the language of the page. */

const locale = "en";
const plural = new Intl.PluralRules(locale);

/** So many of something. @param {number} count @param {string} one @param {string} other */
export const counted = (count, one, other) => `${format.count(count)} ${plural.select(count) === "one" ? one : other}`;

/** @param {number} digits */
const fixed = (digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
const [one, two, four, five] = [fixed(1), fixed(2), fixed(4), fixed(5)];

/** The typographic minus, as wide as a digit. @param {string} number */
const minus = (number) => number.replace("-", "−");

/** Numbers as people read them. */
export const format = {
  /** @param {number} n */
  count: (n) => whole.format(n),
  /** @param {number} p 0..1 */
  percent: (p) => `${one.format(p * 100)} %`,
  /** @param {number} c */
  cosine: (c) => minus(four.format(c)),
  /** Of vectors that are almost the same. @param {number} c */
  fidelity: (c) => five.format(c),
  /** @param {number} l */
  logit: (l) => minus(two.format(l)),
  /** @param {number} b */
  bytes: (b) => (b < 1e6 ? `${whole.format(b / 1e3)} kB` : b < 1e9 ? `${one.format(b / 1e6)} MB` : `${two.format(b / 1e9)} GB`),
  /** @param {number} ms */
  milliseconds: (ms) => `${ms < 10 ? one.format(ms) : whole.format(ms)} ms`,
  /** @param {number} ms */
  duration: (ms) => (ms < 59_500 ? `${Math.max(1, Math.round(ms / 1000))} s` : `${Math.round(ms / 60_000)} min`),
  /** @param {number} n */
  parameters: (n) => (n < 1e9 ? `${one.format(n / 1e6)} million` : `${two.format(n / 1e9)} billion`),
  /** To the million, for those that are known before they are here. @param {number} n */
  aboutParameters: (n) => `${whole.format(n / 1e6)} million parameters`,
  /** @param {number} ms Since the epoch. */
  day: (ms) => day.format(ms),
  /** @param {number} n */
  speed: (n) => (n < 10 ? one.format(n) : whole.format(n)),
};
