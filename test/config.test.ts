import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { loadConfig } from '../service/config.ts'
import { PdpError } from '../service/contract/error-code.ts'

const directory = mkdtempSync(join(tmpdir(), 'countersign-config-'))
mkdirSync(join(directory, 'bundles'))
writeFileSync(join(directory, 'key.pem'), 'x')

const good = {
  public_url: 'https://pdp.example',
  listen: { host: '127.0.0.1', port: 0 },
  data_directory: 'data',
  tenants: [
    {
      id: 'acme',
      audience: 'https://pdp.example/tenants/acme',
      bundles: {
        sources: [{ directory: 'bundles' }],
        keys: [{ id: 'k', algorithm: 'ES256', public_key_file: 'key.pem' }],
      },
      issuers: [
        {
          issuer: 'https://idp.example',
          kinds: ['initiator', 'pep'],
          algorithms: ['ES256'],
          keys: { url: 'https://idp.example/jwks' },
        },
      ],
      trust_domains: [{ name: 'acme.example', bundle: { inline: { keys: [] } } }],
      peps: [
        {
          client_id: 'gw',
          issuer: 'https://idp.example',
          project: 'p',
          environment: 'prod',
          servers: [],
          owner: 'o',
          review_by: 4_102_444_800,
        },
      ],
      signing: { algorithm: 'ES256' },
    },
  ],
}

