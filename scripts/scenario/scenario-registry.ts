// The registry of scenarios: as it is released, but with definitions written out, so that each is pinned to what is served.

import { Registry } from '../../service/contract/registry.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { digestOf } from '../../service/statement/digest.ts'
import { readPositioned } from '../policy/positioned-document.ts'
import type { Remark } from '../policy/remark.ts'

export type ScenarioRegistry = {
  readonly registry: Registry
  /** By `<server>/<key>`: what is served. */
  readonly definitions: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}

type Written = {
  readonly servers?: Readonly<
    Record<string, { readonly capabilities?: Readonly<Record<string, object>> }>
  >
}

const check = compileChecker(Registry, { allErrors: true })

/** @throws PdpError `usage` when it cannot be read. */
export function readScenarioRegistry(file: string): ScenarioRegistry | readonly Remark[] {
  const document = readPositioned(file, 'a registry: a YAML or JSON file')
  if (!('placeOf' in document)) return document
  const definitions = new Map<string, Readonly<Record<string, unknown>>>()
  const checked = check(pinned(document.value, definitions))
  if (checked.ok) return { registry: checked.value, definitions }
  return checked.faults.map(({ pointer, reason }) => ({
    ...document.placeOf(pointer),
    ...{ severity: 'error', code: 'scenario.registry', message: `${pointer}: ${reason}` },
  }))
}

function pinned(
  value: unknown,
  definitions: Map<string, Readonly<Record<string, unknown>>>,
): unknown {
  const { servers } = value as Written
  if (typeof servers !== 'object') return value
  const pinnedServers = Object.entries(servers).map(([id, server]) => {
    const capabilities = Object.entries(server.capabilities ?? {}).map(([key, capability]) => {
      const { definition, ...rest } = capability as { readonly definition?: unknown }
      if (typeof definition !== 'object' || definition === null) return [key, capability] as const
      const served = { name: key.replace(/^[a-z]+:/u, ''), ...definition }
      definitions.set(`${id}/${key}`, served)
      return [key, { ...rest, definition_digest: digestOf('definition', served) }] as const
    })
    return [id, { ...server, capabilities: Object.fromEntries(capabilities) }] as const
  })
  return { ...(value as object), servers: Object.fromEntries(pinnedServers) }
}
