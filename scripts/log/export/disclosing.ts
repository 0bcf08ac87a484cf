// Which disclosures go into an export: of the decisions that were asked for, while the key of their subject exists.

import type { Disclosing } from './exported-files.ts'
import { isOfLeaf } from '../read/disclosure-of.ts'
import { readLeaf } from '../read/read-leaf.ts'
import { sealedEntries } from '../read/segment-entries.ts'
import { type Asked, asksForDecision } from '../reconstruct/asked.ts'
import type { SealedDisclosures } from './sealed-disclosures.ts'

/** Asked for one stretch after the other, in order. @param folder `<data>/tenants/<tenant>/log` */
export function disclosingOf(
  folder: string,
  asked: Asked,
  sealed: SealedDisclosures,
  person: string | null,
): Disclosing {
  const entries = sealedEntries(folder)
  return (_from, to) => {
    const disclosed = new Map<number, string>()
    for (let next = entries.next(); next.done !== true; next = entries.next()) {
      const { index, token, box } = next.value
      const text = textOf(token, box)
      if (text !== null) disclosed.set(index, text)
      if (index + 1 >= to) break
    }
    return disclosed
  }

  function textOf(token: string, box: Uint8Array): string | null {
    const reading = readLeaf(token)
    if (!reading.ok || reading.read.leaf.kind !== 'decision') return null
    const { leaf } = reading.read
    if (!asksForDecision(asked, leaf, person)) return null
    const text = sealed.open(box, leaf.jti)
    return text !== null && isOfLeaf(text, leaf) ? text : null
  }
}
