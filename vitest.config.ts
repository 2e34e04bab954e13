import { defineConfig } from 'vitest/config'

const exclude = ['**/node_modules/**', '**/dist/**', '.heddle/**']
const withServices = {
  globalSetup: ['test/support/global-setup.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
}

/** Four projects: what needs nothing, what needs the real services, a browser, or much time. */
export default defineConfig({
  test: {
    // Two cores: more files at once only make each other slow.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx,mjs}'],
          exclude: [...exclude, '**/*.{int,browser,heavy}.test.ts'],
          testTimeout: 30_000,
        },
      },
      { test: { name: 'integration', include: ['**/*.int.test.ts'], exclude, ...withServices } },
      {
        test: {
          name: 'browser',
          include: ['**/*.browser.test.ts'],
          exclude,
          globalSetup: ['test/e2e/support/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      { test: { name: 'heavy', include: ['**/*.heavy.test.ts'], exclude, ...withServices } },
    ],
  },
})
