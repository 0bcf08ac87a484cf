/** The constraints of `io.jwt.decode_verify`: one kind of key, and what the token must say. */
import { createSecretKey } from 'node:crypto'
import {
  BuiltinError,
  type BuiltinContext,
  type RegoObject,
  type RegoValue,
} from '../../rego-value.ts'
import { objectOperand } from '../operand.ts'
import { type JwtKey, verificationKeys } from './key.ts'

export type Constraints = {
  readonly keys: readonly JwtKey[]
  /** Empty: any that fits the key. */
  readonly alg: string
  /** Empty: any. */
  readonly iss: string
  /** Empty: the token must be for no audience. */
  readonly aud: string
  /** Since the epoch: what `time` says, else the query's own time. */
  readonly seconds: number
}

const names: readonly RegoValue[] = ['alg', 'aud', 'cert', 'iss', 'secret', 'time']

/** @throws BuiltinError */
export function readConstraints(context: BuiltinContext, operand: RegoValue): Constraints {
  const given = objectOperand(operand)
  if (given.entries.some(([name]) => !names.includes(name)))
    throw new BuiltinError('there is a constraint that is not known')
  return {
    keys: keysOf(given),
    alg: text(given, 'alg') ?? '',
    iss: text(given, 'iss') ?? '',
    aud: text(given, 'aud') ?? '',
    seconds: nanosecondsOf(given.get('time') ?? context.nowNs()) / 1e9,
  }
}

/** A secret has no algorithm of its own: that of the header, if it is an HMAC. */
function keysOf(given: RegoObject): readonly JwtKey[] {
  const [cert, secret = ''] = [text(given, 'cert'), text(given, 'secret')]
  if ((cert === undefined) === (secret === ''))
    throw new BuiltinError('there must be either a cert or a secret')
  if (cert !== undefined) return verificationKeys(cert)
  return [{ key: createSecretKey(secret, 'utf8'), algorithm: '', id: '' }]
}

function text(given: RegoObject, name: string): string | undefined {
  const value = given.get(name)
  if (value === undefined || typeof value === 'string') return value
  throw new BuiltinError(`${name} must be a string`)
}

function nanosecondsOf(value: RegoValue): number {
  const time = typeof value === 'bigint' ? Number(value) : value
  if (typeof time === 'number' && time >= 0 && Number.isFinite(time)) return time
  throw new BuiltinError('time is a number of nanoseconds since the epoch')
}
