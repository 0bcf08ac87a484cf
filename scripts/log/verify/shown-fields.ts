// Fields of one decision that were shown: whether each is one that its leaf commits to.

import type { Leaf } from '../../../service/contract/leaf.ts'
import { LogFault } from '../log-fault.ts'
import { digestOfClasses, digestOfFields, fieldDigest } from '../read/disclosed-fields.ts'
import { committedBy } from '../read/disclosure-of.ts'
import type { ShownFile } from '../read/shown-file.ts'

/** @throws LogFault when the leaf at that place does not commit to what is shown. */
export function checkShown(shown: ShownFile, leaf: Leaf): void {
  const { decision_id: id, index, origin, digests = [], classes = [], fields } = shown
  const wrong = (expected: string, found: string): LogFault =>
    new LogFault({ check: 'disclosure', index, expected, found })
  if (leaf.jti !== id) throw wrong(`${id}, whose fields are shown`, leaf.jti)
  if (leaf.iss !== origin) throw wrong(`a leaf of ${origin}`, leaf.iss)
  const named =
    shown.v === 1
      ? digestOfFields(digests)
      : digestOfClasses(
          classes.map((one) => ('digest' in one ? one.digest : digestOfFields(one.digests))),
        )
  if (committedBy(leaf) !== named) throw wrong('the digests of the fields that are shown', 'others')
  const all =
    shown.v === 1 ? digests : classes.flatMap((one) => ('digest' in one ? [] : one.digests))
  const left = new Set(all)
  for (const field of fields) {
    // Each once: the same field shown twice would say two things under one name, or nothing new.
    if (left.delete(digestOf(field))) continue
    throw wrong(`a field ${field.pointer} as it is shown`, 'no such one')
  }
}

/** Empty for what has no canonical form, which no leaf commits to. */
function digestOf(field: ShownFile['fields'][number]): string {
  try {
    return fieldDigest(field)
  } catch {
    return ''
  }
}

/** @param seen the entries that were read: from the first up to the last, which is not among them. @throws LogFault */
export function refuseUnmet(
  { index, decision_id: id }: ShownFile,
  { first, size }: { readonly first: number; readonly size: number },
): void {
  if (index >= first && index < size) return
  const found =
    first === 0 ? `${String(size)} entries` : `the entries from ${String(first)} on alone`
  throw new LogFault({ check: 'disclosure', index, expected: `the decision ${id}`, found })
}
