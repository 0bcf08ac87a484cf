import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Query } from '../../service/contract/query.ts'
import type { Capability, ScopeRule } from '../../service/contract/registry.ts'
import { deriveScope } from '../../service/decision/derive-scope.ts'

const capability = (...data_scope: ScopeRule[]): Capability => ({
  kind: 'tool',
  effects: [],
  groups: [],
  data_scope,
})
const query = (args: Record<string, unknown>, rest: Partial<Query> = {}): Query => ({
  phase: 'request',
  server: { id: 'ops' },
  capability: { kind: 'tool', name: 't', arguments: args },
  protocol: { version: 'v', method: 'tools/call' },
  ...rest,
})
const hr: ScopeRule = {
  source: 'arguments',
  path: ['path'],
  prefix: '/hr/',
  add: { classifications: ['confidential'] },
}

describe('the data scope', () => {
  it('is derived from arguments, and a template takes the value as it is', () => {
    const rule: ScopeRule = {
      source: 'arguments',
      path: ['env'],
      required: true,
      add: { resources: ['k8s:{value}/api'] },
    }
    expect(deriveScope(query({ env: '$&prod' }), capability(rule)).resources).toEqual([
      'k8s:$&prod/api',
    ])
  })

  it('adds a classification where the prefix matches, and where the path climbs', () => {
    expect(deriveScope(query({ path: '/hr/pay' }), capability(hr)).classifications).toEqual([
      'confidential',
    ])
    expect(
      deriveScope(query({ path: '/reports/../hr/pay' }), capability(hr)).classifications,
    ).toEqual(['confidential'])
    expect(deriveScope(query({ path: '/reports/q3' }), capability(hr)).classifications).toEqual([])
  })

  it('looks at each item of an array', () => {
    expect(deriveScope(query({ path: ['/a', '/hr/b'] }), capability(hr)).classifications).toEqual([
      'confidential',
    ])
  })

  it('is unresolved where something required is missing', () => {
    const rule: ScopeRule = {
      source: 'arguments',
      path: ['a', 'b'],
      required: true,
      add: { residency: ['EU'] },
    }
    expect(deriveScope(query({ a: {} }), capability(rule))).toMatchObject({
      unresolved: ['arguments/a/b'],
      residency: [],
    })
  })

  it('reads a result only in the phase of results', () => {
    const rule: ScopeRule = {
      source: 'result',
      path: ['structuredContent', 'class'],
      equals: 'secret',
      add: { classifications: ['secret'] },
    }
    const result = { structuredContent: { class: 'secret' } }
    expect(
      deriveScope(query({}, { phase: 'result', result }), capability(rule)).classifications,
    ).toEqual(['secret'])
    expect(deriveScope(query({}), capability(rule)).classifications).toEqual([])
  })

  it('only grows by what the caller claims', () => {
    const names = fc.array(fc.string({ minLength: 1, maxLength: 8 }))
    fc.assert(
      fc.property(names, names, (classifications, resources) => {
        const bare = deriveScope(query({ path: '/hr/x' }), capability(hr))
        const claimed = deriveScope(
          query({ path: '/hr/x' }, { data_scope: { classifications, resources } }),
          capability(hr),
        )
        expect(claimed.classifications).toEqual(expect.arrayContaining(bare.classifications))
        expect(claimed.resources).toEqual(expect.arrayContaining(bare.resources))
      }),
    )
  })
})
