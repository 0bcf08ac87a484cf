/** The data of a bundle: every `data.json`, placed by its directory and merged, all of it within the roots. */
import { baseName, directoryOf } from './bundle-path.ts'
import { isObject, type JsonObject, type JsonValue } from './json-value.ts'
import { parseJson } from './parse-json.ts'
import type { BundleFiles } from './read-tar.ts'
import { refusal } from './refusal.ts'
import { isWithinRoots } from './roots.ts'

/** @param files whose hashes were checked: they are known to be JSON */
export function readData(files: BundleFiles, roots: readonly string[]): JsonObject {
  let data: JsonObject = new Map()
  for (const [path, bytes] of files) {
    if (baseName(path) !== 'data.json') continue
    const directory = directoryOf(path)
    // OPA drops leading dots of the first directory; we do not guess.
    if (directory[0]?.startsWith('.') === true) {
      throw refusal(
        'path',
        path,
        'data may not lie in a directory that begins with a dot: rename it',
      )
    }
    data = mergeData(data, under(directory, parseJson(bytes)), path)
  }
  checkRoots(data, '', roots)
  return data
}

/**
 * Two objects as one; where both have a member, both must be objects.
 *
 * @param place what the second one comes from, for the refusal
 */
export function mergeData(first: JsonObject, second: JsonObject, place: string): JsonObject {
  const merged = new Map(first)
  for (const [name, value] of second) {
    const before = merged.get(name)
    if (before === undefined) merged.set(name, value)
    else if (isObject(before) && isObject(value)) merged.set(name, mergeData(before, value, place))
    else
      throw refusal(
        'data_conflict',
        place,
        `"${name}" has a value in another file: keep one of them`,
      )
  }
  return merged
}

function under(directory: readonly string[], value: JsonValue): JsonObject {
  const placed = directory.reduceRight((inner, name) => new Map([[name, inner]]), value)
  if (isObject(placed)) return placed
  throw refusal('json', 'data.json', 'the data at the root must be an object')
}

/** Each value lies in a root, or is an object that has a root below it. */
function checkRoots(value: JsonValue, path: string, roots: readonly string[]): void {
  if (isWithinRoots(path, roots)) return
  const leadsToRoot = path === '' || roots.some((root) => root.startsWith(`${path}/`))
  if (!isObject(value) || !leadsToRoot) {
    throw refusal(
      'outside_roots',
      `data/${path}`,
      `the manifest's roots (${roots.join(', ')}) do not own this: move it or add a root`,
    )
  }
  for (const [name, member] of value)
    checkRoots(member, path === '' ? name : `${path}/${name}`, roots)
}
