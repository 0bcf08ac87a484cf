/** How often a value of one sample is above one of the other (Mann-Whitney): 0.5 when they cannot be told apart. */
export function shareAbove(sample: readonly number[], other: readonly number[]): number {
  let above = 0
  for (const one of sample)
    for (const another of other) above += one > another ? 1 : one === another ? 0.5 : 0
  return above / (sample.length * other.length)
}
