// The commands of `countersign log`, in the order of their help: what an auditor runs on a log, without a server, and
// what an operator does with one.

import type { Command } from '../command/command.ts'
import { archive } from './archive/archive.ts'
import { evidence } from './evidence/evidence.ts'
import { exportLog } from './export/export.ts'
import { disclose } from './disclose/disclose.ts'
import { erase } from './erase/erase.ts'
import { holds } from './holds/holds.ts'
import { impact } from './impact/impact.ts'
import { prune } from './prune/prune.ts'
import { reindex } from './reindex/reindex.ts'
import { replay } from './replay/replay.ts'
import { reconstruct } from './reconstruct/reconstruct.ts'
import { tail } from './tail/tail.ts'
import { verify } from './verify/verify.ts'

export const logCommands: readonly Command[] = [
  exportLog,
  verify,
  reconstruct,
  replay,
  impact,
  evidence,
  holds,
  tail,
  disclose,
  erase,
  reindex,
  archive,
  prune,
]
