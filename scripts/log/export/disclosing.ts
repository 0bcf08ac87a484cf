// Which disclosures go into an export: of what was asked for, while the key of their subject exists.

import type { Disclosing } from './exported-files.ts'
import { isOfLeaf } from '../read/disclosure-of.ts'
import { readLeaf } from '../read/read-leaf.ts'
import { sealedEntries } from '../read/segment-entries.ts'
import { type Asked, asksForDecision, asksForEvent } from '../reconstruct/asked.ts'
import type { SealedDisclosures } from './sealed-disclosures.ts'

/** Asked for one stretch after the other, in order. @param folders as for `framesIn` */
export function disclosingOf(
  folders: readonly string[],
  asked: Asked,
  sealed: SealedDisclosures,
  initiator: string | null,
): Disclosing {
  const entries = sealedEntries(folders)
  let next = entries.next()
  const persons = { initiator, approver: null }
  return (_from, to) => {
    const disclosed = new Map<number, string>()
    while (next.done !== true && next.value.index < to) {
      const { index, token, box } = next.value
      const text = textOf(token, box)
      if (text !== null) disclosed.set(index, text)
      next = entries.next()
    }
    return disclosed
  }

  function textOf(token: string, box: Uint8Array): string | null {
    const reading = readLeaf(token)
    if (!reading.ok) return null
    const { leaf } = reading.read
    const isAsked =
      leaf.kind === 'decision'
        ? asksForDecision(asked, leaf, persons)
        : asksForEvent(asked, leaf, persons)
    if (!isAsked) return null
    const text = sealed.open(box, leaf.jti)
    return text !== null && isOfLeaf(text, leaf) ? text : null
  }
}
