/** Rows 4 to 8: another tenant's evidence, another issuer's, another domain's; identifiers that look alike. */
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import { names } from '../support/party.ts'
import { byEvidence, grant, initiator, server, workload, type Attack } from './attack.ts'

const issuers: readonly Attack[] = [
  byEvidence(4, async ({ keys, access }) => {
    const claims = (await access()).split('.')[1] ?? ''
    const payload = Buffer.from(claims, 'base64url').toString()
    return initiator(await keys.second.sign(payload, { typ: 'at+jwt' }))
  })("alice of the first issuer, signed by the second issuer's key", 'initiator.key_not_found'),
  byEvidence(4, async ({ keys, access }) => {
    const claims = (await access()).split('.')[1] ?? ''
    const payload = Buffer.from(claims, 'base64url').toString()
    return initiator(await keys.second.sign(payload, { typ: 'at+jwt', kid: 'identity' }))
  })("under the name of the first issuer's key", 'initiator.bad_signature'),
  byEvidence(4, async ({ keys, access }) => {
    const claims = Buffer.from((await access()).split('.')[1] ?? '', 'base64url').toString()
    const payload = { ...(JSON.parse(claims) as object), iss: names.second }
    return initiator(await keys.second.sign(payload, { typ: 'at+jwt' }))
  })('alice of the second issuer is somebody else', 'purpose.initiator_mismatch'),
  byEvidence(5, async (_a, { b }) => initiator(await b.access()))(
    'an access token of the other tenant, key of the same name',
    'initiator.bad_signature',
  ),
  byEvidence(5, async (a, { b }) => server(await b.svid({ aud: a.audience })))(
    'an SVID of the other tenant, key and domain of the same name',
    'server.bad_signature',
  ),
  byEvidence(5, async (a, { b }) => grant(await b.grant({ aud: a.audience })))(
    'a grant of the other tenant',
    'grant.bad_signature',
  ),
  byEvidence(5, async (a) => {
    const wit = await a.wit({}, { kid: 'spiffe' })
    return workload(wit, await a.holder.wpt(wit, a.audience))
  })('a WIT under the name of the key for JWT-SVIDs', 'server.key_not_found'),
  {
    ...{ row: 5, what: 'a key set with two keys of one name', code: 'config_invalid' },
    play: async ({ a }) => {
      const [issuer] = a.config.issuers
      if (issuer === undefined) throw new Error('no issuer')
      const keys = {
        inline: { keys: [a.keys.identity.jwk, { ...a.keys.second.jwk, kid: 'identity' }] },
      }
      const opened = createKeySets([{ ...a.config, issuers: [{ ...issuer, keys }] }], {
        clock: { now: () => 0, uuid: () => '' },
      })
      return opened.then(
        () => ['taken'],
        (error: unknown) => [error instanceof PdpError ? error.code : 'a fault'],
      )
    },
  },
]

const signedElsewhere = (sub: string) =>
  byEvidence(6, async ({ keys, svid }) => {
    const payload = Buffer.from((await svid({ sub })).split('.')[1] ?? '', 'base64url').toString()
    return server(await keys.elsewhere.sign(payload, { typ: 'JWT' }))
  })

const domains: readonly Attack[] = [
  signedElsewhere(names.spiffeId)(
    "a workload of one domain by the other domain's key of the same name",
    'server.bad_signature',
  ),
  signedElsewhere(`spiffe://${names.elsewhere}/mcp/ops`)(
    'the same path in the other domain that is trusted',
    'identity.server_mismatch',
  ),
  byEvidence(6, async ({ svid }) => server(await svid({ sub: 'spiffe://evil.example/mcp/ops' })))(
    'the same path in a domain that is not trusted',
    'server.untrusted_domain',
  ),
  byEvidence(7, async ({ job }) => ({
    server: { id: 'ops', proof: { platform_token: await job({ repository_owner_id: '13' }) } },
  }))('a job of another owner, by the platform that serves both', 'server.issuer_scope'),
  byEvidence(7, async ({ job }) => ({
    server: { id: 'ops', proof: { platform_token: await job({ sub: names.spiffeId }) } },
  }))('a platform that names a SPIFFE ID', 'identity.server_mismatch'),
]

const lookAlikes: readonly Attack[] = (
  [
    ['spiffe://dev.countersign.test/mcp/ops-evil', 'identity.server_mismatch'],
    ['spiffe://dev.countersign.test/mcp/ops/evil', 'identity.server_mismatch'],
    ['spiffe://dev.countersign.test/mcp', 'identity.server_mismatch'],
    ['spiffe://dev.countersign.test/mcp/OPS', 'identity.server_mismatch'],
    ['spiffe://DEV.countersign.test/mcp/ops', 'server.bad_identifier'],
    ['SPIFFE://dev.countersign.test/mcp/ops', 'server.bad_identifier'],
    ['spiffe://dev.countersign.test/mcp/ops/', 'server.bad_identifier'],
    ['spiffe://dev.countersign.test/mcp/x/../ops', 'server.bad_identifier'],
    ['spiffe://dev.countersign.test/mcp/./ops', 'server.bad_identifier'],
    ['spiffe://dev.countersign.test/mcp/%6fps', 'server.bad_identifier'],
    ['spiffe://dev.countersign.test:443/mcp/ops', 'server.bad_identifier'],
    ['spiffe://user@dev.countersign.test/mcp/ops', 'server.bad_identifier'],
    ['spiffe://dev.countersign.test\\@evil/mcp/ops', 'server.bad_identifier'],
    ['spiffe://dev.countersign.test/mcp/ops#x', 'server.bad_identifier'],
    ['spiffe://dev.countersign.test/mcp/\tops', 'server.bad_identifier'],
    ['spiffe://dev.countersign.test/mcp/\u043eps', 'server.bad_identifier'],
    ['spiffe://dev.countersign.test', 'server.bad_identifier'],
  ] as const
).map(([sub, code]) =>
  byEvidence(8, async ({ svid }) => server(await svid({ sub })))(JSON.stringify(sub), code),
)

const twin = byEvidence(8, async (a) => {
  const wit = await a.wit({ sub: names.spiffeId.replace('spiffe:', 'wimse:') })
  return workload(wit, await a.holder.wpt(wit, a.audience))
})('the twin under the scheme wimse', 'server.untrusted_domain')

export const tenancy: readonly Attack[] = [...issuers, ...domains, ...lookAlikes, twin]
