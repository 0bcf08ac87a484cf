/**
 * The key that signs the bundles of this repository, whose private half is public.
 *
 * Production refuses it: whoever can read the repository could sign a policy.
 */

export const developmentKeyId = 'development'

/** RFC 7638 thumbprint of bundles/development-key/public.pem. */
export const developmentKeyThumbprint = 'PmI4fFmA3AUHNU58Ib8446ajcSZwS7vpH_6A8_euymw'
