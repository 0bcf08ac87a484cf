/**
 * Names of files in a bundle: `opa build` writes `/data.json`, other tools `data.json` or `./data.json`.
 *
 * One spelling inside: no leading slash, no empty, `.` or `..` segment, nothing that a terminal obeys.
 */
import { refusal } from './refusal.ts'

const forbidden = /[\u0000-\u001f\u007f\\]/

/** @throws PdpError `bundle_refused` when the name leads outside the bundle or has two readings. */
export function bundlePath(name: string): string {
  const path = name.replace(/^(?:\.?\/)/, '')
  const segments = path.split('/')
  if (forbidden.test(path) || segments.some(isUnsafe)) {
    throw refusal(
      'path',
      JSON.stringify(name),
      'this file name is absolute, climbs or is unreadable: rename it',
    )
  }
  return path
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The directories that a file lies in. */
export function directoryOf(path: string): readonly string[] {
  return path.split('/').slice(0, -1)
}

function isUnsafe(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..'
}
