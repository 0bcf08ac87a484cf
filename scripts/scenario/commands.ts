// The commands of `countersign scenario`.

import type { Command } from '../command/command.ts'
import { run } from './run.ts'

export const scenarioCommands: readonly Command[] = [run]
