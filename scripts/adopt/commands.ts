// The commands of `countersign adopt`, in the order of their help.

import type { Command } from '../command/command.ts'
import { server } from './server.ts'
import { traffic } from './traffic.ts'

export const adoptCommands: readonly Command[] = [server, traffic]
