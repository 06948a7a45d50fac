// The bundled schemas match those that a real API server publishes: every kind, version, field and keyword.
import { expect, test } from 'vitest';
import { comparePublished } from './verdict/published.ts';
import { startApiServer } from './verdict/server.ts';

test('bundled schemas match those published by the API server', { timeout: 180_000 }, async () => {
  const server = await startApiServer();
  try {
    const { compared, bundled, differences } = await comparePublished(server);
    expect(differences).toEqual([]);
    // Versions that aren't served (a disabled feature gate, a removed version) are exceptions.
    expect(bundled).toBeGreaterThan(450);
    expect(compared).toBeGreaterThan(bundled * 0.9);
  } finally {
    await server.stop();
  }
});
