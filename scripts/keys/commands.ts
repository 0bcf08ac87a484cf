// The commands of `countersign keys`.

import type { Command } from '../command/command.ts'
import { backup, restore } from './backup.ts'
import { combine, generate, split } from './bundle-keys.ts'
import { list, revoke, rotate } from './running-keys.ts'
import { serve } from './serve.ts'

export const keysCommands: readonly Command[] = [
  list,
  rotate,
  revoke,
  serve,
  backup,
  restore,
  generate,
  split,
  combine,
]
