// Where a Rego test failed, from the trace that `opa test --var-values --format json` gives of it: the expression of its
// body that nothing satisfied, and, where that compares two values, how they differ.

import type { Term } from '../bundles/rego-module.ts'
import { differenceOfValues, textOf, valueOf } from './rego-value.ts'

export interface TraceEvent {
  readonly Op: string
  readonly Node: unknown
  readonly Location: { readonly row: number }
  readonly QueryID: number
  readonly ParentID: number
  readonly Locals: readonly (Term & { readonly name: string })[] | null
  readonly LocalMetadata: Readonly<Record<string, { readonly name: string }>>
}

export interface FailedExpression {
  /** The line of the expression. */
  readonly line: number
  /** One line for each place that differs, as golden cases have it; or what the author's variables were. */
  readonly difference: readonly string[]
}

/** Null when the trace does not tell. */
export function failedExpression(trace: readonly TraceEvent[]): FailedExpression | null {
  // The outermost query asks for the test; its children are the test's own bodies. The last one tried is told.
  const failed = trace.findLast(
    ({ Op, QueryID, ParentID }) => Op === 'Fail' && ParentID === 0 && QueryID !== 0,
  )
  if (failed === undefined) return null
  const bound = new Map((failed.Locals ?? []).map((one) => [one.name, one]))
  const compared = comparison(failed.Node, bound)
  const difference =
    compared === null ? variables(failed, bound) : differenceOfValues(compared.wanted, compared.got)
  return { line: failed.Location.row, difference }
}

interface Comparison {
  readonly wanted: Term
  readonly got: Term
}

/** What is written out is wanted; where neither or both are, it is what stands at the right. */
function comparison(node: unknown, bound: ReadonlyMap<string, Term>): Comparison | null {
  const { terms, negated = false } = node as { terms?: unknown; negated?: boolean }
  const [operator, left, right] = Array.isArray(terms) ? (terms as readonly Term[]) : []
  if (negated || left === undefined || right === undefined || !isEqual(operator)) return null
  const [one, other] = [valueOf(left, bound), valueOf(right, bound)]
  if (one === null || other === null) return null
  const isLeftWanted = left.type !== 'var' && right.type === 'var'
  return isLeftWanted ? { wanted: one, got: other } : { wanted: other, got: one }
}

function isEqual(operator: Term | undefined): boolean {
  const [name] = (operator?.value ?? []) as readonly Term[]
  return name?.value === 'eq' || name?.value === 'equal'
}

/** Those that the author named; OPA's own say nothing to anybody. */
function variables(
  { LocalMetadata: names }: TraceEvent,
  bound: ReadonlyMap<string, Term>,
): readonly string[] {
  return [...bound].flatMap(([name, term]) => {
    const written = names[name]?.name ?? name
    const value = valueOf(term, bound)
    return value === null || /^(?:__|\$|_$)/u.test(written) ? [] : [`${written} = ${textOf(value)}`]
  })
}
