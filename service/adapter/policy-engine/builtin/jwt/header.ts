/** The parameters of a JOSE header that count for verification (RFC 7515 section 4.1). */
import { BuiltinError, type RegoObject, type RegoValue } from '../../rego-value.ts'

export type Header = {
  /** Empty if there is none; so are the others. */
  readonly alg: string
  readonly kid: string
  readonly cty: string
  /** Without `crit` that names what nobody here understands, and with an algorithm. */
  readonly isSound: boolean
}

const known = ['alg', 'kid', 'typ', 'cty', 'crit']

/** @throws BuiltinError when a parameter is of the wrong kind */
export function readHeader(members: RegoObject): Header {
  const [alg, kid, cty] = [text(members, 'alg'), text(members, 'kid'), text(members, 'cty')]
  text(members, 'typ')
  const foreign = criticalNames(members.get('crit')).filter(
    (name) => !known.includes(name) && members.get(name) !== undefined,
  )
  return { alg, kid, cty, isSound: alg !== '' && foreign.length === 0 }
}

function text(members: RegoObject, name: string): string {
  const value = members.get(name) ?? ''
  if (typeof value !== 'string') throw new BuiltinError(`${name} is a string`)
  return value
}

function criticalNames(crit: RegoValue | undefined): readonly string[] {
  if (crit === undefined) return []
  const names = Array.isArray(crit) ? (crit as readonly RegoValue[]) : []
  if (typeof names[0] !== 'string') throw new BuiltinError('crit is a list of names')
  return names.filter((name) => typeof name === 'string')
}
