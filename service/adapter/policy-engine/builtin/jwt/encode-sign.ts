/** `io.jwt.encode_sign` and `_raw`: a compact JWT, signed with the first key of a JWK set. */
import { BuiltinError, type Builtin, type BuiltinContext } from '../../rego-value.ts'
import { failing } from '../failing.ts'
import { goJson } from '../go-json.ts'
import { textOperand } from '../operand.ts'
import { algorithms } from './algorithm.ts'
import { readJwks } from './key.ts'
import { signatureOf } from './sign.ts'

export const encodeSign: Builtin = (context, header, payload, key) =>
  encoded(context, { header: goJson(header), payload: goJson(payload), key: goJson(key) })

export const encodeSignRaw: Builtin = (context, header, payload, key) =>
  encoded(context, {
    header: textOperand(header),
    payload: textOperand(payload),
    key: textOperand(key),
  })

type Parts = { readonly header: string; readonly payload: string; readonly key: string }

function encoded(context: BuiltinContext, { header, payload, key }: Parts): string {
  const [first] = readJwks(key)
  if (first === undefined) throw new BuiltinError('there is no key')
  const { alg, typ = 'JWT' } = membersOf(failing(() => JSON.parse(header) as unknown))
  const algorithm = algorithms.get(String(alg))
  if (algorithm === undefined) throw new BuiltinError('the header names no known algorithm')
  if (typeof typ !== 'string' || typ === 'JWT') failing(() => JSON.parse(payload) as unknown)
  const signed = [header, payload].map((part) => Buffer.from(part).toString('base64url')).join('.')
  const signature = failing(() => signatureOf(algorithm, first.key, signed, context.seed()))
  return `${signed}.${signature.toString('base64url')}`
}

function membersOf(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null) return json as Readonly<Record<string, unknown>>
  throw new BuiltinError('the header is a JSON object')
}
