import { describe, expect, it } from '@jest/globals'
import { elicitationFeatures } from '../../service/decision/elicitation-features.ts'

const form = (properties: Record<string, unknown>): Record<string, unknown> => ({
  message: 'Please confirm',
  requestedSchema: { type: 'object', properties },
})
const url = (text: string): ReturnType<typeof elicitationFeatures>['url'] =>
  elicitationFeatures({ mode: 'url', message: 'm', url: text }, null).url

describe('an asked form', () => {
  it('is form mode when no mode is given, and flat when it holds primitives and choices', () => {
    const features = elicitationFeatures(
      form({
        ok: { type: 'boolean' },
        when: { type: 'string', format: 'date' },
        pick: { type: 'string', enum: ['a', 'b'] },
        many: { type: 'array', items: { type: 'string', enum: ['a'] } },
      }),
      null,
    )
    expect(features).toMatchObject({
      mode: 'form',
      action: null,
      flat: true,
      answered: null,
      unasked: [],
    })
    expect(features.fields).toContainEqual({ name: 'when', type: 'string', format: 'date' })
  })

  it.each([
    ['an object', { type: 'object', properties: {} }],
    ['a free array', { type: 'array', items: { type: 'string' } }],
    ['a reference', { $ref: '#/x' }],
    ['no type', {}],
    ['a list of types', { type: ['string', 'null'] }],
    ['not a schema', 'string'],
  ])('is not flat with %s in it', (_name, field) => {
    expect(elicitationFeatures(form({ field }), null).flat).toBe(false)
  })

  it('shows every text that a person may read, names and choices too', () => {
    const features = elicitationFeatures(
      form({ api_key: { type: 'string', title: 'Key', enum: ['one'], enumNames: ['First'] } }),
      null,
    )
    expect(features.texts.map((text) => text.folded)).toEqual(
      expect.arrayContaining(['please confirm', 'api key', 'key', 'one', 'first']),
    )
  })

  it('has an unknown mode when the mode is not of the specification', () => {
    expect(elicitationFeatures({ mode: 'voice' }, null).mode).toBe('unknown')
    expect(elicitationFeatures(null, null)).toMatchObject({ mode: 'unknown', flat: false })
  })
})

describe('an asked URL', () => {
  it.each([
    [
      'https://ops.example/approve?x=1',
      { valid: true, scheme: 'https', host: 'ops.example', userinfo: false, look_alike: false },
    ],
    ['https://ops.example@evil.example/', { host: 'evil.example', userinfo: true }],
    ['https://оps.example/', { look_alike: true }],
    ['https://xn--ps-fmc.example/', { look_alike: true }],
    ['javascript:alert(1)', { valid: true, scheme: 'javascript', host: '' }],
    ['https://ops.example\\@evil.example/', { valid: false }],
    ['https://ops.exa\tmple/', { valid: false }],
    ['not a url', { valid: false, host: '' }],
  ])('%s', (text, expected) => {
    expect(url(text)).toMatchObject(expected)
  })
})

describe('an answer', () => {
  const asked = form({
    ok: { type: 'boolean' },
    count: { type: 'integer' },
    pick: { oneOf: [{ const: 'a', title: 'A' }] },
  })

  it('names what was answered', () => {
    const features = elicitationFeatures(asked, {
      action: 'accept',
      content: { ok: true, count: 2, pick: 'a' },
    })
    expect(features).toMatchObject({
      action: 'accept',
      answered: ['ok', 'count', 'pick'],
      unasked: [],
    })
  })

  it('names members that were not asked for, and members of another type', () => {
    const content = { ok: 'yes', count: 1.5, pick: 'b', extra: 1 }
    expect(elicitationFeatures(asked, { action: 'accept', content }).unasked).toEqual([
      'ok',
      'count',
      'pick',
      'extra',
    ])
  })

  it('counts content that is no object as unasked', () => {
    expect(elicitationFeatures(asked, { action: 'accept', content: 'all' })).toMatchObject({
      answered: [''],
      unasked: [''],
    })
  })

  it('has no content when it declines', () => {
    expect(elicitationFeatures(asked, { action: 'decline' })).toMatchObject({
      action: 'decline',
      answered: null,
      unasked: [],
    })
  })
})
