/** A row for every command: arguments that it can use, to be spoiled one by one. A command without a row fails the test. */
import { join } from 'node:path'
import { at, released } from './broken.ts'
import type { Kind } from './kinds.ts'

/** What of a repository a command reads. */
export type Part = 'rego' | 'data' | 'golden'

export interface Row {
  /** The positional arguments: what each is, and a usable one. */
  readonly takes: readonly (readonly [kind: Kind, usable: string])[]
  /** Options that must be there, or that end the command before its real work. */
  readonly needs: Readonly<Record<string, string>>
  /** Options that are something else here than elsewhere. */
  readonly kinds?: Readonly<Record<string, Kind>>
  /** The first positional with which a service is asked, where it is not asked in any case. */
  readonly asking?: string
  readonly reads: readonly Part[]
}

const scenarioFile = join(import.meta.dirname, '../../scenarios/kill-switch.yaml')
const sound = { project: at('sound') }
const token = { 'token-file': at('token') }
const none = { takes: [], needs: {}, reads: [] } as const
const ofService: Row = { ...none, needs: token }
const changing: Row = { ...none, needs: { ...token, reason: 'an incident' } }
const ofProject = (...reads: readonly Part[]): Row => ({ ...none, needs: sound, reads })
const all = ['rego', 'data', 'golden'] as const

