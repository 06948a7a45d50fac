// Faults of credentials: C7, C17, C18, C23, C24.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { authority } from '../../testbed/certificates.ts';
import { type PluginBehaviour, writePlugin } from '../../testbed/exec-plugins.ts';
import { type Bed, type Fault, settled } from './bed.ts';
import { adminUser, type Engine, until } from './engine.ts';
import { isRunning } from './leaks.ts';

export const credentialFaults: readonly Fault[] = [
  {
    id: 'C7',
    title: 'client certificate rotated, by file and by plugin',
    async run(bed) {
      const folder = scratch(bed);
      const by = authority('clients');
      const ca = join(folder, 'clients.crt');
      writeFileSync(ca, by.certificate);
      const own = await bed.controlPlane({ apiServerFlags: [`--client-ca-file=${ca}`] });
      const proxy = await bed.tcp(own);
      const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
      const rotate = (name: string) => {
        const issued = by.issue({ name, groups: ['system:masters'] });
        writeFileSync(cert, issued.certificate);
        writeFileSync(key, issued.key);
      };
      rotate('first');
      // Prints the content of the files, valid for 33 s: used for 3 s, since a credential is renewed 30 s before it expires.
      const plugin = writePlugin(folder, 'certificates', { kind: 'certificate', cert, key, expiresIn: 33 });
      const server = `https://127.0.0.1:${proxy.port}`;
      const engine = bed.engine(
        {
          plugin: { server, user: { exec: execOf(plugin.command) } },
          file: { server, user: { 'client-certificate': cert, 'client-key': key } },
        },
        { of: own },
      );
      engine.open('plugin', 'file');
      for (const context of ['plugin', 'file']) {
        await until(
          `${context} live`,
          () => engine.is('live', context),
          20,
          () => engine.row(context).description,
        );
        await settled(engine.session(context));
        assert.equal(await whoAmI(engine, context), 'first');
      }
      const before = proxy.live;
      rotate('second');
      await sleep(3500);
      const from = engine.asked.length;
      const began = performance.now();
      assert.equal(await whoAmI(engine, 'plugin'), 'second');
      const recovered = performance.now() - began;
      // A sign-in rereads files at once; without it, they are reread within a minute.
      engine.fleet.retry('file');
      assert.equal(await whoAmI(engine, 'file'), 'second');
      await until('both live', () => engine.is('live', 'plugin') && engine.is('live', 'file'), 10);
      await until(
        'no connection with the old certificate',
        () => proxy.live <= before,
        5,
        () => `${proxy.live}`,
      );
      return { recovered, requests: engine.asked.length - from, note: `${plugin.runs()} runs of the plugin` };
    },
  },
  {
    id: 'C17',
    title: 'credential plugin hangs',
    slow: true,
    async run(bed) {
      const plugin = writePlugin(scratch(bed), 'hanging', { kind: 'hang' });
      const hanging = { server: bed.server.url, user: { exec: execOf(plugin.command) } };
      const engine = bed.engine({
        'hanging 1': hanging,
        'hanging 2': hanging,
        'hanging 3': hanging,
        other: { server: bed.server.url },
      });
      engine.open(...engine.fleet.config.contexts.keys());
      const other = await until('the other context live', () => engine.is('live', 'other'), 5);
      const noticed = await until('sign-in is required', () => engine.is('auth-needed', 'hanging 1'), 40);
      assert.ok(noticed >= 28_000 && noticed <= 33_000, `${noticed} ms`);
      const { description, actions, tooltip } = engine.row('hanging 1');
      assert.match(description, /credential plugin .*hanging did not finish within 30 s/);
      assert.match(tooltip, /Run it in a terminal/);
      assert.ok(actions.includes('signIn'));
      assert.equal(plugin.runs(), 1, 'one process for three contexts of one credential');
      await until('its process group killed', () => !plugin.pids().some(isRunning), 3);
      const from = engine.asked.length;
      await sleep(5000);
      assert.equal(plugin.runs(), 1, 'no background prompts');
      return {
        noticed,
        requests: engine.asked.length - from,
        note: `other context live in ${(other / 1000).toFixed(1)} s`,
      };
    },
  },
  {
    id: 'C18',
    title: 'plugin: fails, garbage, 50 MB, missing, prompts, leaks',
    async run(bed) {
      const folder = scratch(bed);
      const canary = 'canary-7f3a9d52c1';
      const plugins: Readonly<Record<string, readonly [PluginBehaviour | undefined, RegExp]>> = {
        garbage: [{ kind: 'garbage' }, /garbage does not print JSON/],
        huge: [{ kind: 'huge', megabytes: 50 }, /huge prints more than 1 MiB/],
        leaking: [{ kind: 'leak', secret: canary }, /leaking failed with exit code 1: could not refresh/],
        prompting: [{ kind: 'prompt' }, /prompting failed with exit code 3/],
        missing: [undefined, /the credential plugin .*missing is not installed/],
      };
      const contexts = Object.entries(plugins).map(([name, [behaviour]]) => {
        const command = behaviour ? writePlugin(folder, name, behaviour).command : join(folder, name);
        return [name, { server: bed.server.url, user: { exec: execOf(command) } }] as const;
      });
      const engine = bed.engine({ ...Object.fromEntries(contexts), fine: { server: bed.server.url } });
      engine.open(...engine.fleet.config.contexts.keys());
      const began = performance.now();
      for (const [name, [, words]] of Object.entries(plugins)) {
        await until(
          `${name} is shown`,
          () => words.test(engine.row(name).description),
          15,
          () => engine.row(name).description,
        );
        assert.ok(engine.row(name).actions.some((action) => action === 'signIn' || action === 'retryContext'));
      }
      const noticed = performance.now() - began;
      await until('live', () => engine.is('live', 'fine'), 5);
      const written = [...engine.log, JSON.stringify(engine.rows())].join('\n');
      assert.ok(!written.includes(canary), 'the canary is nowhere');
      return { noticed, requests: engine.asked.length };
    },
  },
  {
    id: 'C23',
    title: 'token without an expiry date expires during use',
    async run(bed) {
      const plugin = writePlugin(scratch(bed), 'token', { kind: 'token', token: adminUser.token });
      const proxy = await bed.http();
      const user = { exec: execOf(plugin.command) };
      const engine = await bed.live(proxy.port, { access: { user } });
      assert.equal(plugin.runs(), 1);
      const from = engine.asked.length;
      const began = performance.now();
      // Every watch breaks and is rejected once: one credential, so one run.
      const kinds = proxy.endWatches(/watch=true/);
      proxy.fault({ url: /watch=true/, status: 401, times: kinds });
      await until('all refused', () => proxy.requests.length >= from, 1).catch(() => undefined);
      await until('asked again', () => plugin.runs() === 2, 10);
      await sleep(3000);
      const recovered = performance.now() - began - 3000;
      assert.equal(plugin.runs(), 2, 'one run for all requests with a 401');
      assert.ok(engine.is('live'), engine.row().description);
      // A token that is rejected repeatedly requires the user, not a retry loop.
      const refused = proxy.fault({ status: 401 });
      proxy.endWatches(/watch=true/);
      const noticed = await until(
        'sign in',
        () => engine.row().actions.includes('signIn'),
        20,
        () => engine.row().description,
      );
      assert.match(engine.row().description, /not accepted \(401\)/);
      const runs = plugin.runs();
      await sleep(10_000);
      assert.ok(plugin.runs() <= runs + 1, `${plugin.runs() - runs} more runs in 10 s`);
      refused();
      engine.fleet.retry('one');
      await until('live', () => engine.is('live'), 10);
      await settled(engine.session());
      return { noticed, recovered, requests: engine.asked.length - from, note: '1 run on 401' };
    },
  },
  {
    id: 'C24',
    title: 'clocks ten minutes apart, in both directions',
    async run(bed) {
      const folder = scratch(bed);
      const notes: string[] = [];
      for (const minutes of [10, -10]) {
        const name = minutes > 0 ? 'ahead' : 'behind';
        // A credential dated by a different clock appears long expired, or expires late.
        const plugin = writePlugin(folder, name, { kind: 'token', token: adminUser.token, expiresIn: minutes * 60 });
        const proxy = await bed.http();
        proxy.fault({ url: /./, skew: minutes * 60_000 });
        const engine = await bed.live(proxy.port, { access: { user: { exec: execOf(plugin.command) } } });
        await sleep(3000);
        assert.ok(plugin.runs() <= 2, `${plugin.runs()} runs of the plugin within seconds`);
        const skew = engine.session().transport!.clockSkew;
        assert.ok(Math.abs(skew - minutes * 60_000) < 5000, `the server’s clock is measured as ${skew} ms ahead`);
        notes.push(`${name}: ${plugin.runs()} runs`);
      }
      return { note: notes.join(', ') };
    },
  },
];

function scratch(bed: Bed): string {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-plugins-'));
  bed.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function execOf(command: string, args: readonly string[] = []) {
  return { apiVersion: 'client.authentication.k8s.io/v1', command, args, interactiveMode: 'IfAvailable' };
}

/** The username that the server authenticates. */
async function whoAmI(engine: Engine, context: string): Promise<string> {
  const answer = await engine.session(context).transport!.json<{ status: { userInfo: { username: string } } }>({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
  });
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value.status.userInfo.username;
}
