/** What a facade's own members say of the question; what they contradict denies. */
export type Claimed = {
  readonly subject?: string
  readonly action?: string
  readonly resource?: { readonly type: string; readonly id: string }
}
