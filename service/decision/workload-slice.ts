/** How a server's workload is registered, as policy sees it: one member says it, the others are null. */
import type { RegistrySlice } from '../contract/policy-input.ts'
import type { RegisteredWorkload } from '../contract/workload.ts'

type Slice = Pick<NonNullable<RegistrySlice['server']>, 'launch' | 'platform' | 'spiffe_id' | 'tls'>

export function workloadSlice(workload: RegisteredWorkload): Slice {
  return {
    launch: 'launch' in workload ? workload.launch.digests : null,
    platform: 'platform' in workload ? workload.platform : null,
    spiffe_id: 'spiffe_id' in workload ? workload.spiffe_id : null,
    tls: 'tls' in workload ? workload.tls : null,
  }
}
