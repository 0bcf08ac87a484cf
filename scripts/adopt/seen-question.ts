// One recorded question, as far as it may stand for a purpose: what was proven, and what the registry itself derived.
// An attacker's questions are among those that were recorded, too.

import type { DataScope, PolicyInput } from '../../service/contract/policy-input.ts'
import type { Query } from '../../service/contract/query.ts'
import { deriveScope } from '../../service/decision/derive-scope.ts'
import { quoted } from './shown.ts'

export interface SeenQuestion {
  readonly code: string
  /** The purpose was issued; otherwise only an agent named it. */
  readonly isIssued: boolean
  /** `<server>/<capability key>`, as a grant names it. */
  readonly capability: string
  readonly initiator: string
  /** Derived by the registry, without what the caller claimed beside it. */
  readonly scope: DataScope
  /** What only the caller claimed. */
  readonly claimed: readonly string[]
  /** Resources that say nothing of what was asked: as the beginning of a text they would cover any. */
  readonly bare: readonly string[]
  readonly asksPerson: boolean
  readonly borrowsModel: boolean
}

/** Names that a grant can hold and a person can read; `*` would stand for more than was seen. */
const readableCode = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/u
const readableCapability = /^[\x21-\x29\x2B-\x7E]{1,256}$/u

/** A text says why it stands for nothing. */
export function seenQuestion(input: PolicyInput): SeenQuestion | string {
  const { question, registry, verified, attested, asserted } = input
  if (verified.initiator.grade === 'none' || verified.server.grade === 'none')
    return 'were asked without proof of the initiator or the server'
  if (registry.capability === null)
    return `were about what is not registered, such as ${quoted(question.key)} of ${quoted(question.server_id)}: adopt the server first`
  const code = attested.purpose?.code ?? asserted.purpose_code
  if (code === null) return 'name no purpose: say what they are for'
  if (!readableCode.test(code))
    return `name a purpose that nobody can read, such as ${quoted(code)}`
  const capability = `${question.server_id}/${question.key}`
  if (!readableCapability.test(capability))
    return `are for a capability that a grant cannot name alone, such as ${quoted(capability)}`
  const scope = deriveScope(unclaimed(input), registry.capability)
  if (scope.unresolved.length > 0)
    return 'have a data scope that could not be derived: mend the rules of the capability'
  return {
    ...{ code, capability, scope, isIssued: attested.purpose !== null },
    initiator: JSON.stringify([verified.initiator.iss, verified.initiator.sub]),
    claimed: claimedIn(question.data_scope, scope),
    bare: bareResources(input),
    asksPerson: question.elicitation !== null,
    borrowsModel: question.sampling !== null,
  }
}

/** The same question, asked without a claim about its data. */
function unclaimed({ question }: PolicyInput): Query {
  const { phase, kind, uri, method, server_id: id, protocol_version: version } = question
  return {
    phase,
    server: { id },
    protocol: { method, version },
    capability: { kind, arguments: question.arguments, ...(uri === null ? {} : { uri }) },
    ...(phase === 'result' ? { result: question.content as NonNullable<Query['result']> } : {}),
  }
}

function claimedIn(all: DataScope, derived: DataScope): readonly string[] {
  const members = ['classifications', 'resources', 'residency', 'directions'] as const
  return members.flatMap((member) => {
    const known = new Set<string>(derived[member])
    return all[member].filter((one) => !known.has(one))
  })
}

function bareResources({ registry }: PolicyInput): readonly string[] {
  return (registry.capability?.data_scope ?? [])
    .flatMap(({ add }) => add.resources ?? [])
    .filter((template) => template.includes('{value}'))
    .map((template) => template.slice(0, template.indexOf('{value}')))
}
