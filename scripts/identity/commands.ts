// The commands of `countersign identity`.

import { tokenKinds } from '../../service/flow/token-kinds.ts'
import {
  possessionProfiles,
  type PossessionKind,
} from '../../service/identity/possession-profile.ts'
import type { TokenKind } from '../../service/identity/token-profile.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import type { Held } from './expectations.ts'
import { explanationText } from './explanation-text.ts'
import { explainProof } from './explain-proof.ts'
import { explainSvid } from './explain-svid.ts'
import { explainToken, type Explanation } from './explain-token.ts'
import { isChain } from './given-chain.ts'
import { givenToken } from './given-token.ts'
import { openTrust, type Trust } from './given-trust.ts'
import { guessKind, isNeverEvidence, saidBy, type ExplainedKind, type Said } from './guess-kind.ts'

const kinds = [
  ...Object.keys(tokenKinds),
  ...Object.keys(possessionProfiles),
  'x509_svid',
] as ExplainedKind[]

const explain: Command = {
  name: 'explain',
  summary:
    'why a token or a certificate is accepted or refused: each check in order, the first that fails, what to change',
  usage: `<file | - | token> [options]

  --config <file>        the configuration of the service, and with several tenants
  --tenant <id>          the tenant that it is checked for
  --data <directory>     instead of a configuration: the data of a development service (default .countersign)
  --as <kind>            ${kinds.join(', ')}
                         (default: what its type says; PEM, or a list of base64, is an x509_svid)
  --with <file>          what a proof is about: the WIT of a wpt, the access token of a dpop, the certificates of an
                         x5_proof
  --resource <uri>       the MCP server that an access token or a proof is for
  --at <instant>         as of then, in seconds or as 2026-01-31T12:00:00Z (default now)
  --keys <name>=<file>   a key set for that issuer or trust domain, instead of where it lies
  --offline              fetch nothing

The token is never printed. Exit code 1 when it is refused.`,
  options: {
    ...{ config: { type: 'string' }, tenant: { type: 'string' }, data: { type: 'string' } },
    ...{ as: { type: 'string' }, with: { type: 'string' }, resource: { type: 'string' } },
    ...{ at: { type: 'string' }, keys: { type: 'string', multiple: true } },
    offline: { type: 'boolean' },
  },
  run: explained,
}

async function explained(call: Call): Promise<Outcome> {
  const { positionals, values } = call
  const [given, ...more] = positionals
  if (given === undefined || more.length > 0) throw usage('Give one token: a file, - or the token.')
  const compact = givenToken(given)
  const now = instantOf(values['at'])
  const trust = await openTrust(call, now * 1000)
  try {
    const { resource = null } = values as { resource?: string }
    const held: Held = { tenant: trust.tenant, now, resource }
    const explanation = await explanationOf(call, compact, held, trust)
    const text = explanationText(explanation, saidBy(compact), held)
    return { exit: explanation.accepted ? 0 : 1, text, json: { ...explanation, at: now } }
  } finally {
    await trust.keySets.close()
  }
}

async function explanationOf(
  { values }: Call,
  compact: string,
  held: Held,
  trust: Trust,
): Promise<Explanation> {
  const said = saidBy(compact)
  const guessed = guessOf(compact, said, held)
  const kind = values['as'] === undefined ? guessed : named(values['as'])
  if (kind === null) return strange(compact, said !== null && isNeverEvidence(said))
  if (kind === 'x509_svid') return await explainSvid(compact, held, trust)
  if (!isProof(kind)) return await explainToken(kind, compact, held, trust)
  const companion = values['with']
  const other = typeof companion === 'string' ? givenToken(companion) : null
  return await explainProof(kind, compact, other, held, trust)
}

function guessOf(compact: string, said: Said | null, { tenant }: Held): ExplainedKind | null {
  if (isChain(compact)) return 'x509_svid'
  return said === null ? 'access_token' : guessKind(said, tenant.audience)
}

function isProof(kind: TokenKind | PossessionKind): kind is PossessionKind {
  return Object.hasOwn(possessionProfiles, kind)
}

function named(kind: unknown): ExplainedKind {
  const known = kinds.find((one) => one === kind)
  if (known !== undefined) return known
  throw usage(`--as ${String(kind)}: use one of ${kinds.join(', ')}.`)
}

/** Its type is that of nothing that could be evidence here. */
function strange(compact: string, isNever: boolean): Explanation {
  return {
    ...{ kind: null, digest: digestOfText(compact), accepted: false },
    ...{ passed: ['form'], failed: { step: 'header', failure: 'wrong_type' }, ahead: [] },
    unchecked: isNever
      ? ['anything else: a token of this type is never evidence, whoever signed it']
      : [],
  }
}

/** Seconds since the epoch. */
function instantOf(text: unknown): number {
  if (typeof text !== 'string') return Math.floor(Date.now() / 1000)
  const seconds = /^\d{1,12}$/u.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1000)
  if (Number.isFinite(seconds)) return seconds
  throw usage(`--at ${text}: write a date as 2026-01-31T12:00:00Z, or seconds since the epoch.`)
}

export const identityCommands: readonly Command[] = [explain]
