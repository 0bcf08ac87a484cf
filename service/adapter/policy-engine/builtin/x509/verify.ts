/** `crypto.x509.parse_and_verify_certificates`, also with options: the root first, the leaf last. */
import {
  BuiltinError,
  type BuiltinContext,
  RegoObject,
  RegoSet,
  type RegoValue,
} from '../../rego-value.ts'
import { int64Operand, objectOperand, textOperand } from '../operand.ts'
import { type Certificate, readCertificates } from './certificate.ts'
import { certificateValue } from './certificate-value.ts'
import { type ChainOptions, verifiedChain } from './chain.ts'
import { purposes } from './usage.ts'

const serverAuthentication = '1.3.6.1.5.5.7.3.1'
const known = ['DNSName', 'CurrentTime', 'MaxConstraintComparisons', 'KeyUsages']

/** @returns whether there is such a chain, and the chain from the leaf to the root */
export function parseAndVerify(context: BuiltinContext, operand: RegoValue): RegoValue {
  return verified(certificatesOf(operand), optionsOf(context, new RegoObject([])), true)
}

export function parseAndVerifyWithOptions(
  context: BuiltinContext,
  operand: RegoValue,
  options: RegoValue,
): RegoValue {
  const given = objectOperand(options)
  const certificates = certificatesOf(operand)
  return certificates.length === 0
    ? [false, []]
    : verified(certificates, optionsOf(context, given), false)
}

function verified(
  certificates: readonly Certificate[],
  options: ChainOptions,
  withUrls: boolean,
): RegoValue {
  const chain = verifiedChain(certificates, options)
  if (chain === null) return [false, []]
  return [true, chain.map((certificate) => certificateValue(certificate, withUrls))]
}

/** None when they cannot be read: that is an answer, not a failure. */
function certificatesOf(operand: RegoValue): readonly Certificate[] {
  const text = textOperand(operand)
  try {
    return readCertificates(text)
  } catch (error) {
    if (error instanceof BuiltinError) return []
    throw error
  }
}

/** @throws BuiltinError */
function optionsOf(context: BuiltinContext, given: RegoObject): ChainOptions {
  if (given.entries.some(([name]) => typeof name === 'string' && !known.includes(name)))
    throw new BuiltinError('there is an option that is not known')
  // OPA wants an integer, and Go no longer heeds it: an evaluation that takes too long is stopped as any other.
  int64Operand(given.get('MaxConstraintComparisons') ?? 0)
  return {
    nowNs: int64Operand(given.get('CurrentTime') ?? context.nowNs()),
    host: unquoted(textOperand(given.get('DNSName') ?? '')),
    purposes: purposesOf(given.get('KeyUsages') ?? []),
  }
}

/** What is no text is passed over. */
function purposesOf(value: RegoValue): readonly string[] {
  const members = value instanceof RegoSet ? value.members : value
  if (!Array.isArray(members)) throw new BuiltinError('KeyUsages is an array or a set')
  const wanted = (members as readonly RegoValue[])
    .filter((member) => typeof member === 'string')
    .map(purposeOf)
  return wanted.length === 0 ? [serverAuthentication] : wanted
}

function purposeOf(text: string): string {
  const found = purposes.find(([, name]) => `KeyUsage${name}` === unquoted(text))
  if (found === undefined) throw new BuiltinError(`${text} is no key usage`)
  return found[0]
}

function unquoted(text: string): string {
  return text.replace(/^"+|"+$/g, '')
}
