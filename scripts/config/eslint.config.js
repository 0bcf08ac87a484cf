// The linter: typed rules everywhere, and purity in the folders that must stay replayable (no clock,
// network, randomness, process). Every disabled rule in the source must say why (check-house).

import { join } from 'node:path'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const root = join(import.meta.dirname, '../..')

const pure = [
  'contract',
  'identity',
  'purpose',
  'workflow',
  'approval',
  'decision',
  'statement',
  'audit',
  'bundle',
]
const pureFiles = [...pure, 'port', 'flow'].map((folder) => `service/${folder}/**/*.ts`)

const impureGlobals = [
  'process',
  'console',
  'fetch',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Buffer',
  'XMLHttpRequest',
  'WebSocket',
]

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Name every export.',
}

export default defineConfig(
  {
    // What runs in browsers is typed by their names, which this project leaves out on purpose.
    ignores: ['**/node_modules/', '.cache/', 'coverage/', 'service/http/console/asset/'],
  },
  {
    files: ['**/*.ts', '**/*.js'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: join(root, 'tsconfig.json'), tsconfigRootDir: root },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/strict-boolean-expressions': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An interface is not assignable to a JSON value; a type is. The author chooses.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, argsIgnorePattern: '^_' },
      ],
      // `??` and `?.` count as branches here.
      complexity: ['error', 12],
      eqeqeq: 'error',
      'max-lines': ['error', 350],
      'max-depth': ['error', 3],
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  {
    // noPropertyAccessFromIndexSignature asks for brackets where this rule would ask for a dot.
    files: ['**/*.ts', '**/*.js'],
    rules: { '@typescript-eslint/dot-notation': 'off' },
  },
  {
    files: pureFiles,
    rules: {
      'no-restricted-globals': [
        'error',
        ...impureGlobals.map((name) => ({ name, message: 'This folder is pure: ask a port.' })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes from the clock port.' },
        { object: 'Math', property: 'random', message: 'Randomness comes from a port.' },
      ],
      'no-restricted-syntax': [
        'error',
        noDefaultExport,
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Time comes from the clock port.',
        },
        {
          selector: 'CallExpression[callee.name="Date"]',
          message: 'Time comes from the clock port.',
        },
      ],
    },
  },
  {
    // A test reads untyped bodies and calls methods unbound; what it must not do is hide a promise.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': ['error', 500],
    },
  },
  {
    files: ['scripts/config/*'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Plain JavaScript states its types in JSDoc.
    files: ['**/*.js'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
)
