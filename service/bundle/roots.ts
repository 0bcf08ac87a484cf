/** Roots: the parts of `data` that a bundle owns. Compared by whole segments: `a/b` does not own `a/bc`. */

/** True if one of two roots lies within the other. */
export function rootsOverlap(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a)
}

/** True if a path of `data`, written with slashes, lies within one of the roots. */
export function isWithinRoots(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => isWithin(path, root))
}

/** The empty root owns everything. */
function isWithin(path: string, root: string): boolean {
  return root === '' || path === root || path.startsWith(`${root}/`)
}

/** The first two roots of which one lies within the other. */
export function firstOverlap(roots: readonly string[]): readonly [string, string] | null {
  for (const [i, root] of roots.entries()) {
    const other = roots.slice(i + 1).find((later) => rootsOverlap(root, later))
    if (other !== undefined) return [root, other]
  }
  return null
}
