// `countersign pep register`: writes a gateway into the configuration, for review; whole and good, or not at all.

import { rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { loadConfig } from '../../service/config.ts'
import { readKey } from '../../service/adapter/key-sets/verification-key.ts'
import type { ConfigFile } from '../../service/contract/config.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import type { PepProof, PepRegistration } from '../../service/contract/pep-registration.ts'
import { scopes as every, type Scope } from '../../service/contract/scope.ts'
import { possessionProfiles } from '../../service/identity/possession-profile.ts'
import { givenInstant } from '../access/given-instant.ts'
import { type Call, type Command, usage } from '../command/command.ts'
import { readJson } from '../command/read-file.ts'
import { writeWhole } from '../command/write-file.ts'
import { onlyPositional, optionalText, text, texts } from '../policy/arguments.ts'

export const register: Command = {
  name: 'register',
  summary: 'write a gateway into the configuration, for review',
  usage: `<client-id> [options]

  --config <file>        of the service; it is written whole or not at all
  --tenant <id>          when the file has several tenants
  --issuer <url>         of its access tokens, which are bound by DPoP; or
  --spiffe-id <id>       of its workload, which proves itself by WIT and WPT
  --key <jwk file|thumbprint>  a key that it may use (with --issuer; may be given several times)
  --nonce                its proofs must name a nonce (with --issuer)
  --bearer               its tokens need no proof (with --issuer): whoever sees one can use it
  --scope <scope>        what it may do (default pdp.evaluate; may be given several times)
  --server <id>          a server that it may ask about (default: all; may be given several times)
  --project <name> --environment <name>
  --owner <name>         who answers for it
  --review-by <date>     until when it is looked at again

Exit code 0: it is written. 2: an argument or the file cannot be used, and the file is as it was.`,
  options: {
    ...{ config: { type: 'string' }, tenant: { type: 'string' }, issuer: { type: 'string' } },
    ...{ 'spiffe-id': { type: 'string' }, key: { type: 'string', multiple: true } },
    ...{ nonce: { type: 'boolean' }, bearer: { type: 'boolean' } },
    ...{ scope: { type: 'string', multiple: true }, server: { type: 'string', multiple: true } },
    ...{ project: { type: 'string' }, environment: { type: 'string' } },
    ...{ owner: { type: 'string' }, 'review-by': { type: 'string' } },
  },
  run: (call) => {
    const file = text(call, 'config', 'the configuration of the service')
    const registration = registrationOf(call)
    loadConfig(file)
    const changed = withPep(
      readJson(file, 'the configuration of the service') as ConfigFile,
      call,
      registration,
    )
    writeChecked(file, `${JSON.stringify(changed, null, 2)}\n`)
    const said = `wrote ${registration.client_id} into ${file}: have the change reviewed, then restart the service`
    return Promise.resolve({ exit: 0, json: { file, registration }, text: said })
  },
}

function registrationOf(call: Call): PepRegistration {
  const client = onlyPositional(call, 'the client_id of the gateway')
  const reviewBy = givenInstant(call, 'review-by')
  if (reviewBy === null) throw usage('Name the day of its review with --review-by.')
  return {
    ...{ client_id: client, ...identityOf(call), scopes: scopesOf(call) },
    project: text(call, 'project', 'its project'),
    environment: text(call, 'environment', 'its environment'),
    servers: [...texts(call, 'server')],
    owner: text(call, 'owner', 'who answers for it'),
    review_by: reviewBy,
  }
}

function identityOf(call: Call): Pick<PepRegistration, 'issuer' | 'proof'> {
  const issuer = optionalText(call, 'issuer')
  const id = optionalText(call, 'spiffe-id')
  if ((issuer === undefined) === (id === undefined))
    throw usage('Say how it proves itself: --issuer <url> or --spiffe-id <id>, one of them.')
  if (issuer !== undefined) return { issuer, proof: tokenProof(call) }
  const { key, nonce, bearer } = call.values
  if (key !== undefined || nonce === true || bearer === true)
    throw usage(
      '--key, --nonce and --bearer are for access tokens: leave them out with --spiffe-id.',
    )
  const [origin] = /^[a-z]+:\/\/[^/]+/u.exec(id ?? '') ?? []
  return { issuer: origin ?? id ?? '', proof: { wit: { id: id ?? '' } } }
}

function tokenProof(call: Call): PepProof {
  const { nonce, bearer } = call.values
  const keys = texts(call, 'key').map(thumbprintOf)
  if (bearer === true) {
    if (keys.length > 0 || nonce === true)
      throw usage('--bearer asks for no proof: leave out --key and --nonce, or --bearer.')
    return { bearer: {} }
  }
  const pinned = keys.length === 0 ? {} : { keys }
  return { dpop: { ...pinned, ...(nonce === true ? { nonce } : {}) } }
}

/** RFC 7638, of a public JWK in a file, or as it is given. */
function thumbprintOf(given: string): string {
  if (/^[A-Za-z0-9_-]{43}$/u.test(given)) return given
  const jwk = readJson(given, 'a file with a public JWK, or a thumbprint of 43 characters')
  const members = (typeof jwk === 'object' && jwk !== null ? jwk : {}) as Record<string, unknown>
  if ('d' in members || 'k' in members)
    throw usage(`${given} has a private key: name the public one.`)
  const reading = readKey(members, possessionProfiles.dpop.algorithms)
  if (reading.ok) return reading.value.key.thumbprint
  throw usage(`${given} is no public key that may be used: ${reading.reason}.`)
}

function scopesOf(call: Call): Scope[] {
  const given = texts(call, 'scope')
  if (given.length === 0) return ['pdp.evaluate']
  return given.map((name) => {
    const scope = every.find((one) => one === name)
    if (scope === undefined) throw usage(`--scope ${name}: use one of ${every.join(', ')}.`)
    return scope
  })
}

function withPep(file: ConfigFile, call: Call, pep: PepRegistration): ConfigFile {
  const tenants = Array.isArray(file.tenants) ? file.tenants : []
  const id = optionalText(call, 'tenant')
  const [only, ...others] = id === undefined ? tenants : tenants.filter((one) => one.id === id)
  if (only === undefined || others.length > 0)
    throw usage(
      `It has the tenants ${tenants.map((one) => one.id).join(', ')}: name one of them with --tenant.`,
    )
  const peps = [...(Array.isArray(only.peps) ? only.peps : []), pep]
  return { ...file, tenants: tenants.map((one) => (one === only ? { ...only, peps } : one)) }
}

/** What the service would refuse is not written: it reads the candidate from beside its place, as paths are relative. */
function writeChecked(file: string, content: string): void {
  const candidate = join(dirname(file), `.${basename(file)}.candidate`)
  try {
    writeWhole(candidate, content)
    loadConfig(candidate)
  } catch (error) {
    if (!(error instanceof PdpError) || error.code !== 'config_invalid') throw error
    throw usage(error.message.replace(candidate, file), error)
  } finally {
    rmSync(candidate, { force: true })
  }
  writeWhole(file, content)
}
