/** JSON Pointers (RFC 6901): how a fault names its place. */

/** The pointer of a member of the value that `parent` points to. */
export function pointerTo(parent: string, name: string): string {
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
