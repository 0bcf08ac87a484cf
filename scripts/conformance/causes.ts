// Why cases of the suite do not pass although the host has the builtins that they need, by their name. What the
// host refuses on purpose, service/adapter/policy-engine/builtin/refused-builtins.ts says.

interface Cause {
  readonly pattern: RegExp
  readonly cause: string
}

export const causes: readonly Cause[] = [
  {
    pattern: /strings\/format_int: bignum exact/,
    cause: "OPA's own format_int for WebAssembly holds 64 bits and aborts beyond them",
  },
]
