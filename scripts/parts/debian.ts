// Installs a Debian package, on Debian as root only, and says so.

import { existsSync } from 'node:fs'
import type { Part } from '../parts.ts'
import { run } from './run.ts'

export function canInstall(): boolean {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0
}

export function install(part: Part, packageName: string): void {
  process.stderr.write(`installing ${part.name} (apt-get install ${packageName})\n`)
  const environment = { DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['update', '-q'], { environment })
  run('apt-get', ['install', '-qy', '--no-install-recommends', packageName], { environment })
}
