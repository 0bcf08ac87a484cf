/** What an agent publishes of itself at the URL that is its client id (OAuth Client ID Metadata Document). */

export type AgentDocument =
  | {
      readonly ok: true
      /** RFC 7638 thumbprints of the keys that it proves itself by; null when it publishes none. */
      readonly keys: ReadonlySet<string> | null
    }
  | { readonly ok: false; readonly failure: 'agent_unavailable' | 'agent_document' }

/**
 * Total. Null, and nobody is asked: the id is only a name, since the tenant's configuration does not name the origin.
 * Else the document, at once while one is at hand that is fresh, or fetched with bounds.
 */
export interface AgentDocuments {
  find(tenant: string, clientId: string): null | AgentDocument | Promise<AgentDocument>
}
