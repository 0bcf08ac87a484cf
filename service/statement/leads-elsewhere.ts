/**
 * Whether a path or URI may lead to another place than it says, for some program that opens it.
 *
 * Prefixes are only as good as the spelling they are held against: parsers drop tabs and newlines (WHATWG
 * URL), decode escapes once or twice, read `\` as `/`, cut at `;` and NUL, and resolve dots and empty
 * segments. What has any of these is inside no prefix that grants, and inside every prefix that restricts.
 */

/** White space but a space inside, control and format characters, back slashes, and path parameters. */
const strange = /[^\S ]|^ | $|[\\;]|\p{C}/u
/** Escapes of what separates, ends or climbs, of an escape, and of characters that need none (RFC 3986 section 2.3). */
const escapes =
  /%(?:[01][0-9a-f]|7f|2[5ef]|5c|3b|[46][1-9a-f]|[57][0-9a]|3[0-9]|2d|5f|7e|(?![0-9a-f]{2}))/iu
/** A dot segment or an empty one, but for the authority's `//` after a scheme. */
const segments = /(?:^|\/)\.{1,2}(?:[/?#]|$)|[^:/]\/\/|^\/\/|:\/\/\/\/|\/{4}/u

export function leadsElsewhere(text: string): boolean {
  return strange.test(text) || escapes.test(text) || segments.test(text)
}
