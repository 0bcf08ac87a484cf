// A scenario as it is written: who asks what in which order, what must come of it, and what the log then tells.

import { dirname, resolve } from 'node:path'
import { Type, type Static } from 'typebox'
import { closed, Name, oneOf, OpenObject } from '../../service/contract/digest.ts'
import { Effect, HoldKind } from '../../service/contract/policy-result.ts'
import { Direction, Phase } from '../../service/contract/query.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { readPositioned, type PositionedDocument } from '../policy/positioned-document.ts'
import type { Remark } from '../policy/remark.ts'

const Names = Type.Array(Name)

/** Who may ask and vote: by the groups of a token, through an agent. */
export const Person = Type.Object(
  { groups: Type.Optional(Names), agent: Type.Optional(Name) },
  closed,
)
export type Person = Static<typeof Person>

/** What a purpose grant gives; what is left out is what the registry gives its purpose, and every capability. */
export const Grant = Type.Object(
  {
    capabilities: Type.Optional(Names),
    classifications: Type.Optional(Names),
    directions: Type.Optional(Type.Array(Direction)),
    resources: Type.Optional(Names),
  },
  closed,
)
export type Grant = Static<typeof Grant>

/** An effect alone, or all that is looked at; what is left out is not looked at. */
export const Wanted = Type.Union([
  Effect,
  Type.Object(
    {
      effect: Effect,
      codes: Type.Optional(Names),
      hold: Type.Optional(HoldKind),
      obligations: Type.Optional(Names),
    },
    closed,
  ),
])
export type Wanted = Static<typeof Wanted>

const named = { name: Type.Optional(Name) }

export const AskStep = Type.Object(
  {
    ...named,
    /** `<server>/<capability key>`. */
    ask: Name,
    phase: Type.Optional(Phase),
    as: Type.Optional(Name),
    with: Type.Optional(OpenObject),
    /** Members that are served otherwise than they were reviewed. */
    served: Type.Optional(OpenObject),
    purpose: Type.Optional(Name),
    grant: Type.Optional(Grant),
    /** The workflow's name here: its id is what the first answer gives; `none` sends none, `wf_…` is sent as it is. */
    workflow: Type.Optional(Name),
    /** The step whose decision it comes from. */
    from: Type.Optional(Name),
    /** `both`: the first and the second by turns. */
    gateway: Type.Optional(oneOf(['first', 'second', 'elsewhere', 'both'])),
    tenant: Type.Optional(oneOf(['dev', 'other'])),
    round: Type.Optional(Type.Integer({ minimum: 0 })),
    sampling: Type.Optional(OpenObject),
    elicitation: Type.Optional(OpenObject),
    /** What an answered input answers. */
    asked: Type.Optional(OpenObject),
    result: Type.Optional(OpenObject),
    /** How often, all at once; then `want` counts effects. */
    times: Type.Optional(Type.Integer({ minimum: 2, maximum: 64 })),
    want: Type.Union([Wanted, Type.Record(Type.String(), Type.Integer({ minimum: 0 }))]),
  },
  closed,
)
export type AskStep = Static<typeof AskStep>

export const ReportStep = Type.Object(
  { ...named, report: Name, status: oneOf(['executed', 'failed', 'suppressed']) },
  closed,
)
export const VoteStep = Type.Object(
  {
    ...named,
    /** The step that was held. */
    vote: Name,
    by: Name,
    verdict: Type.Optional(oneOf(['approve', 'deny'])),
    /** The code of the problem with which it is refused. */
    refused: Type.Optional(Name),
  },
  closed,
)
export type VoteStep = Static<typeof VoteStep>

export const StopStep = Type.Object({ ...named, stop: OpenObject }, closed)
export const LiftStep = Type.Object({ ...named, lift: Name }, closed)
export const RestartStep = Type.Object({ ...named, restart: Type.Literal(true) }, closed)

const steps = {
  ask: AskStep,
  report: ReportStep,
  vote: VoteStep,
  stop: StopStep,
  lift: LiftStep,
  restart: RestartStep,
} as const
export type Step = Static<(typeof steps)[keyof typeof steps]>

export const ScenarioFile = Type.Object(
  {
    scenario: Name,
    why: Type.String({ minLength: 1 }),
    /** A file beside this one. */
    registry: Name,
    people: Type.Optional(Type.Record(Type.String(), Person)),
    /** What a step that does not say otherwise asks for. */
    purpose: Name,
    steps: Type.Array(Type.Object({}), { minItems: 1, maxItems: 256 }),
    /** What the log then tells, entry by entry. */
    timeline: Names,
  },
  closed,
)
type Written = Static<typeof ScenarioFile>

export type Scenario = Omit<Written, 'steps' | 'registry'> & {
  readonly file: string
  /** An absolute path. */
  readonly registry: string
  readonly steps: readonly Step[]
  readonly lines: readonly number[]
}

const members = Object.keys(ScenarioFile.properties).join(', ')
const check = compileChecker(ScenarioFile, { allErrors: true })
const checkStep = Object.fromEntries(
  Object.entries(steps).map(([kind, schema]) => [
    kind,
    compileChecker(schema, { allErrors: true }),
  ]),
)

/** The scenario of a file, or all that is wrong with it. @throws PdpError `usage` when it cannot be read. */
export function readScenario(file: string): Scenario | readonly Remark[] {
  const document = readPositioned(file, 'a scenario: a YAML file')
  if (!('placeOf' in document)) return document
  if (
    typeof document.value !== 'object' ||
    document.value === null ||
    Array.isArray(document.value)
  )
    return [fault(document, '', `this is no scenario; name a YAML file with ${members}`)]
  const checked = check(document.value)
  if (!checked.ok)
    return checked.faults.map(({ pointer, reason }) => fault(document, pointer, reason))
  const written = checked.value
  const faults = [
    ...written.steps.flatMap((step, at) => stepFaults(document, step, `/steps/${at}`)),
    ...referenceFaults(document, written),
  ]
  if (faults.length > 0) return faults
  const { steps: all, registry, ...rest } = written
  return {
    ...rest,
    file,
    registry: resolve(dirname(file), registry),
    steps: all as readonly Step[],
    lines: all.map((_, at) => document.placeOf(`/steps/${at}`).line),
  }
}

function stepFaults(document: PositionedDocument, step: object, at: string): readonly Remark[] {
  const kinds = Object.keys(steps).filter((kind) => Object.hasOwn(step, kind))
  const [kind = ''] = kinds
  const checker = kinds.length === 1 ? checkStep[kind] : undefined
  if (checker === undefined)
    return [fault(document, at, `a step has exactly one of ${Object.keys(steps).join(', ')}`)]
  const checked = checker(step)
  if (checked.ok) return []
  return checked.faults.map(({ pointer, reason }) => fault(document, `${at}${pointer}`, reason))
}

/** A step speaks of steps before it, by name or by number. */
function referenceFaults(document: PositionedDocument, { steps: all }: Written): readonly Remark[] {
  const known = new Set<string>()
  return all.flatMap((step, at) => {
    const { name = String(at + 1), report, vote, lift, from } = step as Record<string, string>
    const missing = [report, vote, lift, from].filter(
      (other): other is string => typeof other === 'string' && !known.has(other),
    )
    known.add(name)
    return missing.map((other) =>
      fault(document, `/steps/${at}`, `there is no step "${other}" before this one: name one`),
    )
  })
}

function fault(document: PositionedDocument, at: string, reason: string): Remark {
  const message = at === '' ? reason : `${at}: ${reason}`
  return { ...document.placeOf(at), severity: 'error', code: 'scenario.file', message }
}