function write(value: unknown): string {
  const path = join(directory, 'config.json')
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

function faultsOf(value: unknown): readonly string[] {
  try {
    loadConfig(write(value))
  } catch (error) {
    if (error instanceof PdpError && error.code === 'config_invalid')
      return error.faults.map((fault) => fault.pointer)
    throw error
  }
  return []
}

describe('the configuration file', () => {
  it('becomes a frozen production configuration, its paths relative to the file', () => {
    const config = loadConfig(write(good))
    expect(config).toMatchObject({
      mode: 'production',
      development: null,
      dataDirectory: join(directory, 'data'),
    })
    expect(Object.isFrozen(config)).toBe(true)
    expect(config.tenants[0]?.bundles.keys[0]?.public_key_file).toBe(join(directory, 'key.pem'))
  })

  it('is refused with every fault at once', () => {
    const [tenant] = good.tenants
    const bad = {
      ...good,
      public_url: 'http://pdp.example',
      lisen: 1,
      tenants: [{ ...tenant, id: 'A!', peps: [] }],
    }
    expect(faultsOf(bad)).toEqual(
      expect.arrayContaining(['/public_url', '/lisen', '/tenants/0/id', '/tenants/0/peps']),
    )
  })

  it('has no default for anything that is secret or trusted', () => {
    expect(faultsOf({})).toEqual(
      expect.arrayContaining(['/public_url', '/listen', '/data_directory', '/tenants']),
    )
  })

  it.each([
    [
      'a file that is not there',
      {
        bundles: {
          sources: [{ directory: 'nowhere' }],
          keys: [{ id: 'k', algorithm: 'ES256', public_key_file: 'none.pem' }],
        },
      },
      ['/tenants/0/bundles/sources/0/directory', '/tenants/0/bundles/keys/0/public_key_file'],
    ],
    [
      'deliveries of one name, over plain http, or with a file that is not there',
      {
        deliveries: [
          { name: 'siem', kind: 'opa_decision_log', url: 'http://siem.example/logs' },
          {
            ...{ name: 'siem', kind: 'opa_decision_log', url: 'https://siem.example/logs' },
            bearer_token_file: 'none',
          },
          {
            ...{ name: 'mail', kind: 'email', host: 'smtp.example', port: 25, security: 'none' },
            ...{ from: 'pdp@acme.example', to: {} },
          },
          { name: 'chat', kind: 'slack', url_file: 'none' },
        ],
      },
      [
        '/tenants/0/deliveries/1/bearer_token_file',
        '/tenants/0/deliveries/3/url_file',
        '/tenants/0/deliveries/0/url',
        '/tenants/0/deliveries/1/name',
        '/tenants/0/deliveries/2/security',
      ],
    ],
    [
      'a candidate that is not there, or over plain http',
      {
        bundles: {
          ...good.tenants[0]!.bundles,
          shadow: {
            owner: 'o',
            sources: [{ directory: 'nowhere' }, { url: 'http://a.example/b.tar.gz' }],
          },
        },
      },
      ['/tenants/0/bundles/shadow/sources/0/directory', '/tenants/0/bundles/shadow/sources/1/url'],
    ],
    [
      'a PEP of an issuer that is not for PEPs',
      {
        peps: [
          {
            client_id: 'gw',
            issuer: 'https://other.example',
            project: 'p',
            environment: 'e',
            servers: [],
            owner: 'o',
            review_by: 4_102_444_800,
          },
        ],
      },
      ['/tenants/0/peps/0/issuer'],
    ],
    [
      'PEPs of the same name or workload, of an unknown trust domain, and with another issuer than their id has',
      {
        peps: [
          workload('a', 'spiffe://acme.example/a'),
          { ...workload('a', 'spiffe://acme.example/a') },
          workload('b', 'spiffe://other.example/b'),
          { ...workload('c', 'spiffe://acme.example/c'), issuer: 'https://idp.acme.example' },
          workload('d', 'spiffe://acme.example'),
        ],
      },
      [
        '/tenants/0/peps/1',
        '/tenants/0/peps/1',
        '/tenants/0/peps/2/proof/wit/id',
        '/tenants/0/peps/3/issuer',
        '/tenants/0/peps/4/proof/wit/id',
      ],
    ],
    [
      'a PEP with two ways of proof, a key that is none, and a scope that does not exist',
      {
        peps: [
          { ...workload('a', 'spiffe://acme.example/a'), proof: { bearer: {}, dpop: {} } },
          { ...workload('b', 'spiffe://acme.example/b'), proof: { dpop: { keys: ['x'] } } },
          { ...workload('c', 'spiffe://acme.example/c'), scopes: ['pdp.everything'] },
        ],
      },
      [
        '/tenants/0/peps/0/proof',
        '/tenants/0/peps/1/proof/dpop/keys/0',
        '/tenants/0/peps/2/scopes/0',
      ],
    ],
    [
      'keys over plain http',
      { trust_domains: [{ name: 'a', bundle: { url: 'http://a.example/bundle' } }] },
      ['/tenants/0/trust_domains/0/bundle/url'],
    ],
    [
      'a shared platform of which nothing is demanded',
      {
        issuers: [
          ...good.tenants[0]!.issuers,
          {
            issuer: 'https://token.actions.githubusercontent.com',
            kinds: ['platform'],
            algorithms: ['RS256'],
            keys: { discovery: {} },
          },
        ],
      },
      ['/tenants/0/issuers/1/claims'],
    ],
    [
      'status lists at what is no origin, or that nobody may sign',
      {
        issuers: [
          {
            ...good.tenants[0]!.issuers[0],
            status: { origins: ['https://a.example/lists', 'http://a.example'] },
          },
        ],
      },
      [
        '/tenants/0/issuers/0/status/origins/0',
        '/tenants/0/issuers/0/status/origins/1',
        '/tenants/0/issuers/0/status',
      ],
    ],
    [
      'documents of agents at what is no origin, and an authority in a file that is not there',
      {
        agent_documents: {
          origins: ['https://a.example/x', 'http://a.example', 'https://a.example'],
          ca_file: 'none.pem',
        },
      },
      [
        '/tenants/0/agent_documents/ca_file',
        '/tenants/0/agent_documents/origins/0',
        '/tenants/0/agent_documents/origins/1',
      ],
    ],
    [
      'authorities and a bootstrap bundle in files that are not there',
      {
        trust_domains: [
          { name: 'a', bundle: { url: 'https://a.example', ca_file: 'none.pem' } },
          {
            name: 'b',
            bundle: {
              ...{ url: 'https://b.example', endpoint_spiffe_id: 'spiffe://b/e' },
              bootstrap_file: 'none.json',
            },
          },
        ],
      },
      [
        '/tenants/0/trust_domains/0/bundle/ca_file',
        '/tenants/0/trust_domains/1/bundle/bootstrap_file',
      ],
    ],
    ['an API key', { api_key: 'x' }, ['/tenants/0/api_key']],
  ])('is refused for %s', (_name, change, pointers) => {
    expect(faultsOf({ ...good, tenants: [{ ...good.tenants[0], ...change }] })).toEqual(pointers)
  })

  it('is refused when two tenants share an audience', () => {
    const tenants = [good.tenants[0], { ...good.tenants[0], id: 'other' }]
    expect(faultsOf({ ...good, tenants })).toEqual(['/tenants/1/audience'])
  })

  it('is refused when it is not strict JSON', () => {
    expect(() => loadConfig(write('{"a":1,"a":2}'))).toThrow(/stands twice|duplicate|twice/iu)
    expect(() => loadConfig(join(directory, 'none.json'))).toThrow(/cannot be read/u)
  })
})

function workload(name: string, id: string): Record<string, unknown> {
  return {
    ...{ client_id: name, issuer: /^spiffe:\/\/[^/]+/u.exec(id)?.[0], proof: { wit: { id } } },
    ...{ project: 'p', environment: 'e', servers: [], owner: 'o', review_by: 4_102_444_800 },
  }
}
