// The groups of commands, `countersign <group> <command>`.

import type { Command } from './command.ts'

/** Loaded one by one: a command starts without what the others need. */
export const groups: Readonly<Record<string, () => Promise<readonly Command[]>>> = {
  access: async () => (await import('../access/commands.ts')).accessCommands,
  adopt: async () => (await import('../adopt/commands.ts')).adoptCommands,
  bundle: async () => (await import('../bundle/commands.ts')).bundleCommands,
  identity: async () => (await import('../identity/commands.ts')).identityCommands,
  keys: async () => (await import('../keys/commands.ts')).keysCommands,
  log: async () => (await import('../log/commands.ts')).logCommands,
  pep: async () => (await import('../pep/commands.ts')).pepCommands,
  policy: async () => (await import('../policy/commands.ts')).policyCommands,
  scenario: async () => (await import('../scenario/commands.ts')).scenarioCommands,
  stop: async () => (await import('../stop/commands.ts')).stopCommands,
}
