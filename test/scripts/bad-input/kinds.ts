/** What may be wrong with each kind of argument, and what the one line must then say. */
import { at, released } from './broken.ts'

/** [what is wrong, the argument, what is said of it, the exit code when it is not 2] */
export type Wrong = readonly [what: string, value: string, said: RegExp, exit?: 1 | 3 | undefined]

const absent: Wrong = ['a missing file', at('absent'), /absent.*no such file/u]
const loop: Wrong = ['an unreadable file', at('loop'), /loop.*lead back to themselves/u]
const below: Wrong = [
  'a path below a file',
  at('plain.txt/x'),
  /plain\.txt\/x.*(?:not a directory|no such)/u,
]
const folder: Wrong = ['a directory', at('shelf'), /shelf.*directory/u]
const unreachable = [absent, loop, below]
const unreadable = [...unreachable, folder]

const prefixed = (prefix: string, rows: readonly Wrong[]): readonly Wrong[] =>
  rows.map(([what, value, said, exit]) => [what, `${prefix}${value}`, said, exit] as const)

const bundle: readonly Wrong[] = [
  ...unreachable,
  ['a directory without bundles', at('empty'), /empty.*no \*\.tar\.gz/u],
  ['no archive', at('text.tar.gz'), /text\.tar\.gz.*gzip/u],
  ['a broken archive', at('cut.tar.gz'), /cut\.tar\.gz.*(?:gzip|whole|end)/u],
  ['an empty file', at('blank'), /blank.*gzip/u],
]
const publicKeys: readonly Wrong[] = [
  ...unreadable,
  ['a private key', at('good.pem'), /good\.pem is a private key/u],
  ['no key', at('plain.txt'), /plain\.txt holds no public key/u],
  ['a key of another kind', at('x25519.pub'), /x25519\.pub.*signs no bundle/u],
  ['a key that is too small', at('small.pub'), /small\.pub.*2048 bits/u],
]
const out: readonly Wrong[] = [
  folder,
  loop,
  ['a path below a file', at('plain.txt/x'), /not a directory/u],
  ['a folder that is not there', at('absent/x.tar.gz'), /no such file.*directory that exists/u],
  ['a device', '/dev/full', /no file but a device/u],
]

