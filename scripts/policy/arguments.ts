// Arguments that many commands take, read with one message each for what is missing.

import { type Call, usage } from '../command/command.ts'

/** @throws PdpError `usage`. */
export function onlyPositional({ positionals }: Call, what: string): string {
  const [only, ...more] = positionals
  if (only === undefined) throw usage(`Name ${what}.`)
  if (more.length > 0) throw usage(`There are too many arguments: name ${what}, and no more.`)
  return only
}

/** An option that must be there. @throws PdpError `usage`. */
export function text({ values }: Call, name: string, what: string): string {
  const value = values[name]
  if (typeof value === 'string' && value !== '') return value
  throw usage(`Name ${what} with --${name}.`)
}

export function texts({ values }: Call, name: string): readonly string[] {
  const value = values[name]
  return typeof value === 'object' ? value : []
}

export function optionalText({ values }: Call, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** A whole number that is not negative. @throws PdpError `usage`. */
export function optionalCount({ values }: Call, name: string): number | undefined {
  const value = values[name]
  if (value === undefined) return undefined
  if (typeof value === 'string' && /^(?:0|[1-9]\d{0,14})$/u.test(value)) return Number(value)
  throw usage(`--${name} ${String(value)}: write a whole number that is not negative.`)
}
