// Where recorded decisions come from, with what was disclosed beside each: an export, or the data directory of a tenant,
// whose own keys open what lies there.

import { join } from 'node:path'
import type { DecisionLeaf } from '../../../service/contract/leaf.ts'
import { kindOf } from '../../command/read-file.ts'
import type { Call } from '../../command/command.ts'
import { texts } from '../../policy/arguments.ts'
import { SealedDisclosures } from '../export/sealed-disclosures.ts'
import { archivedTail } from '../read/archived-tail.ts'
import type { Absent, Entry } from '../read/entry.ts'
import { archiveOptions, archiveUsage, openSource, segmentFolders } from '../read/open-source.ts'
import { framesIn } from '../read/segment-entries.ts'
import { passphraseIn, secretOptions, secretUsage } from '../tenant-secret.ts'

/** Why there is nothing to judge again of an entry that is there. */
export type NotDisclosed = 'input_not_disclosed' | 'input_erased'

export interface RecordedEntry {
  readonly index: number
  readonly token: string
  /** JSON text with salt and value. @throws PdpError `log_corrupt` for what cannot be opened. */
  readonly disclosed: (leaf: DecisionLeaf) => string | { readonly cause: NotDisclosed }
}

export interface RecordedSource {
  readonly entries: () => Iterable<RecordedEntry | Absent>
  /** Where the bundles of the tenant lie; null for an export, which has none. */
  readonly bundles: string | null
  readonly close: () => void
}

export const recordedOptions = { ...secretOptions, ...archiveOptions }
export const recordedUsage = `  <log>                  the data directory of a tenant (<data>/tenants/<id>), a service running on it or not, whose
                         keys open what was disclosed; or what "countersign log export --disclose" wrote
${secretUsage}
${archiveUsage}`

/** @throws PdpError `usage` when no log lies there. */
export async function openRecorded(call: Call, path: string): Promise<RecordedSource> {
  const archives = texts(call, 'archive')
  const passphrase = await passphraseIn(call)
  const folders = segmentFolders(path, archives)
  if (folders !== null) {
    // An archive has segments too, and no key: nothing of it is disclosed, unless the keys of the tenant are put there.
    const isClosed = kindOf(join(path, 'keys')) === 'absent'
    return ofTenant(path, folders, isClosed ? null : await SealedDisclosures.of(path, passphrase))
  }
  const source = await openSource(path, archives)
  return { entries: () => ofExport(source.entries()), bundles: null, close: source.close }
}

function ofTenant(
  path: string,
  folders: readonly string[],
  sealed: SealedDisclosures | null,
): RecordedSource {
  return {
    bundles: join(path, 'bundles'),
    close: () => undefined,
    *entries() {
      let next = 0
      for (const one of framesIn(folders)) {
        next = 'from' in one ? one.to : one.index + 1
        if ('from' in one) yield one
        else {
          const { index, token, box } = one
          yield { index, token, disclosed: ({ jti }) => opened(sealed, box, jti) }
        }
      }
      yield* ofExport(archivedTail(path, next))
    },
  }
}

function opened(
  sealed: SealedDisclosures | null,
  box: Uint8Array,
  id: string,
): string | { readonly cause: NotDisclosed } {
  if (box.length === 0 || sealed === null) return { cause: 'input_not_disclosed' }
  return sealed.open(box, id) ?? { cause: 'input_erased' }
}

function* ofExport(entries: Iterable<Entry | Absent>): Generator<RecordedEntry | Absent> {
  for (const one of entries) {
    if ('from' in one) yield one
    else {
      const { index, token, disclosure } = one
      yield { index, token, disclosed: () => disclosure ?? { cause: 'input_not_disclosed' } }
    }
  }
}
