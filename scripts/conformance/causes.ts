// Why cases of the suite do not pass although the host has the builtins that they need, by their name. What the
// host refuses on purpose, service/adapter/policy-engine/builtin/refused-builtins.ts says.

interface Cause {
  readonly pattern: RegExp
  readonly cause: string
}

export const causes: readonly Cause[] = [
  {
    pattern: / dataderef\/data\/(?:toplevel|nested) integer$/,
    cause:
      'OPA reads data by a path of texts, so data[2] finds the key "2"; in a module a number is no key of that object',
  },
  {
    pattern: / jsonbuiltins\/jsonbuiltins\/unmarshal number (?:beyond|with too big)/,
    cause: "the module's own json.unmarshal takes an exponent of any size",
  },
  {
    pattern: / strings\/strings\/format_int: bignum exact/,
    cause:
      "the module's own format_int holds 32 bits and aborts beyond them: a fault, which denies",
  },
  {
    pattern: / regoparsemodule\//,
    cause: 'the engine has no parser of Rego: policy is parsed when it is compiled',
  },
  {
    pattern: / rendertemplate\//,
    cause:
      "strings.render_template speaks Go's text/template, a language of its own: policy gives codes, not prose",
  },
]