export const kinds = {
  bundle: [...bundle, ['a directory', at('shelf'), /shelf.*no \*\.tar\.gz/u]],
  // One file that is signed or pushed: a directory of bundles is none.
  'signed bundle': [
    ...bundle.slice(0, unreachable.length + 1),
    ...bundle
      .slice(unreachable.length + 1)
      .map(([what, value]) => [what, value, /refused/u, 1] as const),
  ],
  'bundle file': [...unreadable, ...bundle.slice(unreachable.length + 1)],
  'signed bundle file': [
    ...unreadable,
    ...bundle
      .slice(unreachable.length + 1)
      .map(([what, value]) => [what, value, /refused/u, 1] as const),
  ],
  policy: bundle,
  repository: [
    ['a missing folder', at('absent'), /absent\/countersign-policy\.json: there is no such file/u],
    ['a file', at('plain.txt'), /plain\.txt\/countersign-policy\.json/u],
    ['an unreadable folder', at('loop'), /lead back to themselves/u],
    [
      'a folder that is no repository',
      at('empty'),
      /empty\/countersign-policy\.json.*policy repository/u,
    ],
    [
      'a project file that is no JSON',
      at('no-json'),
      /no-json\/countersign-policy\.json:1:\d+: error/u,
    ],
    [
      'a project file of another schema',
      at('no-schema'),
      /no-schema\/countersign-policy\.json:1:\d+: error.*\/name/u,
    ],
    ['a folder of rules that is not there', at('no-rules'), /gone is not a folder: make it/u],
  ],
  'private key': [
    ...unreadable,
    ['a public key', at('good.pub'), /good\.pub holds no private key/u],
    ['no key', at('plain.txt'), /plain\.txt holds no private key/u],
    ['a key of another kind', at('x25519.pem'), /x25519\.pem.*signs no bundle/u],
    ['a key that is too small', at('small.pem'), /small\.pem.*2048 bits/u],
    ['an encrypted key', at('encrypted.pem'), /encrypted\.pem is encrypted: decrypt it/u],
  ],
  'public key': [
    ['no id', at('good.pub'), /write <id>=<file>/u],
    ...prefixed('k=', publicKeys),
    ['another algorithm', `k=${at('good.pub')},RS256`, /for ES256, not for RS256/u],
  ],
  questions: [
    ...unreadable,
    ['an empty file', at('blank'), /blank is empty/u],
    ['no questions', at('plain.txt'), /plain\.txt:1 is no policy input/u],
    ['another document', at('other.json'), /other\.json:1 is no policy input/u],
  ],
  question: [
    ...unreadable,
    ['no JSON', at('plain.txt'), /plain\.txt is not JSON/u],
    ['broken JSON', at('broken.json'), /broken\.json is not JSON/u],
    ['another document', at('other.json'), /other\.json is no policy input/u],
  ],
  secret: unreadable,
  grant: unreadable,
  'tool arguments': [
    ...unreadable,
    ['broken JSON', at('broken.json'), /broken\.json is not JSON/u],
  ],
  token: [
    ...unreadable,
    ['an empty file', at('blank'), /blank holds no credential/u],
    ['a text', at('two-words'), /two-words holds no credential/u],
  ],
  'development data': [
    ['a folder that is not there', at('absent'), /absent.*is not there/u],
    ['a file', at('plain.txt'), /plain\.txt.*is not there/u],
    ['keys that are none', at('broken-data'), /keys\.json holds no credential/u],
  ],
  configuration: [
    ...[absent, loop, below, folder].map(
      ([what, value]) => [what, value, /cannot be read: name a file/u] as const,
    ),
    ['no JSON', at('plain.txt'), /plain\.txt cannot be used: \/: /u],
    ['another document', at('other.json'), /other\.json cannot be used: \/: /u],
  ],
  'out file': out,
  'out directory': [
    ['a file', at('plain.txt'), /plain\.txt.*(?:not a directory|something else is there)/u],
    loop,
    ['a path below a file', at('plain.txt/x'), /plain\.txt\/x.*not a directory/u],
  ],
  target: [
    ['a missing folder', at('absent'), /absent.*no such directory/u],
    ['an unreadable folder', at('loop'), /lead back to themselves/u],
    ['a URL', 'https://registry.example/x', /push to oci:/u],
    ['a file that is no bundle', at('plain.txt'), /plain\.txt/u],
  ],
  url: [
    ['no URL', 'nowhere', /write an http or https URL/u],
    ['another protocol', 'ftp://127.0.0.1/', /write an http or https URL/u],
    ['where nothing answers', 'http://127.0.0.1:9/', /Nothing answers.*start the service/u, 3],
  ],
  count: [
    ['a word', 'many', /write a whole number/u],
    ['less than nothing', '-1', /-1|write a whole number|argument/u],
  ],
  instant: [['a word', 'soon', /soon: write a day/u]],
  expression: [['no expression', '(', /write a regular expression/u]],
  algorithm: [['another one', 'HS256', /not for HS256/u]],
  'server name': [['a path', '../x', /Name the server first/u]],
  'server URL': [['no URL', 'nowhere', /write an http or https URL/u]],
  recorded: [
    ...unreadable,
    ['an empty file', at('blank'), /blank is empty/u],
    ['no traffic', at('plain.txt'), /plain\.txt:1 is no line of traffic/u],
  ],
  log: [
    ...unreachable,
    ['a directory without a log', at('empty'), /empty holds no log/u],
    ['no archive', at('plain.txt'), /plain\.txt is no tar archive/u],
    ['a broken archive', at('cut.tar.gz'), /cut\.tar\.gz cannot be unpacked/u],
    ['an archive of something else', released.policy, /policy\.tar\.gz holds no log/u],
  ],
  'tenant data': (
    [
      ['a missing file', 'absent'],
      ['an unreadable file', 'loop'],
      ['a path below a file', 'plain.txt/x'],
      ['a file', 'plain.txt'],
      ['a directory without a log', 'empty'],
    ] as const
  ).map(([what, name]): Wrong => [what, at(name), /holds no entries in log\//u]),
  'archive place': [
    loop,
    ['a file', at('plain.txt'), /plain\.txt: it is no directory/u],
    ['a path below a file', at('plain.txt/x'), /plain\.txt\/x.*not a directory/u],
  ],
  'place in a log': [['neither index nor date', 'soon', /write a day/u]],
  'export place': [
    ['a directory with something in it', at('sound'), /sound.*something else is there/u],
    ['a file that is no archive', at('plain.txt'), /plain\.txt: something else is there/u],
    loop,
    ['a path below a file', at('plain.txt/x.tar'), /not a directory/u],
    ['a folder that is not there', at('absent/x'), /no such file.*directory that exists/u],
  ],
  format: [['another one', 'xml', /write one of/u]],
  framework: [['another one', 'iso', /write one of/u]],
  control: [['one of another framework', 'ASI01', /write one of GV/u]],
  catalogue: [
    ...unreadable,
    ['no JSON', at('plain.txt'), /plain\.txt is not JSON/u],
    ['another document', at('other.json'), /other\.json is no catalogue/u],
  ],
  'log key': [...unreadable, ['no key', at('plain.txt'), /plain\.txt is not a verifier key/u]],
  'log keys': [...unreadable, ['no keys', at('plain.txt'), /plain\.txt is not a JWK set/u]],
  'witness policy': [...unreadable, ['no policy', at('plain.txt'), /plain\.txt/u]],
  disclosure: [...unreadable, ['no disclosure', at('plain.txt'), /plain\.txt/u]],
  'bundles directory': [
    ['a missing folder', at('absent'), /absent: there is no such directory/u],
    ['a file', at('plain.txt'), /plain\.txt: there is no such directory/u],
    loop,
  ],
  passphrase: [
    ['a missing file', at('absent'), /absent is not there: name a file/u],
    ['a directory', at('shelf'), /shelf/u],
    ['a file that others can read', at('plain.txt'), /plain\.txt can be read by others/u],
    ['a short one', at('short'), /short has fewer than 16 bytes/u],
    ['more than a line', at('two-lines'), /two-lines has more than one line/u],
    ['another one', at('other-passphrase'), /cannot be opened: give the passphrase/u],
  ],
  'new passphrase': [
    ['a missing file', at('absent'), /absent is not there: name a file/u],
    ['a short one', at('short'), /short has fewer than 16 bytes/u],
    ['a file that others can read', at('plain.txt'), /plain\.txt can be read by others/u],
  ],
  'sealed key': [
    ...unreadable,
    ['a file that others can read', at('plain.txt'), /plain\.txt can be read by others/u],
    ['no key', at('short'), /short is no sealed key/u],
    ['a key for something else', at('sealed-note'), /sealed-note holds a key for the use "note"/u],
  ],
  share: [
    ...unreadable,
    ['no share', at('short'), /short is no share of a key/u],
    ['a share alone', at('share-1.json'), /1 of the 2 shares/u],
  ],
  'key algorithm': [['another one', 'HS256', /write ES256 or EdDSA/u]],
  'few shares': [
    ['one', '1', /write 2 or more/u],
    ['a word', 'many', /write a whole number/u],
  ],
  'tenant directory': [
    ['a missing folder', at('absent'), /absent/u],
    ['a folder without keys', at('empty'), /empty/u],
  ],
  'restored tenant': [['a missing folder', at('absent'), /absent is no directory/u]],
  'there already': [['one that is there', at('short'), /short is there already/u]],
  scenario: [
    ...unreadable,
    ['no scenario', at('plain.txt'), /plain\.txt:1:1: error: this is no scenario/u],
    ['another document', at('other.json'), /other\.json:1:1: error: this is no scenario/u],
  ],
  directory: [['a missing folder', at('absent'), /absent is no directory/u]],
  'new private file': [
    ['one that is there', at('short'), /short is there already/u],
    ['a folder that is not there', at('absent/x'), /no such file.*directory that exists/u],
  ],
  socket: [
    ['a folder that is not there', at('absent/socket'), /lies in no directory: make it/u],
    ['a file', at('short'), /short is there and no socket/u],
    ['more than an address holds', at('s'.repeat(108)), /longer than the 107 bytes/u],
  ],
  'witness key': [
    ...unreadable,
    ['no key', at('plain.txt'), /plain\.txt is no verifier key of a witness/u],
  ],
  'witnessed checkpoint': [
    ...unreadable,
    ['no checkpoint', at('plain.txt'), /plain\.txt is no signed checkpoint/u],
  ],
  'key id': [['a word', 'mine', /mine is no id of a key/u]],
  'seen checkpoint': [
    loop,
    folder,
    ['no checkpoint', at('plain.txt'), /plain\.txt is no signed checkpoint/u],
  ],
  person: [['half a person', 'alice', /write a pseudonym/u]],
  day: [['a word', 'soon', /soon: write a date/u]],
  since: [['a word', 'soon', /--since soon/u]],
  'rule name': [
    ['no path', 'rule', /write <area>\/<rule>/u],
    ['a path that climbs', '../x/y', /write <area>\/<rule>/u],
    ['the area of the pack', 'capability/x', /write team\/x/u],
  ],
  tenant: [['without a configuration', 'acme', /needs --config/u]],
  /** Any text is taken as it is: the service or the bundle says what it thinks of it. */
  text: [],
} as const satisfies Readonly<Record<string, readonly Wrong[]>>

export type Kind = keyof typeof kinds

/** What each option is, whichever command has it; a row of a command may say otherwise. */
export const kindsOfOptions: Readonly<Record<string, Kind>> = {
  project: 'repository',
  bundle: 'bundle',
  previous: 'bundle',
  queries: 'questions',
  config: 'configuration',
  tenant: 'tenant',
  'token-file': 'token',
  'passphrase-file': 'passphrase',
  data: 'development data',
  url: 'url',
  at: 'instant',
  within: 'count',
  rounds: 'count',
  top: 'count',
  sequence: 'count',
  run: 'expression',
  algorithm: 'algorithm',
  username: 'text',
  archive: 'log',
  'password-file': 'secret',
  'bearer-token-file': 'secret',
  reason: 'text',
  revision: 'text',
  scope: 'text',
  'key-id': 'text',
  grant: 'grant',
  since: 'since',
  seconds: 'count',
  'review-by': 'day',
  owner: 'text',
  'spiffe-id': 'text',
  launch: 'text',
  resource: 'text',
  classification: 'text',
  direction: 'text',
  effects: 'text',
  arguments: 'tool arguments',
  purpose: 'text',
  environment: 'text',
  issuer: 'text',
  group: 'text',
  server: 'text',
  workflow: 'text',
  initiator: 'person',
  from: 'instant',
  to: 'instant',
  origin: 'text',
  bundles: 'bundles directory',
  guard: 'text',
  format: 'format',
  framework: 'framework',
  control: 'control',
  catalogue: 'catalogue',
  after: 'count',
  most: 'count',
  // Read with --format alone: what may be wrong with it, the tests of the formats say.
  position: 'text',
}
