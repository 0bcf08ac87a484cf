// What a whole log leaves open, in words.

import { instantText } from '../printable.ts'
import type { LeafRange } from './suspects.ts'
import type { Doubts } from './verification.ts'

export function doubtLines({
  suspect,
  unwitnessed,
  introduced,
  unseen,
}: Doubts): readonly string[] {
  return [
    ...(unseen === null
      ? []
      : [
          `not seen: the entries 0 to ${String(unseen.to - 1)}, which leaf ${String(unseen.leaf)} says were pruned: join their archive (--archive)`,
        ]),
    ...suspect.map((range) => `suspect: ${rangeText(range)}, and no witness saw them before`),
    ...unwitnessed.map(
      (range) => `  ${rangeText(range)}: that they are older, only they themselves say`,
    ),
    ...introduced.map(
      ({ kid, index }) =>
        `  leaf ${String(index)} is a key that introduced itself: ask somebody whom you trust whether ${kid} is right`,
    ),
  ]
}

function rangeText({ kid, from, to, compromised_at: at }: LeafRange): string {
  const leaves = from === to ? `leaf ${String(from)}` : `leaves ${String(from)} to ${String(to)}`
  return `${leaves}, signed by ${kid}, which counts as compromised from ${instantText(at)} on`
}
