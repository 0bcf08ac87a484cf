// `countersign keys serve`: a process of its own that has the private keys of one tenant and signs with them, for the service
// that may open its socket. Interrupted at any moment it leaves nothing behind that would hold up the next one.

import { join, resolve } from 'node:path'
import { FileSigner } from '../../service/adapter/audit-log/keys/file-signer.ts'
import { readPassphrase } from '../../service/adapter/audit-log/keys/passphrase.ts'
import { serveSigner } from '../../service/adapter/remote-signer/serve-signer.ts'
import { type Command, usage } from '../command/command.ts'
import { kindOf } from '../command/read-file.ts'
import { onlyPositional, optionalText, text } from '../policy/arguments.ts'
import { passphraseOptions, passphraseUsage } from './private-file.ts'

export const serve: Command = {
  name: 'serve',
  summary: 'hold the signing keys of a tenant in a process of its own, until interrupted',
  usage: `<directory> --socket <file> [--group] [--passphrase-file <file>]

  <directory>            where its keys/ lie, of one tenant alone; keys that the service asks for are made there
  --socket <file>        where the service finds it (signing.signer.socket), in a directory that only its owner may write to
  --group                the group of the socket may open it too, not only its owner: run the service as another user
${passphraseUsage}

Whoever may open the socket has it sign; no private key ever leaves. One line is printed when it is ready.
Exit code 130 or 143 when interrupted.`,
  options: {
    ...passphraseOptions,
    socket: { type: 'string' },
    group: { type: 'boolean' },
  },
  run: async (call) => {
    const directory = onlyPositional(call, 'the directory of the keys')
    const path = resolve(text(call, 'socket', 'the socket'))
    const file = optionalText(call, 'passphrase-file')
    if (kindOf(directory) !== 'directory')
      throw usage(`${directory} is no directory: name one that is there.`)
    const passphrase = file === undefined ? null : await readPassphrase(file)
    const { signer, failed } = await serveSigner(
      () => FileSigner.open(join(directory, 'keys'), passphrase),
      { path, group: call.values['group'] === true },
    )
    const keys = await signer.keys()
    call.say(`signs at ${path}, with ${String(keys.length)} keys`, { socket: path, keys })
    return await failed
  },
}
