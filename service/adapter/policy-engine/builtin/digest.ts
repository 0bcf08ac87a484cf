/** `crypto.*` over the UTF-8 bytes of strings: digests and HMACs, as hexadecimal digits. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Builtin, Builtins } from '../rego-value.ts'
import { textOperand } from './operand.ts'

const digest =
  (algorithm: string): Builtin =>
  (_context, text) =>
    createHash(algorithm).update(textOperand(text)).digest('hex')

const hmac =
  (algorithm: string): Builtin =>
  (_context, message, key) =>
    createHmac(algorithm, textOperand(key)).update(textOperand(message)).digest('hex')

const equal: Builtin = (_context, one, other) => {
  const [a, b] = [Buffer.from(textOperand(one)), Buffer.from(textOperand(other))]
  return a.length === b.length && timingSafeEqual(a, b)
}

export const digestBuiltins: Builtins = {
  'crypto.hmac.equal': equal,
  'crypto.hmac.md5': hmac('md5'),
  'crypto.hmac.sha1': hmac('sha1'),
  'crypto.hmac.sha256': hmac('sha256'),
  'crypto.hmac.sha512': hmac('sha512'),
  'crypto.md5': digest('md5'),
  'crypto.sha1': digest('sha1'),
  'crypto.sha256': digest('sha256'),
}
