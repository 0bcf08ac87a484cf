import { describe, expect, it } from '@jest/globals'
import {
  hasHidden,
  hasHiddenInside,
  textFeature,
  textFeatures,
} from '../../service/decision/text-feature.ts'

const folded = (text: string): string => textFeature('', text).folded

describe('folding for word lists', () => {
  it.each([
    ['apiKey', 'api key'],
    ['API_KEY', 'api key'],
    ['APIKey', 'api key'],
    ['Contraseña', 'contrasena'],
    ['ｐａｓｓｗｏｒｄ', 'password'],
    ['pаsswоrd', 'password'],
    ['pass\u200Bword', 'password'],
    ['p a s s w o r d', 'password'],
    ['пароль', 'пароль'],
    ['パスワード', 'ハスワート'],
    ['card-number', 'card number'],
  ])('%s is read as %s', (text, expected) => {
    expect(folded(text).split(' | ')[0]).toBe(expected)
  })

  it('also reads digits as letters, beside the plain reading', () => {
    expect(folded('p4ssw0rd')).toBe('p4ssw0rd | password')
    expect(folded('pa$$word')).toBe('pa word | password')
  })
})

describe('hidden characters', () => {
  it.each([
    ['zero width space', 'a\u200Bb'],
    ['right-to-left override', 'a\u202Eb'],
    ['tag characters', 'a\u{E0041}b'],
    ['filler', 'a\u3164b'],
    ['soft hyphen', 'a\u00ADb'],
    ['variation selector of the supplement', 'a\u{E0101}b'],
    ['escape', 'a\u001bb'],
    ['private use', 'a\uE000b'],
  ])('%s is hidden', (_name, text) => {
    expect(hasHidden(text)).toBe(true)
  })

  it.each([
    'plain text',
    'line\nbreak\tand tab',
    'Grüße, 日本語, العربية',
    '👩‍💻 at work',
    'می\u200cخواهم',
    'क्\u200dष',
  ])('nothing is hidden in %j', (text) => {
    expect(hasHidden(text)).toBe(false)
  })

  it('is found in member names and in depth', () => {
    expect(hasHiddenInside({ a: [{ 'b\u200B': 1 }] })).toBe(true)
    expect(hasHiddenInside({ a: [{ b: 'c\u2060' }] })).toBe(true)
    expect(hasHiddenInside({ a: [{ b: 'c' }, 1, null] })).toBe(false)
  })
})

describe('what would take long to fold', () => {
  it.each([
    ['a pile of marks', `a${'\u0315\u0316'.repeat(40)}`],
    ['characters that become many', '\uFDFA'.repeat(1000)],
    ['a text that nobody reads', 'word '.repeat(10_000)],
  ])('is not folded and counts as hidden: %s', (_name, text) => {
    expect(textFeature('', text)).toMatchObject({ folded: '', hidden: true, length: text.length })
  })

  it('is bounded for all texts of a question together', () => {
    const features = textFeatures(
      Array.from({ length: 20 }, (_, i) => [String(i), 'word '.repeat(400)]),
    )
    expect(features.slice(0, 8).every(({ hidden }) => !hidden)).toBe(true)
    expect(features.slice(9).every(({ hidden, folded }) => hidden && folded === '')).toBe(true)
  })

  it('lets a short text be, whose few characters become several', () => {
    expect(textFeature('', '\uFDFA ok')).toMatchObject({ hidden: false })
  })
})
