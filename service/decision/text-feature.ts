/**
 * What policy needs to know of a text that a person or a model will read.
 *
 * Rego in WebAssembly has no Unicode tables: hidden characters are found, and spellings are folded, here.
 * Folding only serves word lists; digests are always over the text as it came.
 */
import type { TextFeature } from '../contract/input-features.ts'

/** Format and control characters, fillers and blanks that show as nothing; line breaks and tabs show. */
const hidden =
  /[\p{Cf}\p{Co}\p{Cn}\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFFA0]|(?![\t\n\r])\p{Cc}|[\u{E0100}-\u{E01EF}]/u
const allHidden = new RegExp(hidden.source, 'gu')
/** A joiner inside an emoji is how the emoji is written. */
const emojiJoin = /(\p{Extended_Pictographic}\p{M}*\uFE0F?)\u200D(?=\p{Extended_Pictographic})/gu

/** Joiners inside words of scripts that are written with them are how the words are written. */
const joining =
  '[\\p{sc=Arab}\\p{sc=Syrc}\\p{sc=Deva}\\p{sc=Beng}\\p{sc=Gujr}\\p{sc=Guru}\\p{sc=Knda}\\p{sc=Mlym}\\p{sc=Orya}\\p{sc=Taml}\\p{sc=Telu}\\p{sc=Sinh}\\p{sc=Khmr}\\p{sc=Mong}]'
const wordJoin = new RegExp(`(${joining})[\\u200C\\u200D](?=${joining})`, 'gu')

/** Cyrillic and Greek letters that look like Latin ones (Unicode TS 39 confusables, the single letters). */
const lookAlikes: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  е: 'e',
  ё: 'e',
  һ: 'h',
  і: 'i',
  ї: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  ѕ: 's',
  т: 't',
  у: 'y',
  х: 'x',
  ԁ: 'd',
  ԛ: 'q',
  ԝ: 'w',
  α: 'a',
  β: 'b',
  ε: 'e',
  η: 'n',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  σ: 's',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ω: 'w',
  ı: 'i',
  ɡ: 'g',
  ѡ: 'w',
}
const digitLetters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** What nobody reads is not folded, which takes time, but counts as hidden, which denies. */
const longestFolded = 16_384
/** More combining marks in a row than text has (UAX 15, stream-safe): normalising them is quadratic. */
const pile = /\p{M}{31}/u
/** No script becomes that much longer by NFKC; some single characters become eighteen. */
const mostGrowth = 4

/**
 * @param where JSON Pointer of the text in its MCP object.
 * @param room characters that may still be folded for this question.
 */
export function textFeature(where: string, text: string, room = longestFolded): TextFeature {
  const plain = text.length > room || pile.test(text) ? null : text.normalize('NFKC')
  const isFoldable = plain !== null && plain.length <= mostGrowth * Math.max(text.length, 16)
  return {
    folded: isFoldable ? fold(plain) : '',
    hidden: !isFoldable || hasHidden(text),
    length: text.length,
    where,
  }
}

/** Texts of one question, in order; what all of them may take is what one may. */
export function textFeatures(
  texts: readonly (readonly [where: string, text: string])[],
): TextFeature[] {
  let room = longestFolded
  return texts.map(([where, text]) => {
    const feature = textFeature(where, text, room)
    room = Math.max(0, room - text.length)
    return feature
  })
}

/** Whether the text holds characters that a reader does not see. */
export function hasHidden(text: string): boolean {
  if (!hidden.test(text)) return false
  return hidden.test(text.replace(emojiJoin, '$1').replace(wordJoin, '$1'))
}

/** Whether any string inside a JSON value, member names included, holds hidden characters. */
export function hasHiddenInside(value: unknown): boolean {
  if (typeof value === 'string') return hasHidden(value)
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasHiddenInside)
  return Object.entries(value).some(([name, member]) => hasHidden(name) || hasHiddenInside(member))
}

/** @param plain in NFKC. */
function fold(plain: string): string {
  const words = plain
    .replace(allHidden, '')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}@$!]+/u)
    .filter((word) => word !== '')
    .map(unmix)
  const base = joinSpelled(words.map((word) => word.replace(/[@$!]+/gu, ' ').trim())).join(' ')
  const read = joinSpelled(words.map(readDigits)).join(' ')
  return read === base ? base : `${base} | ${read}`
}

/** Maps look-alikes in a word that has Latin letters too; a word of one script stays as it is. */
function unmix(word: string): string {
  if (!/[a-z]/.test(word) || !/[^\0-\x7F]/.test(word)) return word
  let mapped = ''
  for (const letter of word) mapped += lookAlikes[letter] ?? letter
  return mapped
}

function readDigits(word: string): string {
  if (!/[a-z]/.test(word)) return word
  return word.replace(/[013457@$!]/g, (sign) => digitLetters[sign] ?? sign)
}

/** `p a s s w o r d` is read as one word: runs of four or more single letters are joined. */
function joinSpelled(words: readonly string[]): string[] {
  const joined: string[] = []
  let run: string[] = []
  const flush = (): void => {
    if (run.length >= 4) joined.push(run.join(''))
    else joined.push(...run)
    run = []
  }
  for (const word of words) {
    if (/^\p{L}$/u.test(word)) run.push(word)
    else {
      flush()
      if (word !== '') joined.push(word)
    }
  }
  flush()
  return joined
}
