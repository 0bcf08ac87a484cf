// Commands that take options alone.

import { type Call, usage } from './command.ts'

/** @throws PdpError `usage`. */
export function noPositional({ positionals }: Call): void {
  const [first] = positionals
  if (first !== undefined) throw usage(`${first}: there are no arguments but options; see --help.`)
}
