/** Whose approvals are told of, and where people find them. */
export type Site = {
  readonly tenant: string
  /** The origin of the service. */
  readonly publicUrl: string
  readonly clock: { readonly now: () => number }
}
