// `countersign keys list|rotate|revoke`: the decision keys of a running service. Each change is an entry of the log before it
// is answered.

import type { SigningKeyList, SigningKeyState } from '../../service/contract/signing-key.ts'
import { noPositional } from '../command/no-positional.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { askService, serviceOptions, serviceUsage } from '../command/running-service.ts'
import { givenInstant } from '../access/given-instant.ts'
import { optionalCount } from '../policy/arguments.ts'

const scopeUsage = `${serviceUsage}

The scope is pdp.keys.manage.`
const reasonUsage = '  --reason <text>        why; it stands in the log'

export const list: Command = {
  name: 'list',
  summary: 'the keys that ever signed decisions, and until when the one that signs may',
  usage: `[options]

${scopeUsage}

Exit code 1 when no key can sign.`,
  options: serviceOptions,
  run: async (call) => {
    noPositional(call)
    const keys = (await askService(call, 'GET', '/v1/keys')) as SigningKeyList
    return { ...listOf(keys), exit: keys.days_left === null ? 1 : 0 }
  },
}

export const rotate: Command = {
  name: 'rotate',
  summary: 'let a new key sign decisions; what the old one has signed verifies for ever',
  usage: `--reason <text> [options]

${reasonUsage}
  --announce <seconds>   how long the new key is known before it signs (default 300: others may cache the key set so long)
${scopeUsage}`,
  options: { ...serviceOptions, reason: { type: 'string' }, announce: { type: 'string' } },
  run: async (call) => {
    noPositional(call)
    const announce = optionalCount(call, 'announce')
    const most = 7 * 86_400
    if (announce !== undefined && announce > most)
      throw usage(`--announce ${String(announce)}: write at most ${String(most)} seconds.`)
    const body = {
      reason: reasonOf(call),
      ...(announce === undefined ? {} : { announce_seconds: announce }),
    }
    return listOf((await askService(call, 'POST', '/v1/keys/rotation', body)) as SigningKeyList)
  },
}

export const revoke: Command = {
  name: 'revoke',
  summary: 'say that somebody else may have signed by a key from a moment on',
  usage: `<kid> --compromised-at <time> --reason <text> [options]

  --compromised-at <time>
                         the moment, a day or RFC 3339, as 2026-11-30T12:00:00Z
${reasonUsage}
${scopeUsage}

The key signs nothing any more; if it was the one that signs, a new one takes over first. What it signed after that
moment "countersign log verify" calls suspect, unless a witness saw it before.`,
  options: {
    ...serviceOptions,
    reason: { type: 'string' },
    'compromised-at': { type: 'string' },
  },
  run: async (call) => {
    const kid = kidOf(call)
    const at = givenInstant(call, 'compromised-at')
    if (at === null) throw usage('Name the moment with --compromised-at.')
    const body = { kid, compromised_at: at, reason: reasonOf(call) }
    return listOf((await askService(call, 'POST', '/v1/keys/revocation', body)) as SigningKeyList)
  },
}

function kidOf({ positionals }: Call): string {
  const [kid, ...others] = positionals
  if (kid === undefined) throw usage('Name the key by its id: countersign keys list has them.')
  if (others.length > 0) throw usage('There are too many arguments: name one key, and no more.')
  if (/^[\w-]{43}$/u.test(kid)) return kid
  throw usage(`${kid} is no id of a key: name one of countersign keys list.`)
}

function reasonOf({ values }: Call): string {
  const { reason } = values
  if (typeof reason === 'string' && reason !== '') return reason
  throw usage('Say why with --reason <text>: it stands in the log.')
}

function listOf(keys: SigningKeyList): Outcome {
  const { tenant, note_key: noteKey, days_left: days } = keys
  const left = days === null ? 'no key can sign' : `${String(days)} days left`
  const lines = [`${tenant}: ${left}`, ...keys.keys.map(lineOf), `checkpoints: ${noteKey}`]
  return { exit: 0, json: keys, text: lines.join('\n') }
}

function lineOf({ kid, algorithm, state, nbf, exp, ...times }: SigningKeyState): string {
  const { signs_from: from, compromised_at: at } = times
  const more =
    at !== null
      ? `, compromised from ${instant(at)}`
      : state === 'announced'
        ? `, signs from ${instant(from)}`
        : ''
  return `${kid}  ${algorithm}  ${state.padEnd(9)}  ${instant(nbf)} to ${instant(exp)}${more}`
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
