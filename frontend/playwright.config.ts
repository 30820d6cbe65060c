import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineConfig } from '@playwright/test';

// The configuration is read by the runner and again by its worker: what is chosen once is handed on.
const env = process.env;
const home = resolve(import.meta.dirname, '..');
env.ENTREPOT_BIN = resolve(import.meta.dirname, env.ENTREPOT_BIN ?? '../target/debug/entrepot');
env.ENTREPOT_E2E_DIR ??= mkdtempSync(join(tmpdir(), 'entrepot-e2e-'));
env.ENTREPOT_E2E_PORT ??= '38917';
env.ENTREPOT_DATABASE = `sqlite://${env.ENTREPOT_E2E_DIR}/entrepot.db`;
env.ENTREPOT_URL = `http://127.0.0.1:${env.ENTREPOT_E2E_PORT}`;
env.ENTREPOT_SHOTS = resolve(import.meta.dirname, 'test-results');

const server = [
  env.ENTREPOT_BIN,
  'serve --demo --demo-orders 12',
  `--listen 127.0.0.1:${env.ENTREPOT_E2E_PORT}`,
  `--database ${env.ENTREPOT_DATABASE}`,
  `--files ${env.ENTREPOT_E2E_DIR}/files`,
].join(' ');

export default defineConfig({
  testDir: '../tests/browser',
  outputDir: 'test-results/runs',
  globalTeardown: './scripts/e2e-teardown.ts',
  workers: 1,
  // A browser on a busy machine may miss a moment that no user would: once more, and the run names it as flaky.
  retries: env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: 'list',
  use: {
    baseURL: env.ENTREPOT_URL,
    browserName: 'chromium',
    actionTimeout: 10_000,
    launchOptions: {
      executablePath: env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--no-first-run',
        '--disable-quic',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: `exec ${server}`,
    cwd: home,
    url: `${env.ENTREPOT_URL}/ready`,
    timeout: 120_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 3_000 },
  },
});
