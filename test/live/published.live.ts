// The bundled schemas are those a real API server publishes: every kind, version, field and keyword.
import { expect, test } from 'vitest';
import { comparePublished } from './verdict/published.ts';
import { startApiServer } from './verdict/server.ts';

test('bundled schemas are what the API server publishes', { timeout: 180_000 }, async () => {
  const server = await startApiServer();
  try {
    const { compared, bundled, differences } = await comparePublished(server);
    expect(differences).toEqual([]);
    // What isn't served (a feature gate is closed, a version is gone) is the exception.
    expect(bundled).toBeGreaterThan(450);
    expect(compared).toBeGreaterThan(bundled * 0.9);
  } finally {
    await server.stop();
  }
});
