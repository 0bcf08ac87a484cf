/**
 * The port `AgentDocuments`: a document is fetched when a verified token first names it, from a configured origin alone,
 * kept while it is fresh, and counts no longer than that.
 */
import { readFile } from 'node:fs/promises'
import { LRUCache } from 'lru-cache'
import type { AgentOrigins, TenantConfig } from '../../contract/config.ts'
import { limits } from '../../contract/limits.ts'
import type { AgentDocument, AgentDocuments } from '../../port/agent-documents.ts'
import type { Clock } from '../../port/clock.ts'
import type { KeySets } from '../../port/key-sets.ts'
import { fetchDocument, type DocumentReach, type FetchedDocument } from './fetch-document.ts'
import { readDocument } from './read-document.ts'

/** What an operator should hear of. */
export type AgentDocumentNotice = {
  readonly event: 'document_loaded' | 'document_failed' | 'document_refused'
  readonly tenant: string
  readonly uri: string
  readonly detail: string
}

export type AgentDocumentsOptions = {
  readonly keySets: Pick<KeySets, 'brought'>
  readonly clock: Clock
  readonly observe?: (notice: AgentDocumentNotice) => void
}

/** What was found last, and until when (seconds since the epoch) it is the answer. */
type Entry = { readonly found: AgentDocument; readonly until: number }

type Wanted = { readonly tenant: string; readonly uri: string; readonly allowed: AgentOrigins }

export function createAgentDocuments(
  tenants: readonly Pick<TenantConfig, 'id' | 'agent_documents'>[],
  options: AgentDocumentsOptions,
): AgentDocuments {
  const rules = new Map(tenants.map(({ id, agent_documents: allowed }) => [id, allowed]))
  const entries = new LRUCache<string, Entry>({ max: limits.agentDocuments })
  const flights = new Map<string, Promise<AgentDocument>>()
  return {
    find: (tenant, uri) => {
      const allowed = rules.get(tenant)
      const url = URL.parse(uri)
      if (allowed === undefined || url === null || !allowed.origins.includes(url.origin))
        return null
      if (!isClientId(url, uri)) return { ok: false, failure: 'agent_document' }
      const key = JSON.stringify([tenant, uri])
      const known = entries.get(key)
      if (known !== undefined && seconds(options.clock) < known.until) return known.found
      const flying = flights.get(key)
      if (flying !== undefined) return flying
      const flight = load({ tenant, uri, allowed }, options)
        .then((entry) => {
          entries.set(key, entry)
          return entry.found
        })
        .finally(() => flights.delete(key))
      flights.set(key, flight)
      return flight
    },
  }
}

/** Section 3: a path, no user, no fragment; and in the one spelling that it is fetched by, so no dot segments. */
function isClientId(url: URL, uri: string): boolean {
  return (
    url.href === uri &&
    url.pathname !== '/' &&
    url.username === '' &&
    url.password === '' &&
    url.hash === ''
  )
}

/** Never rejects. After a failure there is a pause, whoever asks. */
async function load(wanted: Wanted, options: AgentDocumentsOptions): Promise<Entry> {
  const { tenant, uri, allowed } = wanted
  const tell = (event: AgentDocumentNotice['event'], detail: string): void =>
    options.observe?.({ event, tenant, uri, detail })
  const failing = (failure: 'agent_unavailable' | 'agent_document'): Entry => ({
    found: { ok: false, failure },
    until: seconds(options.clock) + limits.agentDocumentRestSeconds,
  })
  let fetched: FetchedDocument
  try {
    fetched = await fetchDocument(uri, await reachOf(allowed))
  } catch (error) {
    tell('document_failed', messageOf(error))
    return failing('agent_unavailable')
  }
  try {
    const keys = readDocument(fetched.bytes, uri, options.keySets)
    tell('document_loaded', keys === null ? 'no keys' : `${String(keys.size)} keys`)
    return { found: { ok: true, keys }, until: seconds(options.clock) + lasting(fetched) }
  } catch (error) {
    tell('document_refused', messageOf(error))
    return failing('agent_document')
  }
}

/** As its server says, within bounds: a minute at least, so that nobody is asked for each question. */
function lasting({ maxAgeSeconds }: FetchedDocument): number {
  const { agentDocumentSeconds: usual, agentDocumentLongestSeconds: longest } = limits
  return Math.min(Math.max(maxAgeSeconds ?? usual, limits.agentDocumentShortestSeconds), longest)
}

async function reachOf({ internal = false, ca_file: file }: AgentOrigins): Promise<DocumentReach> {
  return file === undefined
    ? { internal }
    : { internal, tls: { ca: [await readFile(file, 'utf8')] } }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it cannot be loaded'
}

function seconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000)
}
