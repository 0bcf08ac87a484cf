/**
 * What a builtin may know of its query: the time and the name that the input itself says. So a recorded
 * input is judged again as it was, whatever the clock of the day. The input is only read if a builtin asks.
 */
import type { BuiltinContext } from './rego-value.ts'

/** @param input JSON text with `now` (seconds since the epoch) and `decision_id` at the top, or neither. */
export function contextOf(input: string | null): BuiltinContext {
  let known: { readonly now: bigint; readonly seed: string } | null = null
  const read = (): { readonly now: bigint; readonly seed: string } => (known ??= parsed(input))
  return { nowNs: () => read().now, seed: () => read().seed }
}

function parsed(input: string | null): { readonly now: bigint; readonly seed: string } {
  const value = (input === null ? null : JSON.parse(input)) as unknown
  const members = (typeof value === 'object' ? value : null) as Readonly<
    Record<string, unknown>
  > | null
  const { now, decision_id: id } = members ?? {}
  return {
    now: Number.isSafeInteger(now) ? BigInt(now as number) * 1_000_000_000n : 0n,
    seed: typeof id === 'string' ? id : '',
  }
}
