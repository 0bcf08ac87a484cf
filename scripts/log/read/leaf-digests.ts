// The digests that leaves name, computed anew from what is stored: no code in common with whoever wrote them.

import { hash } from 'node:crypto'

/** What the next leaf of the workflow must give as `prev`. */
export function payloadDigest(payload: string): string {
  return named('leaf-payload', payload)
}

/** What the leaf must give for what was disclosed beside it. */
export function disclosureDigest(text: string): string {
  return named('disclosure', text)
}

/** SHA-256 of JSON text under its name, as `sha256:<hex>`. */
function named(name: string, json: string): string {
  return `sha256:${hash('sha256', `{"v":"countersign/${name}/v1","value":${json}}`, 'hex')}`
}
