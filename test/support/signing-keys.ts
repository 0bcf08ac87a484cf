/** A key pair of each algorithm that may sign a bundle, as PEM files in one folder. */
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const pairs = {
  EdDSA: () => generateKeyPairSync('ed25519'),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
export type Algorithm = keyof typeof pairs
export const algorithms = Object.keys(pairs) as Algorithm[]

/** Writes `<name>.pem` and `<name>.pub`. */
export function writeKeyPair(folder: string, name: string, algorithm: Algorithm): void {
  const { publicKey, privateKey } = pairs[algorithm]()
  const format = 'pem'
  writeFileSync(join(folder, `${name}.pub`), publicKey.export({ type: 'spki', format }))
  writeFileSync(join(folder, `${name}.pem`), privateKey.export({ type: 'pkcs8', format }))
}
