/** `providers.aws.sign_req` (v1/topdown/providers.go): a request as `http.send` takes it, signed and not sent. */
import { BuiltinError, type Builtins, RegoObject, type RegoValue } from '../../rego-value.ts'
import { goJson } from '../go-json.ts'
import { parseUrl } from '../go-url.ts'
import { integerOperand, objectOperand, textOperand } from '../operand.ts'
import { type Signer, type SignedRequest, signV4 } from './signature-v4.ts'

/** Of requests of `http.send`: others are none. */
const members: readonly RegoValue[] = [
  ...['method', 'url', 'body', 'raw_body', 'headers', 'timeout', 'raise_error'],
  ...['enable_redirect', 'force_json_decode', 'force_yaml_decode', 'max_retry_attempts'],
  ...['tls_use_system_certs', 'tls_insecure_skip_verify', 'tls_server_name'],
  ...['tls_ca_cert', 'tls_ca_cert_file', 'tls_ca_cert_env_variable'],
  ...['tls_client_cert', 'tls_client_cert_file', 'tls_client_cert_env_variable'],
  ...['tls_client_key', 'tls_client_key_file', 'tls_client_key_env_variable'],
  ...['cache', 'caching_mode', 'cache_ignored_headers', 'force_cache'],
  'force_cache_duration_seconds',
]

export const awsBuiltins: Builtins = {
  'providers.aws.sign_req': (_context, operand, config, time) => {
    const request = objectOperand(operand)
    const signer = readSigner(objectOperand(config))
    const signed = readRequest(request)
    const added = signV4(signed, signer, dateOf(integerOperand(time)))
    const headers = new RegoObject([...signed.headers, ...added])
    return new RegoObject([...request.entries, ['headers', headers]])
  },
}

function readRequest(request: RegoObject): SignedRequest {
  if (request.entries.some(([name]) => !members.includes(name)))
    throw new BuiltinError('the request has a parameter that is not known')
  const headers = objectOperand(request.get('headers') ?? new RegoObject([]))
  return {
    method: textOperand(request.get('method') ?? null),
    url: parseUrl(textOperand(request.get('url') ?? null)),
    headers: new Map(headers.entries.map(([name, value]) => [textOr(name), textOr(value)])),
    body: bodyOf(request),
  }
}

/** A body is sent as JSON, a raw one as it is. */
function bodyOf(request: RegoObject): string {
  const [body, raw] = [request.get('body'), request.get('raw_body')]
  if (raw !== undefined) return textOr(raw)
  return body === undefined ? '' : goJson(body)
}

function readSigner(config: RegoObject): Signer {
  const [accessKey, secretKey, region, service] = [
    'aws_access_key',
    'aws_secret_access_key',
    'aws_region',
    'aws_service',
  ].map((name) => textOperand(config.get(name) ?? null)) as [string, string, string, string]
  const isUnsigned = config.get('disable_payload_signing') ?? false
  if (typeof isUnsigned !== 'boolean')
    throw new BuiltinError('disable_payload_signing is a boolean')
  const sessionToken = textOr(config.get('aws_session_token'))
  return { accessKey, secretKey, region, service, sessionToken, signsPayload: !isUnsigned }
}

/** OPA takes what is no text for an empty one. */
function textOr(value: RegoValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function dateOf(nanoseconds: bigint): Date {
  if (nanoseconds < 0n || BigInt.asIntN(64, nanoseconds) !== nanoseconds)
    throw new BuiltinError('the time is no nanoseconds since the epoch')
  return new Date(Number(nanoseconds / 1_000_000n))
}
