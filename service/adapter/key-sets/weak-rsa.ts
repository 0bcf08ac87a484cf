/**
 * RSA keys that are too weak to trust: short or huge moduli, odd exponents out, and keys of the ROCA flaw
 * (CVE-2017-15361), whose primes are known by their residues modulo small primes.
 */
import type { KeyObject } from 'node:crypto'

const smallPrimes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101,
  103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
].map((prime) => ({ prime, residues: powersOf65537(prime) }))

/** What is wrong with a public RSA key, or null. */
export function weaknessOf(key: KeyObject, modulus: Uint8Array): string | null {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < 2048 || modulusLength > 8192)
    return 'the RSA modulus must have 2048 to 8192 bits'
  if (publicExponent < 65537n || publicExponent % 2n === 0n) {
    return 'the RSA exponent must be odd and at least 65537'
  }
  return hasRocaFingerprint(modulus) ? 'the RSA key has the ROCA flaw: replace it' : null
}

/** A flawed library makes every prime a power of 65537 modulo each of the small primes, and so every modulus. */
function hasRocaFingerprint(modulus: Uint8Array): boolean {
  return smallPrimes.every(({ prime, residues }) =>
    residues.has(modulus.reduce((remainder, byte) => (remainder * 256 + byte) % prime, 0)),
  )
}

function powersOf65537(prime: number): ReadonlySet<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * 65537) % prime) powers.add(power)
  return powers
}
