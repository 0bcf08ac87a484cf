/** Builtins that no policy here may call, whatever the host could do, and what a policy does instead. */

const reaches = 'policy does not reach out: facts come in the input'

export const refusedBuiltins: ReadonlyMap<string, string> = new Map([
  ['http.send', reaches],
  ['net.lookup_ip_addr', reaches],
  ['opa.runtime', 'policy does not read the environment: parameters are data'],
])
