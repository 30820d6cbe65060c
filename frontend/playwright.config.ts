import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineConfig } from '@playwright/test';

// The configuration is read by the runner and again by its workers: what is chosen once is handed on. Each worker has a server
// and a market of its own, so that journeys run side by side without meeting each other.
const env = process.env;
const home = resolve(import.meta.dirname, '..');
const workers = 2;
env.ENTREPOT_BIN = resolve(import.meta.dirname, env.ENTREPOT_BIN ?? '../target/debug/entrepot');
env.ENTREPOT_E2E_DIR ??= mkdtempSync(join(tmpdir(), 'entrepot-e2e-'));
env.ENTREPOT_E2E_FIRST_PORT ??= env.ENTREPOT_E2E_PORT ?? '38917';

/** Where the server of a worker lives; the port after its own is free for a server that a journey starts. */
function place(worker: number) {
  const port = Number(env.ENTREPOT_E2E_FIRST_PORT) + 2 * worker;
  const folder = join(env.ENTREPOT_E2E_DIR as string, String(worker));
  mkdirSync(folder, { recursive: true });
  return { port, folder, database: `sqlite://${folder}/entrepot.db`, url: `http://127.0.0.1:${port}` };
}

const own = place(Number(env.TEST_PARALLEL_INDEX ?? 0));
env.ENTREPOT_E2E_PORT = String(own.port);
env.ENTREPOT_DATABASE = own.database;
env.ENTREPOT_URL = own.url;
env.ENTREPOT_SHOTS = resolve(import.meta.dirname, 'test-results');

function server(worker: number) {
  const { port, folder, database, url } = place(worker);
  const demo = 'serve --demo --demo-orders 12';
  return {
    command: `exec ${env.ENTREPOT_BIN} ${demo} --listen 127.0.0.1:${port} --database ${database} --files ${folder}/files`,
    cwd: home,
    url: `${url}/ready`,
    timeout: 120_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 3_000 },
  };
}

export default defineConfig({
  testDir: '../tests/browser',
  outputDir: 'test-results/runs',
  globalTeardown: './scripts/e2e-teardown.ts',
  workers,
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
  webServer: Array.from({ length: workers }, (_, worker) => server(worker)),
});
