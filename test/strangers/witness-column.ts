/** What a real witness says to a published directory, whoever made it: the proof is what an attacker with its tiles can offer. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { askWitness } from '../../service/adapter/witness/ask-witness.ts'
import { verifyNote } from '../../service/adapter/audit-log/publication/note-signer.ts'
import { parseCheckpoint } from '../../service/audit/checkpoint.ts'
import { parseVerifierKey } from '../../service/audit/note-key.ts'
import { parseNote } from '../../service/audit/signed-note.ts'
import { consistencyRanges } from '../../service/audit/subtree.ts'
import { cosign, type Cosigned } from '../../service/flow/cosign.ts'
import { hashesOf } from '../../service/flow/published-hashes.ts'
import type { Litewitness } from '../support/litewitness.ts'

export async function cosignedBy(witness: Litewitness, directory: string): Promise<Cosigned> {
  const note = readFileSync(join(directory, 'checkpoint'), 'utf8')
  const { text } = parseNote(note)!
  const { size } = parseCheckpoint(text)!
  const files = {
    read: (path: string) => {
      const place = join(directory, path)
      return Promise.resolve(existsSync(place) ? readFileSync(place) : null)
    },
  }
  const proofFrom = async (old: number): Promise<readonly Uint8Array[]> =>
    old === 0 || old === size ? [] : await hashesOf(consistencyRanges(old, size), size, files)
  const { url, vkey } = witness
  return await cosign(
    { key: parseVerifierKey(vkey)!, url },
    0,
    { text, note, size, proofFrom },
    {
      ...{ ask: askWitness({ internal: true, caFile: null }), verifies: verifyNote },
      signal: AbortSignal.timeout(60_000),
    },
  )
}
