// What the operating system says when a file cannot be used, in words, and what to do about it.

import { messageOf } from '../parts/run.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'its symbolic links lead back to themselves',
  ENAMETOOLONG: 'the name is too long',
  EACCES: 'you may not use it',
  EPERM: 'you may not use it',
  EROFS: 'its disk cannot be written to',
  EEXIST: 'something else is there',
  ENOSPC: 'its disk is full',
  EDQUOT: 'your share of its disk is used up',
  EFBIG: 'it would be larger than you may write',
  EIO: 'its disk does not answer',
}

/** Not the fault of what was named: another name would fail as well. */
const ofTheDisk: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'])

export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error
}

export function isFaultOfDisk(error: unknown): boolean {
  return ofTheDisk.has(codeOf(error))
}

/** "there is no such file", to be followed by what to name instead. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error)
  return reasons[code] ?? (code === '' ? messageOf(error) : code)
}

function codeOf(error: unknown): string {
  return isSystemError(error) ? (error.code ?? '') : ''
}
