import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import importX from 'eslint-plugin-import-x'

/** One rule of style.md's "who may import whom": files, what they may not import, and why. */
const boundary = (files, groups, message) => ({
  files,
  ignores: ['**/*.test.ts', '**/*.test.tsx'],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: groups, message }] }] },
})

export default defineConfig(
  // Tests of plain JavaScript files are outside the TypeScript project.
  {
    ignores: ['node_modules', 'dist', '.heddle', 'coverage', 'bin/*.test.ts', 'scripts/*.test.ts'],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['eslint.config.js', 'bin/*.mjs', 'scripts/*.mjs'],
        },
      },
    },
    plugins: { 'import-x': importX },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off',
      // Stores and services are plain objects of functions; none of them uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } },
      ],
    },
  },
  { files: ['*.ts', '*.js'], rules: { 'no-restricted-exports': 'off' } },
  { files: ['**/*.{js,mjs}'], ...tseslint.configs.disableTypeChecked },
  boundary(
    ['engine/contract/*.ts'],
    ['../*', '../../*', 'mongodb', '@temporalio/*', 'node:*'],
    'The contract is the shared language: zod only, safe in browser, worker and workflow types.',
  ),
  boundary(
    ['engine/contract/*/**'],
    ['../../*', 'mongodb', '@temporalio/*', 'node:*'],
    'The contract is the shared language: zod only, safe in browser, worker and workflow types.',
  ),
  boundary(
    ['engine/flow/**', 'engine/identity/**', 'engine/privacy/**', 'engine/audience/**'],
    [
      '**/store/**',
      '**/server/**',
      '**/worker/**',
      '**/run/**',
      'mongodb',
      '@temporalio/*',
      'node:*',
    ],
    'These folders are pure: the contract only; no clock, randomness, network or database.',
  ),
  boundary(
    ['nodes/**'],
    ['**/store/**', '**/server/**', '**/worker/**', '@temporalio/*', 'mongodb'],
    'A node reaches the world through its context, so that dry runs and tests can be safe by construction.',
  ),
  boundary(
    ['workflows/**'],
    ['node:*', 'mongodb', 'zod', '**/store/**', '**/run/**', '**/worker/**', '**/nodes/**'],
    'Workflow code must be deterministic: @temporalio/workflow and types from the contract only.',
  ),
  boundary(
    ['editor/**'],
    [
      '**/store/**',
      '**/server/**',
      '**/worker/**',
      '**/run/**',
      '**/nodes/**',
      'mongodb',
      '@temporalio/*',
    ],
    'The editor knows the contract and engine/flow; everything else arrives through the API.',
  ),
)
