/** Conditions of workflow files: comparisons for equality, joined by `&&`. Another one is an error, never a guess. */

const comparison = /^\s*(\S+)\s*==\s*(\S+)\s*$/u

/** @param valueOf the value of a name; it throws for one that the CI does not know */
export function holds(condition: string, valueOf: (name: string) => string): boolean {
  return condition.split('&&').every((part) => {
    const [, left, right] = comparison.exec(part) ?? []
    if (left === undefined || right === undefined) throw new Error(`"${part}" is no comparison`)
    return operand(left, valueOf) === operand(right, valueOf)
  })
}

function operand(text: string, valueOf: (name: string) => string): string {
  return /^(["']).*\1$/u.test(text) ? text.slice(1, -1) : valueOf(text)
}
