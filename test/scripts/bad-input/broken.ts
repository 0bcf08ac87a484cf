/** A folder of everything that can be wrong with what a command is given, and of what is right beside it. */
import { generateKeyPairSync } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { splitKey } from '../../../scripts/keys/share.ts'
import { generateSigningKey } from '../../../service/adapter/audit-log/keys/jwk.ts'
import { sealKey, type KeyUse } from '../../../service/adapter/audit-log/keys/sealed-key.ts'
import { writeUnsigned } from '../../../service/bundle/write-bundle.ts'
import { baseQuestions } from '../../golden/cases.ts'
import { newNoteSigner, publish } from '../../support/published-log.ts'
import { writeKeyPair } from '../../support/signing-keys.ts'

export const top = mkdtempSync(join(tmpdir(), 'countersign-bad-input-'))
export const at = (name: string): string => join(top, name)
export const removeAll = (): void => {
  rmSync(top, { recursive: true })
}

const bundles = join(import.meta.dirname, '../../../bundles')
export const released = {
  policy: join(bundles, 'policy.tar.gz'),
  key: `development=${join(bundles, 'development-key/public.pem')}`,
  privateKey: join(bundles, 'development-key/private.pem'),
}

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(at(name), content)
}

function writeRepository(name: string, files: Readonly<Record<string, string>>): void {
  for (const folder of ['', '/rules', '/data', '/golden']) mkdirSync(at(`${name}${folder}`))
  for (const [file, content] of Object.entries(files)) write(`${name}/${file}`, content)
}

const projectText = JSON.stringify({
  ...{ name: 'acme', pack: 'default', rules: 'rules', data: 'data', golden: 'golden' },
})
const registry = readFileSync(join(bundles, '../rego/data/registry.json'), 'utf8')
const golden =
  'golden:\n  cases:\n    team:\n      - name: plain\n        want: { effect: permit }\n'
const whole = {
  'countersign-policy.json': projectText,
  'data/registry.json': registry,
  'golden/team.yaml': golden,
}

/** Repositories in which one file is broken: name -> the file, its content, and what reads it. */
export const brokenContents = {
  'data that is no JSON': { file: 'data/registry.json', content: '{"servers": {,}}', of: 'data' },
  'data that is no YAML': { file: 'data/registry.yaml', content: 'servers: {a', of: 'data' },
  'data of another schema': { file: 'data/registry.json', content: '[]', of: 'data' },
  'cases that are no YAML': { file: 'golden/team.yaml', content: 'golden: [', of: 'golden' },
  'cases of another schema': { file: 'golden/team.yaml', content: 'golden: 5', of: 'golden' },
  'a rule that is no Rego': {
    file: 'rules/broken.rego',
    content: 'package a\n\nx if {',
    of: 'rego',
  },
  'a rule that leads nowhere': { file: 'rules/loop.rego', content: null, of: 'rego' },
} as const

writeRepository('sound', whole)
writeRepository('no-json', { ...whole, 'countersign-policy.json': '{"name": ' })
writeRepository('no-schema', {
  ...whole,
  'countersign-policy.json': '{"name": 5, "pack": null, "rules": "rules"}',
})
writeRepository('no-rules', {
  ...whole,
  'countersign-policy.json': '{"name": "a", "pack": "default", "rules": "gone"}',
})
for (const [name, { file, content }] of Object.entries(brokenContents)) {
  const files = { ...whole, ...(content === null ? {} : { [file]: content }) }
  // Two files of the registry would be two faults.
  if (file === 'data/registry.yaml') files['data/registry.json'] = '{}'
  writeRepository(name, files)
  if (content === null) symlinkSync(at(`${name}/${file}`), at(`${name}/${file}`))
}

publish(at('log'), {
  ...{ tokens: [], origin: 'localhost/dev', signer: newNoteSigner(), jwks: { keys: [] } },
})

const format = 'pem'
const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
const otherUse = generateKeyPairSync('x25519')
const secret = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
writeKeyPair(top, 'good', 'ES256')
write('small.pem', small.privateKey.export({ type: 'pkcs8', format }))
write('small.pub', small.publicKey.export({ type: 'spki', format }))
write('x25519.pem', otherUse.privateKey.export({ type: 'pkcs8', format }))
write('x25519.pub', otherUse.publicKey.export({ type: 'spki', format }))
write(
  'encrypted.pem',
  secret.export({ type: 'pkcs8', format, cipher: 'aes-256-cbc', passphrase: 'p' }),
)

const files = new Map([['data.json', Buffer.from('{"limits":{"calls":1}}')]])
const unsigned = writeUnsigned({ roots: ['limits'], sequence: 4, files })
write('unsigned.tar.gz', unsigned)
write('cut.tar.gz', unsigned.slice(0, unsigned.length / 2))
write('text.tar.gz', 'this is no archive\n')
mkdirSync(at('empty'))
mkdirSync(at('shelf'))
mkdirSync(at('development'))
mkdirSync(at('broken-data/development'), { recursive: true })
write('broken-data/development/keys.json', 'null')
symlinkSync(at('loop'), at('loop'))
write('plain.txt', 'nothing that any command reads\n')
write('broken.json', '{"question": ')
write('other.json', '[1, 2]')
write('recorded.jsonl', JSON.stringify(baseQuestions.get('tool')))
write('decision', 'dec_00000000-0000-4000-8000-000000000000\n')
write('blank', '')
write('two-words', 'two words\n')
function writePrivate(name: string, content: string): void {
  write(name, content)
  chmodSync(at(name), 0o600)
}
const passphrase = 'correct horse battery staple'
writePrivate('passphrase', `${passphrase}\n`)
writePrivate('other-passphrase', 'incorrect horse battery staple\n')
writePrivate('short', 'too short\n')
writePrivate('two-lines', 'one line of a passphrase\nand another\n')
const bundleKey = generateSigningKey('ES256')
const sealed = (value: object, use: KeyUse): Promise<string> =>
  sealKey(value, use, Buffer.from(passphrase))
writePrivate('sealed-bundle', await sealed(bundleKey, 'bundle'))
writePrivate('sealed-note', await sealed(generateSigningKey('Ed25519'), 'note'))
writePrivate('sealed-backup', await sealed({ files: {} }, 'backup'))
for (const share of await splitKey(bundleKey, 2, 3))
  writePrivate(`share-${String(share.number)}.json`, JSON.stringify(share))
mkdirSync(at('tenant/keys/signing'), { recursive: true })
for (const name of ['note-ed25519', 'pseudonym', 'disclosure'])
  writePrivate(`tenant/keys/${name}.jwk`, '{"kty":"oct"}')
write('token', 'a.b.c\n')
write('question.json', '{"question": {"server_id": "ops", "kind": "tool"}, "registry": {}}')
