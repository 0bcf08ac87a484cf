/**
 * The port `KeySets` over the trust anchors of the tenants' configuration.
 *
 * Two tenants share nothing: not a set, not a fetch, not a `kid`. What is not in the tenant's own table
 * costs no network.
 */
import { PdpError, type Fault } from '../../contract/error-code.ts'
import type { Clock } from '../../port/clock.ts'
import type { KeyFailure, KeyQuery, KeyResult, KeySets } from '../../port/key-sets.ts'
import type { Fetch } from './fetch-key-set.ts'
import type { KeySet } from './key-set.ts'
import { readKey, type TrustedKey } from './verification-key.ts'
import type { KeySourceNotice } from './key-set-notice.ts'
import { keySetStateOf } from './key-set-state.ts'
import type { KeySource } from './key-source.ts'
import { readCertificate } from './x509/read-certificate.ts'
import { openSource } from './open-source.ts'
import { anchorsOf, faultsOfAnchors, type KeySetTenant, type TrustAnchor } from './trust-anchor.ts'

export type KeySetNotice = KeySourceNotice & { readonly tenant: string; readonly issuer: string }

export type KeySetsOptions = {
  readonly clock: Clock
  readonly observe?: (notice: KeySetNotice) => void
  /** Where what was fetched for a tenant survives a restart; left out: nowhere. */
  readonly directoryOf?: (tenant: string) => string
  /** Replaces the network, in tests. */
  readonly fetch?: Fetch
  /** In [0, 1): by how much waits are shortened. */
  readonly random?: () => number
}

type Anchored = { readonly anchor: TrustAnchor; readonly source: KeySource }

/** What one tenant trusts. */
type Table = {
  epoch: number
  readonly anchored: Anchored[]
  readonly byName: Map<string, Anchored>
}

/**
 * Reads what is inline or in files, and begins to fetch what is not.
 *
 * @throws PdpError `config_invalid` with every fault of every anchor, pointers into the configuration file.
 */
export async function createKeySets(
  tenants: readonly KeySetTenant[],
  options: KeySetsOptions,
): Promise<KeySets> {
  const anchors = tenants.map((tenant, index) => anchorsOf(tenant, `/tenants/${String(index)}`))
  refuseAny(anchors.flatMap(faultsOfAnchors))
  const tables = new Map<string, Table>()
  for (const [index, { id }] of tenants.entries())
    tables.set(id, openTable(id, anchors[index] ?? [], options))
  const keySets = keySetsOver(tables)
  const faults = await Promise.all(
    [...tables.values()].flatMap(({ anchored }) => anchored.map(faultAtStart)),
  )
  if (faults.some((fault) => fault !== null)) await keySets.close()
  refuseAny(faults.filter((fault) => fault !== null))
  return keySets
}

function openTable(
  tenant: string,
  anchors: readonly TrustAnchor[],
  options: KeySetsOptions,
): Table {
  const table: Table = { epoch: 0, anchored: [], byName: new Map() }
  for (const anchor of anchors) {
    const source = openSource(anchor, {
      ...options,
      directory: options.directoryOf?.(tenant) ?? null,
      authoritiesOf: async (domain) => (await awaitedSet(table, domain))?.authorities ?? null,
      changed: () => {
        table.epoch += 1
      },
      observe: (notice) => options.observe?.({ ...notice, tenant, issuer: anchor.issuer }),
    })
    const anchored = { anchor, source }
    table.anchored.push(anchored)
    for (const kind of anchor.kinds) {
      table.byName.set(`${kind} ${anchor.issuer}`, anchored)
    }
  }
  return table
}

/** The bundle of that trust domain; its first load may be under way. Undefined: the domain is not trusted. */
async function awaitedSet(
  { byName }: Table,
  trustDomain: string,
): Promise<KeySet | null | undefined> {
  // Sources of one tenant are opened in one go: whoever asks while that goes on waits for the rest.
  await Promise.resolve()
  const source = byName.get(`jwt_svid ${trustDomain}`)?.source
  if (source?.current() === null) await source.settled()
  return source?.current()
}

/** What is inline or in a file must be there at the start; what is fetched may come later. */
async function faultAtStart({ anchor, source }: Anchored): Promise<Fault | null> {
  if ('url' in anchor.from || 'discovery' in anchor.from) return null
  await source.settled()
  const reason = source.failure()
  return reason === null
    ? null
    : { pointer: anchor.pointer, reason: `the key set cannot be used: ${reason}` }
}

function keySetsOver(tables: ReadonlyMap<string, Table>): KeySets {
  return {
    find: async (query) => {
      const anchored = tables.get(query.tenant)?.byName.get(`${query.kind} ${query.issuer}`)
      return anchored === undefined ? failed('issuer_unknown') : await findKey(anchored, query)
    },
    authorities: async (tenant, trustDomain) => {
      const table = tables.get(tenant)
      const set = table === undefined ? undefined : await awaitedSet(table, trustDomain)
      if (set === undefined) return { ok: false, failure: 'untrusted_domain' }
      return set === null
        ? { ok: false, failure: 'keys_unavailable' }
        : { ok: true, authorities: set.authorities }
    },
    brought: (jwk, alg) => {
      const reading = readKey({ ...jwk, alg }, [alg])
      return reading.ok ? reading.value.key : null
    },
    certificate: readCertificate,
    epoch: (tenant) => {
      const table = tables.get(tenant)
      // Asking each source for its set drops the one that has become too old, which moves the epoch.
      for (const { source } of table?.anchored ?? []) source.current()
      return table?.epoch ?? 0
    },
    unavailable: (tenant) => {
      const without = (tables.get(tenant)?.anchored ?? []).filter(
        ({ source }) => source.current() === null,
      )
      return [...new Set(without.map(({ anchor }) => anchor.issuer))]
    },
    state: (tenant) =>
      (tables.get(tenant)?.anchored ?? []).map(({ anchor, source }) =>
        keySetStateOf(anchor, source),
      ),
    close: async () => {
      const sources = [...tables.values()].flatMap(({ anchored }) =>
        anchored.map(({ source }) => source),
      )
      for (const source of sources) source.close()
      await Promise.all(sources.map((source) => source.settled()))
    },
  }
}

async function findKey(
  { anchor, source }: Anchored,
  { kid, alg, kind }: KeyQuery,
): Promise<KeyResult> {
  if (!anchor.algorithms.includes(alg)) return failed('alg_refused')
  if (source.current() === null) await source.settled()
  if (source.current()?.keys.has(kid) === false) await source.demand()
  const set: KeySet | null = source.current()
  if (set === null) return failed('keys_unavailable')
  const trusted = set.keys.get(kid)
  if (trusted === undefined || !isForKind(trusted.use, kind)) return failed('key_not_found')
  return trusted.alg === alg ? { ok: true, key: trusted.key } : failed('alg_refused')
}

/** Keys of a SPIFFE bundle are for one kind of SVID each; others are for whatever their issuer is named for. */
function isForKind(use: TrustedKey['use'], kind: KeyQuery['kind']): boolean {
  return use === 'sig' || use === (kind === 'jwt_svid' ? 'jwt-svid' : 'wit-svid')
}

function failed(failure: KeyFailure): KeyResult {
  return { ok: false, failure }
}

function refuseAny(faults: readonly Fault[]): void {
  if (faults.length === 0) return
  const lines = faults.map(({ pointer, reason }) => `${pointer}: ${reason}`)
  throw new PdpError('config_invalid', `Trust anchors cannot be used:\n${lines.join('\n')}`, {
    faults,
  })
}
