#!/usr/bin/env node
// The one command of the product: every subcommand is in service/main.ts.

import { fileURLToPath } from 'node:url'
import { launch } from './launch.js'

launch([fileURLToPath(new URL('../service/main.ts', import.meta.url)), ...process.argv.slice(2)])
