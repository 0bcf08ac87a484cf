/** What an operator should hear of a key set; never a key and never a token. */
import type { KeySet } from './key-set.ts'

export type KeySourceNotice = {
  readonly event:
    | 'loaded'
    | 'load_failed'
    | 'too_old'
    | 'entry_ignored'
    | 'kid_reused'
    | 'sequence_reused'
    | 'taken_from_disk'
    | 'not_kept'
  readonly detail: string
}

/** What is new in the next set; nothing when it trusts the same keys. */
export function noticesOf(old: KeySet | null, next: KeySet): readonly KeySourceNotice[] {
  const notices: KeySourceNotice[] = []
  if (old?.fingerprint === next.fingerprint) return notices
  notices.push({ event: 'loaded', detail: sizeOf(next) })
  for (const detail of next.ignored) notices.push({ event: 'entry_ignored', detail })
  for (const [kid, { key }] of next.keys) {
    const before = old?.keys.get(kid)
    if (before !== undefined && before.key.thumbprint !== key.thumbprint) {
      notices.push({ event: 'kid_reused', detail: kid })
    }
  }
  if (old !== null && next.sequence !== null && next.sequence === old.sequence) {
    notices.push({ event: 'sequence_reused', detail: String(next.sequence) })
  }
  return notices
}

export function sizeOf({ keys, authorities }: KeySet): string {
  const cas = authorities.length === 0 ? '' : ` and ${String(authorities.length)} CAs`
  return `${String(keys.size)} keys${cas}`
}
