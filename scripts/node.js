// Node 26 itself, for the npm scripts: `node scripts/node.js <file.ts> <arguments>`.

import { launch } from './launch.js'

launch(process.argv.slice(2))
