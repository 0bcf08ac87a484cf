/** `crypto.x509.*` and `crypto.parse_private_keys` (v1/topdown/crypto.go). */
import type { Builtins } from '../../rego-value.ts'
import { textOperand } from '../operand.ts'
import { readCertificates, bytesOfBase64 } from './certificate.ts'
import { certificateValue } from './certificate-value.ts'
import { malformed } from './der.ts'
import { keyPairValue } from './key-pair.ts'
import { privateJwk, privateKeyValue, readPrivateKeys } from './private-key.ts'
import { requestValue } from './request.ts'
import { parseAndVerify, parseAndVerifyWithOptions } from './verify.ts'

export const x509Builtins: Builtins = {
  'crypto.parse_private_keys': (_context, pem) =>
    textOperand(pem) === '' ? null : readPrivateKeys(textOperand(pem)).map(privateKeyValue),
  'crypto.x509.parse_and_verify_certificates': parseAndVerify,
  'crypto.x509.parse_and_verify_certificates_with_options': parseAndVerifyWithOptions,
  'crypto.x509.parse_certificate_request': (_context, request) =>
    requestValue(textOperand(request)),
  'crypto.x509.parse_certificates': (_context, certificates) =>
    readCertificates(textOperand(certificates)).map((one) => certificateValue(one, true)),
  'crypto.x509.parse_keypair': (_context, certificate, key) =>
    keyPairValue(textOperand(certificate), textOperand(key)),
  'crypto.x509.parse_rsa_private_key': (_context, operand) => {
    const text = textOperand(operand)
    if (text === '') throw malformed('there is no key')
    const pem = text.startsWith('-----BEGIN') ? text : bytesOfBase64(text).toString()
    const [key] = readPrivateKeys(pem)
    return key === undefined ? null : privateJwk(key)
  },
}
