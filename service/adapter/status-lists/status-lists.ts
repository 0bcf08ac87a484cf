/**
 * The port `StatusLists`: lists are fetched when a token first names them, kept while they are fresh, and fetched
 * anew beside the questions before they are not. A list that cannot be had any more denies.
 */
import { readFile } from 'node:fs/promises'
import { LRUCache } from 'lru-cache'
import type { Issuer, TenantConfig } from '../../contract/config.ts'
import { limits } from '../../contract/limits.ts'
import type { StatusListState } from '../../contract/trust-state.ts'
import { statusAt } from '../../identity/status-list.ts'
import type { Clock } from '../../port/clock.ts'
import type { KeySets } from '../../port/key-sets.ts'
import type { StatusLists, StatusQuery } from '../../port/status-lists.ts'
import { fetchStatusList, type FetchList, type ListReach } from './fetch-status-list.ts'
import { newKeptList, placesOf, stateOfList, type KeptList } from './kept-list.ts'
import { openList, type OpenList } from './open-list.ts'

/** What an operator should hear of; a place in a list is nobody's business. */
export type StatusListNotice = {
  readonly event: 'list_loaded' | 'list_failed' | 'list_refused'
  readonly tenant: string
  readonly issuer: string
  readonly uri: string
  readonly detail: string
}

export type StatusListsOptions = {
  readonly keySets: KeySets
  readonly clock: Clock
  readonly observe?: (notice: StatusListNotice) => void
  /** Replaces the network, in tests. */
  readonly fetch?: FetchList
}

export type ListTenant = Pick<TenantConfig, 'id' | 'issuers'>

type Rules = NonNullable<Issuer['status']>

export function createStatusLists(
  tenants: readonly ListTenant[],
  options: StatusListsOptions,
): StatusLists {
  const rules = new Map<string, Rules>()
  for (const { id, issuers } of tenants)
    for (const { issuer, status } of issuers)
      if (status !== undefined) rules.set(nameOf(id, issuer), status)
  const entries = new LRUCache<string, KeptList>({ max: limits.statusLists })
  return {
    statusOf: (query) => {
      const allowed = rules.get(nameOf(query.tenant, query.issuer))
      if (allowed === undefined || !isAllowed(query.uri, allowed)) {
        const detail = 'lists of this issuer may not lie there: name the origin in its `status`'
        options.observe?.({ event: 'list_refused', ...noticeOf(query), detail })
        return 'status_unavailable'
      }
      const key = JSON.stringify([query.tenant, query.issuer, query.uri])
      const entry = entries.get(key) ?? newKeptList()
      entries.set(key, entry)
      return lookUp(entry, query, allowed, options)
    },
    state: (tenant) => statesOf(entries, tenant, seconds(options.clock)),
  }
}

function statesOf(
  entries: LRUCache<string, KeptList>,
  tenant: string,
  now: number,
): readonly StatusListState[] {
  const states = [...entries.entries()].flatMap(([key, entry]) => {
    const [of, issuer, uri] = JSON.parse(key) as [string, string, string]
    return of === tenant ? [stateOfList(entry, { issuer, uri }, now)] : []
  })
  return states.sort((a, b) => (a.uri < b.uri ? -1 : 1))
}

function lookUp(
  entry: KeptList,
  query: StatusQuery,
  allowed: Rules,
  options: StatusListsOptions,
): ReturnType<StatusLists['statusOf']> {
  const now = seconds(options.clock)
  if (entry.list !== null && now < entry.deadAt) {
    if (now >= entry.refreshAt) void refresh(entry, query, allowed, options)
    return read(entry, query, now)
  }
  return refresh(entry, query, allowed, options).then(() =>
    read(entry, query, seconds(options.clock)),
  )
}

function read({ list, deadAt }: KeptList, { index }: StatusQuery, now: number) {
  if (list === null || now >= deadAt) return 'status_unavailable'
  return statusAt(list.bytes, list.bits, index) ?? 'status_unavailable'
}

/** One flight a list; after one that failed there is a pause, whoever asks. Never rejects. */
function refresh(
  entry: KeptList,
  query: StatusQuery,
  allowed: Rules,
  options: StatusListsOptions,
): Promise<void> {
  if (entry.flight === null && seconds(options.clock) < entry.restUntil) return Promise.resolve()
  entry.flight ??= load(entry, query, allowed, options).finally(() => {
    entry.flight = null
  })
  return entry.flight
}

async function load(
  entry: KeptList,
  query: StatusQuery,
  allowed: Rules,
  { keySets, clock, fetch = fetchStatusList, observe }: StatusListsOptions,
): Promise<void> {
  try {
    const compact = await fetch(query.uri, await reachOf(allowed))
    const signer = allowed.signed_by ?? query.issuer
    const now = seconds(clock)
    const list = await openList(compact, { ...query, signer }, { keySets, now })
    if (entry.list !== null && list.iat < entry.list.iat) throw new Error('an older list is served')
    keep(entry, list, allowed, now)
    const detail = `${String(placesOf(list))} places`
    observe?.({ event: 'list_loaded', ...noticeOf(query), detail })
  } catch (error) {
    entry.restUntil = seconds(clock) + limits.statusListRestSeconds
    const { message = 'it cannot be loaded' } = error as { readonly message?: string }
    entry.failures += 1
    entry.error = message
    observe?.({ event: 'list_failed', ...noticeOf(query), detail: message })
  }
}

/** `exp` and `ttl` of the publisher are the longest that it counts; the configuration may look more often. */
function keep(entry: KeptList, list: OpenList, allowed: Rules, now: number): void {
  const usual = allowed.refresh_seconds ?? limits.statusListSeconds
  const lasting = Math.min(list.ttl ?? usual, limits.statusListLongestSeconds)
  entry.list = list
  entry.deadAt = Math.min(list.exp ?? Number.POSITIVE_INFINITY, now + lasting)
  entry.refreshAt = now + Math.min(usual, lasting / 2)
  entry.restUntil = 0
  entry.failures = 0
  entry.error = null
}

function isAllowed(uri: string, { origins }: Rules): boolean {
  const url = URL.parse(uri)
  return (
    url !== null &&
    url.username === '' &&
    url.password === '' &&
    origins.some((origin) => url.origin === origin && uri.startsWith(`${origin}/`))
  )
}

async function reachOf({ internal = false, ca_file: file }: Rules): Promise<ListReach> {
  return file === undefined
    ? { internal }
    : { internal, tls: { ca: [await readFile(file, 'utf8')] } }
}

function noticeOf({
  tenant,
  issuer,
  uri,
}: StatusQuery): Omit<StatusListNotice, 'event' | 'detail'> {
  return { tenant, issuer, uri }
}

function nameOf(tenant: string, issuer: string): string {
  return JSON.stringify([tenant, issuer])
}

function seconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000)
}
