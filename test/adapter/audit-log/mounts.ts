/** Real file systems that are small or broken; `null` where the machine does not let us mount. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const mounted: string[] = []
const base = mkdtempSync(join(tmpdir(), 'countersign-disk-'))

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

export function mount(name: string, ...args: string[]): string | null {
  const at = join(base, name)
  mkdirSync(at)
  if (!succeeds('mount', ...args, at)) return null
  mounted.push(at)
  return at
}

export function remount(at: string, options: string): void {
  if (!succeeds('mount', '-o', `remount,${options}`, at)) throw new Error(`${at}: ${options}`)
}

/** ext4 in a file that promises 24 MiB, on a tmpfs that has 8: it has room, and its flush fails. */
export function brokenDisk(name = 'broken'): string | null {
  const store = mount(`${name}-store`, '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs')
  if (store === null) return null
  const image = join(store, 'image')
  writeFileSync(image, '')
  truncateSync(image, 24 * 1024 * 1024)
  if (!succeeds('mkfs.ext4', '-q', '-F', '-O', '^has_journal', image)) return null
  return mount(name, '-o', 'loop', image)
}

export function unmountAll(): void {
  for (const at of mounted.reverse()) spawnSync('umount', [at])
  rmSync(base, { recursive: true })
}
