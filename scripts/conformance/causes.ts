// Why cases of the suite do not pass although the host has the builtins that they need, by their name. What the
// host refuses on purpose, service/adapter/policy-engine/builtin/refused-builtins.ts says.

interface Cause {
  readonly pattern: RegExp
  readonly cause: string
}

export const causes: readonly Cause[] = []
