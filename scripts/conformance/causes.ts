// Why cases of the suite do not pass, by the builtin that they need or by their name.

interface Causes {
  readonly refused: Readonly<Record<string, string>>
  readonly known: readonly { readonly pattern: RegExp; readonly cause: string }[]
}

export const causes: Causes = {
  refused: {
    'http.send': 'policy does not reach out: facts come in the input',
    'net.lookup_ip_addr': 'policy does not reach out: facts come in the input',
    'opa.runtime': 'policy does not read the environment: parameters are data',
  },
  known: [],
}
