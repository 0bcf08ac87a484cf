// Where recorded decisions come from, with what was disclosed beside each: an export, or the data directory of a tenant,
// whose own keys open what lies there.

import { join } from 'node:path'
import type { DecisionLeaf } from '../../../service/contract/leaf.ts'
import { kindOf } from '../../command/read-file.ts'
import type { Call } from '../../command/command.ts'
import { SealedDisclosures } from '../export/sealed-disclosures.ts'
import type { Absent } from '../read/entry.ts'
import { openSource } from '../read/open-source.ts'
import { framesIn, segmentsIn } from '../read/segment-entries.ts'
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

export const recordedOptions = secretOptions
export const recordedUsage = `  <log>                  the data directory of a tenant (<data>/tenants/<id>), a service running on it or not, whose
                         keys open what was disclosed; or what "countersign log export --disclose" wrote
${secretUsage}`

/** @throws PdpError `usage` when no log lies there. */
export async function openRecorded(call: Call, path: string): Promise<RecordedSource> {
  const folder = join(path, 'log')
  const passphrase = await passphraseIn(call)
  if (kindOf(folder) === 'directory' && segmentsIn(folder).length > 0) {
    const sealed = await SealedDisclosures.of(path, passphrase)
    return ofTenant(path, folder, sealed)
  }
  const source = await openSource(path)
  return { entries: () => ofExport(source.entries()), bundles: null, close: source.close }
}

function ofTenant(path: string, folder: string, sealed: SealedDisclosures): RecordedSource {
  return {
    bundles: join(path, 'bundles'),
    close: () => undefined,
    *entries() {
      for (const one of framesIn(folder)) {
        if ('from' in one) yield one
        else {
          const { index, token, box } = one
          yield { index, token, disclosed: ({ jti }) => opened(sealed, box, jti) }
        }
      }
    },
  }
}

function opened(
  sealed: SealedDisclosures,
  box: Uint8Array,
  id: string,
): string | { readonly cause: NotDisclosed } {
  if (box.length === 0) return { cause: 'input_not_disclosed' }
  return sealed.open(box, id) ?? { cause: 'input_erased' }
}

function* ofExport(
  entries: ReturnType<Awaited<ReturnType<typeof openSource>>['entries']>,
): Generator<RecordedEntry | Absent> {
  for (const one of entries) {
    if ('from' in one) yield one
    else {
      const { index, token, disclosure } = one
      yield { index, token, disclosed: () => disclosure ?? { cause: 'input_not_disclosed' } }
    }
  }
}
