/**
 * Text that somebody else wrote, so that what is read is what is there: every character that shows as nothing, moves
 * others about, or looks like a space and is none is written out as its code point.
 */
import { mark, span, type Child, type VNode } from './element.ts'

/** Controls, format characters, unassigned and private ones, fillers, blanks, selectors; not the line feed and the plain space. */
const unseen =
  /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFE00-\uFE0F\uFFA0\u{E0100}-\u{E01EF}]|(?! )\p{Zs}/gu

/** A letter that another script writes too, in a word with letters of the Latin script. */
const mixed =
  /(?=[\p{L}\p{M}]*\p{sc=Latin})(?=[\p{L}\p{M}]*[\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}])[\p{L}\p{M}]+/gu
const foreign = /[\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}]/gu

/** As it is read; a name of ours that others chose the letters of. */
export function shown(text: string): readonly Child[] {
  const parts: Child[] = []
  let from = 0
  for (const [at, length, written, says] of marksIn(text)) {
    if (at > from) parts.push(text.slice(from, at))
    parts.push(mark({ class: 'unseen', title: says }, written))
    from = at + length
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

/** Quoted: a whole text of a model, a server or a person, which is never ours. */
export function quoted(text: string): VNode {
  return span({ class: 'quoted', dir: 'ltr' }, shown(text))
}

/** How many characters of it are written out. */
export function countMarks(text: string): number {
  return marksIn(text).length
}

type Mark = readonly [at: number, length: number, written: string, says: string]

function marksIn(text: string): readonly Mark[] {
  const hidden = [...text.matchAll(unseen)].map(({ 0: found, index }): Mark => [
    index,
    found.length,
    codePoint(found),
    'a character that does not show',
  ])
  const alike = [...text.matchAll(mixed)].flatMap(({ 0: word, index }) =>
    [...word.matchAll(foreign)].map(({ 0: found, index: at }): Mark => [
      index + at,
      found.length,
      `${found}${codePoint(found)}`,
      'a letter of another script in a Latin word',
    ]),
  )
  return [...hidden, ...alike].sort(([one], [other]) => one - other)
}

function codePoint(character: string): string {
  const point = character.codePointAt(0) ?? 0
  return `⟨U+${point.toString(16).toUpperCase().padStart(4, '0')}⟩`
}
