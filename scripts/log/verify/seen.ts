// The last checkpoint that this auditor saw, in a file of his own: what a single export cannot show, two can. A log that was
// cut back, or that now tells another story of the same entries, is found out here.

import { sameHash } from '../../../service/audit/merkle.ts'
import type { NoteKey } from '../../../service/audit/note-key.ts'
import { usage } from '../../command/command.ts'
import { kindOf, readGiven } from '../../command/read-file.ts'
import { LogFault } from '../log-fault.ts'
import { readCheckpoint, type SignedCheckpoint } from '../read/published-log.ts'
import { checkCheckpoint } from './checkpoint-check.ts'
import { hex } from './tree-check.ts'

/** Null when none was seen yet. @throws PdpError `usage`. */
export function readSeen(file: string | undefined): SignedCheckpoint | null {
  if (file === undefined || kindOf(file) === 'absent') return null
  const what = 'the checkpoint that was seen last'
  const seen = readCheckpoint(Buffer.from(readGiven(file, what)).toString())
  if (seen !== null) return seen
  throw usage(`${file} is no signed checkpoint: name ${what}, or a file that is not there yet.`)
}

/** Before the entries are read. @throws LogFault */
export function checkNotCutBack(seen: SignedCheckpoint, now: SignedCheckpoint, key: NoteKey): void {
  checkCheckpoint(seen, key, 'the checkpoint that was seen before')
  if (seen.size <= now.size) return
  throw new LogFault({
    ...{ check: 'seen', file: 'checkpoint' },
    expected: `${String(seen.size)} entries or more, as were seen before`,
    found: `${String(now.size)}: the log was cut back`,
  })
}

/** @param root over as many entries as were seen. @throws LogFault */
export function checkSameStory(
  { size, root: seen }: SignedCheckpoint,
  root: Uint8Array | null,
): void {
  if (root !== null && sameHash(root, seen)) return
  throw new LogFault({
    ...{ check: 'seen', file: 'checkpoint' },
    expected: `the root ${hex(seen)} over the first ${String(size)} entries, as was seen before`,
    found: root === null ? 'none' : `${hex(root)}: the log was rewritten`,
  })
}
