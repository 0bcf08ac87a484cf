/** `semver.*` (OPA's internal/semver): a leading `v` is allowed; major, minor and patch are 64-bit integers. */
import { BuiltinError, compareTexts, type Builtins, type RegoValue } from '../rego-value.ts'
import { textOperand } from './operand.ts'

type Version = { readonly numbers: readonly bigint[]; readonly preRelease: string }

const numeric = /^(?:0|[1-9]\d*)$/
const identifiers = /^[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*$/
const greatest = 2n ** 63n - 1n

export const semverBuiltins: Builtins = {
  'semver.compare': (_context, a, b) => compareVersions(versionOf(a), versionOf(b)),
  'semver.is_valid': (_context, version) =>
    typeof version === 'string' && parseVersion(version) !== null,
}

function versionOf(value: RegoValue): Version {
  const version = parseVersion(textOperand(value))
  if (version === null) throw new BuiltinError('this is no semantic version')
  return version
}

function parseVersion(text: string): Version | null {
  const [withoutMetadata, metadata] = cut(text.replace(/^v/, ''), '+')
  const [core, preRelease] = cut(withoutMetadata, '-')
  const numbers = core.split('.')
  const isValid =
    numbers.length === 3 &&
    numbers.every((number) => numeric.test(number) && BigInt(number) <= greatest) &&
    (metadata === null || identifiers.test(metadata)) &&
    (preRelease === null || isPreRelease(preRelease))
  return isValid ? { numbers: numbers.map(BigInt), preRelease: preRelease ?? '' } : null
}

/** Numeric identifiers have no leading zeros. */
function isPreRelease(text: string): boolean {
  return (
    identifiers.test(text) &&
    text.split('.').every((part) => !/^\d+$/.test(part) || numeric.test(part))
  )
}

function cut(text: string, mark: string): readonly [string, string | null] {
  const at = text.indexOf(mark)
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)]
}

/** Precedence by https://semver.org/#spec-item-11; metadata counts for nothing. */
function compareVersions(a: Version, b: Version): number {
  for (const [i, number] of a.numbers.entries()) {
    const other = b.numbers[i] ?? 0n
    if (number !== other) return number < other ? -1 : 1
  }
  if (a.preRelease === b.preRelease) return 0
  if (a.preRelease === '') return 1
  if (b.preRelease === '') return -1
  return comparePreReleases(a.preRelease.split('.'), b.preRelease.split('.'))
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  for (const [i, part] of a.entries()) {
    const other = b[i]
    if (other === undefined) return 1
    const result = compareIdentifiers(part, other)
    if (result !== 0) return result
  }
  return a.length === b.length ? 0 : -1
}

/** Numbers come before names. Go reads them as 64-bit integers, and what is greater as the greatest. */
function compareIdentifiers(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1
  if (!aIsNumber) return Math.sign(compareTexts(a, b))
  const [left, right] = [capped(a), capped(b)]
  return left === right ? 0 : left < right ? -1 : 1
}

function capped(digits: string): bigint {
  const value = BigInt(digits)
  return value > greatest ? greatest : value
}