export const rows: Readonly<Record<string, Row>> = {
  'adopt server': {
    ...ofProject('data'),
    takes: [['server name', 'fresh']],
    needs: { ...sound, owner: 'platform-team', at: 'http://127.0.0.1:9/mcp' },
    kinds: { at: 'server URL', 'token-file': 'secret' },
  },
  'adopt traffic': {
    ...ofProject('data'),
    takes: [['recorded', at('recorded.jsonl')]],
    asking: at('decision'),
    needs: { ...sound, owner: 'platform-team' },
  },

  'access review': ofProject('data'),
  'access unused': {
    ...ofProject('data'),
    needs: { ...sound, since: '30', ...token },
    kinds: { log: 'log' },
  },
  'access what-can': { ...ofProject('data'), takes: [['text', 'alice']] },
  'access who-can': { ...ofProject('data'), takes: [['text', 'ops/tool:status']] },

  'bundle status': ofService,
  'bundle history': ofService,
  'bundle pin': { ...changing, takes: [['text', 'sha256:00']] },
  'bundle unpin': changing,
  'bundle rollback': { ...changing, takes: [['text', 'sha256:00']] },

  'identity explain': {
    ...none,
    takes: [['text', 'a.b.c']],
    kinds: { ...{ tenant: 'text', as: 'text', with: 'text', keys: 'text' }, at: 'day' },
  },
  'keys backup': {
    ...none,
    takes: [['tenant directory', at('tenant')]],
    needs: { out: at('shelf/backup'), 'passphrase-file': at('passphrase') },
    kinds: { out: 'new private file', 'passphrase-file': 'new passphrase' },
  },
  'keys restore': {
    ...none,
    takes: [['restored tenant', at('tenant')]],
    needs: { from: at('sealed-backup'), 'passphrase-file': at('passphrase') },
    kinds: { from: 'sealed key' },
  },
  'keys generate': {
    ...none,
    needs: {
      ...{ out: at('shelf/key'), public: at('shelf/key.pem') },
      'passphrase-file': at('passphrase'),
    },
    kinds: {
      ...{ out: 'there already', public: 'out file', algorithm: 'key algorithm' },
      'passphrase-file': 'new passphrase',
    },
  },
  'keys split': {
    ...none,
    needs: { key: at('sealed-bundle'), out: at('shelf'), 'passphrase-file': at('passphrase') },
    kinds: { key: 'sealed key', out: 'directory', threshold: 'few shares', shares: 'few shares' },
  },
  'keys combine': {
    ...none,
    needs: { share: at('share-1.json') },
    kinds: { share: 'share', out: 'text', 'passphrase-file': 'text' },
  },
  'keys list': ofService,
  'keys rotate': { ...changing, kinds: { announce: 'count' } },
  'keys serve': {
    ...none,
    takes: [['restored tenant', at('shelf')]],
    needs: { socket: at('absent/socket') },
    kinds: { socket: 'socket', 'passphrase-file': 'new passphrase' },
  },
  'keys revoke': {
    ...changing,
    takes: [['key id', 'A'.repeat(43)]],
    needs: { ...changing.needs, 'compromised-at': '2026-11-30' },
    kinds: { 'compromised-at': 'instant' },
  },
  // No decision of that id is in it: what is written, and where, is another test's.
  'log disclose': {
    ...none,
    takes: [
      ['log', at('log')],
      ['text', 'dec_x'],
    ],
    needs: {},
    kinds: { fields: 'text', out: 'text', 'passphrase-file': 'new passphrase' },
  },
  'log erase': {
    ...changing,
    takes: [['text', 'alice']],
    needs: { ...changing.needs, subject: 'https://idp.example' },
    kinds: { subject: 'text' },
  },
  'log archive': {
    ...none,
    takes: [['tenant data', at('log')]],
    needs: { to: at('shelf/archive') },
    kinds: { to: 'archive place' },
  },
  'log prune': {
    ...none,
    takes: [['tenant data', at('log')]],
    needs: { before: '10', archive: at('log') },
    kinds: { before: 'place in a log', archive: 'text', 'passphrase-file': 'text', policy: 'text' },
  },
  'log evidence': {
    ...none,
    takes: [['log', at('log')]],
    needs: { framework: 'nist-csf' },
  },
  'log holds': { ...none, takes: [['log', at('log')]] },
  'log export': {
    ...none,
    takes: [['log', at('log')]],
    needs: { out: at('shelf/log.tar') },
    kinds: {
      out: 'export place',
      tenant: 'text',
      grant: 'text',
      initiator: 'text',
      from: 'text',
      to: 'text',
      'passphrase-file': 'new passphrase',
    },
  },
  'log impact': {
    ...ofProject(),
    takes: [['log', at('log')]],
    kinds: { 'passphrase-file': 'new passphrase' },
  },
  'log replay': {
    ...none,
    takes: [['log', at('log')]],
    kinds: { 'passphrase-file': 'new passphrase' },
  },
  'log reindex': {
    ...none,
    takes: [['tenant data', at('log')]],
    kinds: { 'passphrase-file': 'new passphrase' },
  },
  'log tail': ofService,
  'log verify': {
    ...none,
    takes: [['log', at('log')]],
    kinds: {
      ...{ vkey: 'log key', jwks: 'log keys', seen: 'seen checkpoint' },
      ...{ policy: 'witness policy', disclosure: 'disclosure' },
      ...{ witness: 'witness key', witnessed: 'witnessed checkpoint' },
    },
  },
  'log reconstruct': {
    ...none,
    takes: [['log', at('log')]],
    needs: { tenant: 'dev' },
    kinds: { tenant: 'text', grant: 'text', approver: 'person' },
  },

  'pep register': {
    ...none,
    takes: [['text', 'gateway-1']],
    needs: {
      ...{ config: at('absent'), issuer: 'https://idp.example', project: 'p', environment: 'e' },
      ...{ owner: 'platform-team', 'review-by': '2100-01-01' },
    },
    kinds: { project: 'text', tenant: 'text', key: 'text', 'review-by': 'instant' },
  },
  'pep list': ofService,
  'pep revoke': { ...changing, takes: [['text', 'gateway-1']] },

  'policy build': {
    ...ofProject(...all),
    needs: { ...sound, sequence: '1' },
    kinds: { out: 'out directory' },
  },
  'policy catalogue': ofProject('rego'),
  'policy check': ofProject(...all),
  'policy diff': {
    ...none,
    takes: [
      ['policy', released.policy],
      ['policy', released.policy],
    ],
  },
  'policy explain': { ...ofProject(...all), takes: [['question', at('question.json')]] },
  'policy fmt': ofProject('rego'),
  'policy inspect': { ...none, takes: [['bundle', released.policy]] },
  'policy lint': ofProject('rego', 'data'),
  'policy new': { ...ofProject('golden'), takes: [['rule name', 'team/fresh']] },
  'policy profile': { ...ofProject('rego'), takes: [['questions', at('question.json')]] },
  'policy push': {
    ...none,
    takes: [
      ['signed bundle file', released.policy],
      ['target', at('shelf')],
    ],
    needs: { key: released.key },
    // It is for what is fetched by HTTP; nothing is pushed so.
    kinds: { key: 'public key', 'bearer-token-file': 'text' },
  },
  'policy schemas': ofProject(),
  'policy shadow': ofService,
  'policy sign': {
    ...none,
    takes: [['bundle file', at('unsigned.tar.gz')]],
    needs: { key: at('good.pem'), 'key-id': 'k1', out: at('shelf/out.tar.gz') },
    kinds: {
      ...{ key: 'private key', out: 'out file', share: 'share' },
      // With it the key is a sealed one.
      'passphrase-file': 'text',
    },
  },
  'policy test': ofProject(...all),
  'policy verify': {
    ...none,
    takes: [['signed bundle', released.policy]],
    needs: { key: released.key },
    kinds: { key: 'public key' },
  },
  'policy watch': ofProject(),

  'scenario run': {
    ...none,
    takes: [['scenario', scenarioFile]],
    needs: {},
    kinds: { policy: 'bundle file' },
  },
  'stop tenant': changing,
  'stop server': { ...changing, takes: [['text', 'ops']] },
  'stop agent': { ...changing, takes: [['text', 'agent-1']] },
  'stop initiator': {
    ...changing,
    takes: [
      ['text', 'https://idp.example'],
      ['text', 'sub'],
    ],
  },
  'stop capability': {
    ...changing,
    takes: [
      ['text', 'ops'],
      ['text', 'tool:status'],
    ],
  },
  'stop list': ofService,
  'stop lift': { ...changing, takes: [['text', 'stop-1']] },
}
