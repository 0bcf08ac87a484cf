/** Every page of the console, in one table. They are for browsers: OpenAPI describes the API that they are a face of. */
import { PdpError } from '../../contract/error-code.ts'
import { assetRoute } from './route/asset.ts'
import { approvalPageRoutes } from './route/approval.ts'
import { passkeyRoutes } from './route/passkeys.ts'
import { queueRoutes } from './route/queue.ts'
import { signInRoutes } from './route/sign-in.ts'
import { signOutRoutes } from './route/sign-out.ts'
import type { ConsoleRoute } from './visit.ts'

export const consoleRoutes: readonly ConsoleRoute[] = [
  ...signInRoutes,
  ...signOutRoutes,
  ...queueRoutes,
  ...approvalPageRoutes,
  ...passkeyRoutes,
  assetRoute,
  // Last: what is none of these is a page that is not there, and no problem of the API.
  {
    method: 'get',
    path: '/console/*rest',
    signedIn: () => Promise.reject(new PdpError('not_found', 'There is no such page.')),
  },
]
