import { rmSync } from 'node:fs';

/** The database of the run goes with it. */
export default function teardown(): void {
  const folder = process.env.ENTREPOT_E2E_DIR;
  if (folder?.includes('entrepot-e2e-')) rmSync(folder, { recursive: true, force: true });
}
