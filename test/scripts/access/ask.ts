/** What the tests of `countersign access` ask by: bundles with persons in their groups, and the command in this process. */
import { rmSync } from 'node:fs'
import { afterAll } from '@jest/globals'
import { accessCommands } from '../../../scripts/access/commands.ts'
import type { Outcome } from '../../../scripts/command/command.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import { runHere } from '../../support/in-process.ts'
import { registryCopy, releasedBundles } from '../../support/released-bundles.ts'

export const iss = 'https://idp.dev.countersign.test'
export const agent = 'https://agent.dev.countersign.test/client.json'

export type Printed = {
  readonly initiator: {
    readonly sub: string | null
    readonly groups: readonly string[]
    readonly through: string | null
    readonly alone: boolean
  }
  readonly server: string
  readonly capability: string
  readonly purpose: string | null
  readonly grant: { readonly id: string } | null
  readonly effect: string
  readonly answered: string
  readonly codes: readonly string[]
  readonly hold?: object
  readonly waived_by: readonly string[]
  readonly observed_by: readonly string[]
  readonly rests_on: {
    readonly initiator: string
    readonly server: string
    readonly grant: boolean
    readonly groups: readonly (readonly string[])[]
    readonly grounds: readonly string[]
  } | null
}

const folders: string[] = []
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})

/** alice is in sre and staff, dan in staff alone. */
export function registryWithPersons(): Registry {
  const registry = registryCopy()
  registry.groups['sre'] = [{ iss, sub: 'alice' }]
  registry.groups['staff'] = [
    { iss, sub: 'alice' },
    { iss, sub: 'dan' },
  ]
  return registry
}

export function bundlesOf(change: (registry: Registry) => void = () => undefined): string {
  const registry = registryWithPersons()
  change(registry)
  const { directory } = releasedBundles(registry)
  folders.push(directory)
  return directory
}

type Asked = Outcome & {
  readonly answers: readonly Printed[]
  readonly assumed: readonly string[]
}

export async function ask(bundles: string, ...given: readonly string[]): Promise<Asked> {
  const ran = await runHere(accessCommands, [...given, '--bundle', bundles, '--at', '2026-10-31'])
  const { answers, assumed } = ran.json as {
    readonly answers: readonly Printed[]
    readonly assumed: readonly string[]
  }
  return { ...ran, answers, assumed }
}

/** The answers that concern a person through the registered agent, for one purpose. */
export function through(
  answers: readonly Printed[],
  sub: string,
  purpose = 'incident.restore',
): Printed {
  const found = answers.find(
    (one) =>
      one.initiator.sub === sub && one.initiator.through === agent && one.purpose === purpose,
  )
  if (found === undefined) throw new Error(`nobody asked for ${sub}`)
  return found
}
