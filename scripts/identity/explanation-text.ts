// An explanation as lines for an operator. Of the token itself they show what it says of itself and never the token:
// names are quoted, since whoever wrote the token chose them, and no person is named.

import type { EvidenceFailure } from '../../service/contract/reason-code.ts'
import { evidenceTexts } from '../policy/catalogue/evidence-texts.ts'
import type { Explanation, Step } from './explain-token.ts'
import type { Said } from './guess-kind.ts'
import type { Held } from './expectations.ts'

const checks: Readonly<Record<Step, string>> = {
  form: 'size, three parts of strict base64url, a header that is JSON',
  header: 'type, algorithm, key name, and no member that brings a key',
  issuer: 'it names an issuer, or a trust domain',
  key: 'the tenant trusts that issuer for this, and has its key of that name and algorithm',
  signature: 'the signature is by that key',
  payload: 'the claims are strict JSON, no member twice',
  claims: 'every claim that this kind must have, and none that it must not',
  now: 'time, lifetime, audience, and who it names',
  certificates: 'strict DER, strong keys and signatures, not too many of them',
  leaf: 'it names one workload, and is the certificate of one: SPIFFE X509-SVID sections 2, 4 and 5',
  authorities: 'the tenant trusts that trust domain, and has its bundle',
  path: 'a path to an authority of that bundle, each certificate on it standing now and allowed to issue the next',
  companion: 'the token that the proof is about',
  proof: 'type, key, signature, what it is for, and its time',
}

const shown = ['iss', 'aud', 'iat', 'nbf', 'exp'] as const

export function explanationText(explanation: Explanation, said: Said | null, held: Held): string {
  const { kind, digest, accepted, passed, failed, ahead, unchecked, certificate } = explanation
  return [
    `${kind ?? 'a token of no known kind'} for tenant ${held.tenant.id}: ${accepted ? 'accepted' : 'refused'}`,
    `  ${digest}`,
    ...(said === null ? [] : saying(said)),
    ...(certificate === undefined ? [] : showing(certificate)),
    `  looked at as of ${instant(held.now)}`,
    '',
    ...passed.map((step) => line('ok', step)),
    ...(failed === null ? [] : failure(failed, said, held)),
    ...ahead.map((step) => line('-', step)),
    ...(unchecked.length === 0
      ? []
      : ['', 'Not checked here:', ...unchecked.map((fact) => `  ${fact}`)]),
  ].join('\n')
}

function line(mark: string, step: Step): string {
  return `  ${mark.padEnd(5)}${step.padEnd(11)}${checks[step]}`
}

function failure(
  { step, failure: code }: NonNullable<Explanation['failed']>,
  said: Said | null,
  held: Held,
): readonly string[] {
  const [why, remedy] = evidenceTexts[code]
  const detail = details[code]?.(said?.payload ?? {}, held) ?? null
  const indent = ' '.repeat(7)
  return [
    line('FAIL', step),
    `${indent}${code}: ${why}`,
    ...(detail === null ? [] : [`${indent}${detail}`]),
    `${indent}To change: ${remedy}`,
  ]
}

function saying({ header, payload }: Said): readonly string[] {
  const named = ['typ', 'alg', 'kid'].map((name) => `${name} ${quoted(header[name])}`)
  const claims = shown
    .filter((name) => payload[name] !== undefined)
    .map(
      (name) =>
        `${name} ${typeof payload[name] === 'number' ? instant(payload[name]) : quoted(payload[name])}`,
    )
  return [`  ${named.join('  ')}`, ...(claims.length === 0 ? [] : [`  ${claims.join('  ')}`])]
}

function showing({ names, from, to }: NonNullable<Explanation['certificate']>): readonly string[] {
  return [
    `  certificate of ${names.slice(0, 4).map(quoted).join(', ')}`,
    `  from ${instant(from)} to ${instant(to)}`,
  ]
}

type Detail = (said: Said['payload'], held: Held) => string | null

const strangers: Detail = (_said, { tenant }) => `The tenant trusts ${trusted(tenant)}.`

/** What was expected, where it is not in the text of the code. */
const details: Readonly<Partial<Record<EvidenceFailure, Detail>>> = {
  expired: ({ exp }, { now }) => (isNumber(exp) ? `It ended ${String(now - exp)} s ago.` : null),
  not_yet_valid: ({ iat }, { now }) =>
    isNumber(iat) ? `It begins in ${String(iat - now)} s.` : null,
  lifetime: ({ exp, iat }, { now }) =>
    isNumber(exp) ? `It lives for ${String(exp - (isNumber(iat) ? iat : now))} s.` : null,
  audience: (_said, { tenant, resource }) => `Expected: ${quoted(resource ?? tenant.audience)}.`,
  issuer_unknown: strangers,
  untrusted_domain: strangers,
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

function trusted({ issuers, trust_domains: domains }: Held['tenant']): string {
  const named = issuers.map(({ issuer, kinds }) => `${issuer} (${kinds.join(', ')})`)
  return [...named, ...domains.map(({ name }) => name)].join(', ')
}

/** At most so much of a name that a stranger chose. */
const longest = 120

function quoted(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined
  const safe = (text ?? 'none').replace(
    /[\u007f-\uffff]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return safe.length > longest ? `${safe.slice(0, longest)}…` : safe
}

function instant(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString()
}
