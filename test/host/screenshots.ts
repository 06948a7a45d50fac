// Takes screenshots of the workbench in four themes, for review: completion, a problem and a hover in examples/fleet, and
// the views of a real cluster in which things are wrong. They are written to test/output/screenshots.
//   npm run pictures [-- THEME...]   dark, light, contrast, contrast-light; all by default
//                    [-- --readme]   also writes those of the README to client/media
// The host tier takes those of one theme: each is taken only when what it shows is there.
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { browserOnPath, findWorkbench, startCodeServer } from '../testbed/workbench.ts';
import { type HostFleet, lackingForFleet, startFleet } from './fleet.ts';
import { stageIncidents } from './stage.ts';

const root = join(import.meta.dirname, '../..');
const output = join(root, 'test/output/screenshots');
const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  contrast: 'Default High Contrast',
  'contrast-light': 'Default High Contrast Light',
} as const;
/** Of the README. */
const shown: ReadonlyMap<string, string> = new Map([
  ['problem-hover-light', 'editor.png'],
  ['problems-light', 'problems.png'],
]);

const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: apps
spec:
  interval: 10m
  chart:
    spec:
      chart: podinfo
      sourceRef:
        kind: HelmRepository
        name: charts
  `;

/** What the cluster has, too. */
const deployed = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: payments
  namespace: apps
spec:
  replicas: 2
  selector:
    matchLabels:
      app: payments
  template:
    metadata:
      labels:
        app: payments
    spec:
      containers:
        - name: payments
          image: registry.example/payments:1.8.0
`;

const { workbench, missing } = await findWorkbench({ own: false, say: console.log });
const executablePath = browserOnPath();
if (workbench?.kind !== 'codeServer' || executablePath === undefined) {
  console.error(['Screenshots require code-server and a browser.', ...missing].join('\n'));
  process.exit(3);
}
mkdirSync(output, { recursive: true });
const asked = process.argv.slice(2).filter((name) => name !== '--readme');
const isForReadme = process.argv.includes('--readme');
const unknown = asked.filter((name) => !Object.hasOwn(themes, name));
if (unknown.length > 0) {
  console.error(`No theme is called ${unknown.join(', ')}; there are ${Object.keys(themes).join(', ')}.`);
  process.exit(2);
}
const fleet = lackingForFleet().length === 0 ? await startFleet({ controllerManager: true }) : undefined;
const stage = fleet && (await stageIncidents(fleet.controlPlane));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const [name, theme] of Object.entries(themes))
    if (asked.length === 0 || asked.includes(name)) await pictures(workbench.main, name, theme, fleet);
} finally {
  await browser.close();
  await stage?.stop();
  await fleet?.stop();
}

/** On a busy machine the workbench may take longer to start than anyone waits: it is started once more then. */
async function pictures(...given: Parameters<typeof picture>): Promise<void> {
  try {
    await picture(...given);
  } catch (error) {
    console.log(`Once more, since this failed: ${(error as Error).message}`);
    await picture(...given);
  }
}

async function picture(main: string, name: string, theme: string, fleet: HostFleet | undefined): Promise<void> {
  const folder = join(mkdtempSync(join(tmpdir(), 'capstan-pictures-')), 'fleet');
  cpSync(join(root, 'examples/fleet'), folder, { recursive: true });
  mkdirSync(join(folder, '.vscode'), { recursive: true });
  writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify(settings(theme)));
  writeFileSync(join(folder, 'podinfo.yaml'), release);
  writeFileSync(join(folder, 'payments.yaml'), deployed);
  const server = await startCodeServer(main, { ...process.env, ...fleet?.env });
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, deviceScaleFactor: 1.5 });
  const shoot = async (what: string) => {
    const path = join(output, `${what}-${name}.png`);
    await page.screenshot({ path });
    const inReadme = shown.get(`${what}-${name}`);
    if (isForReadme && inReadme !== undefined) copyFileSync(path, join(root, 'client/media', inReadme));
    console.log(`${what}-${name}.png`);
  };
  try {
    await page.goto(server.url({ folder, extension: root, file: join(folder, 'podinfo.yaml') }));
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await editor(page, shoot);
    if (fleet === undefined) return;
    await tree(page, shoot);
    // For the next theme.
    const resumed = [
      'patch',
      'helmrepository',
      'charts',
      '-n',
      'apps',
      '--type=merge',
      '-p',
      '{"spec":{"suspend":false}}',
    ];
    await fleet.controlPlane.kubectl(resumed);
  } catch (error) {
    await shoot('failure');
    throw error;
  } finally {
    await page.close();
    await server.stop();
    rmSync(join(folder, '..'), { recursive: true, force: true });
  }
}

function settings(theme: string): Readonly<Record<string, unknown>> {
  return {
    'workbench.colorTheme': theme,
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.disableAIFeatures': true,
    'editor.minimap.enabled': false,
    'window.commandCenter': false,
    'workbench.tips.enabled': false,
  };
}

async function editor(page: Page, shoot: (what: string) => Promise<void>): Promise<void> {
  await page.locator('.editor-instance .view-lines').first().click();
  await page.keyboard.press('Control+Alt+B');
  await page.keyboard.press('Control+End');
  // The language server is ready once its status is shown.
  await page.locator('.statusbar-item', { hasText: 'HelmRelease' }).waitFor({ timeout: 60_000 });
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'install' }).first().waitFor();
  await settle(page);
  await shoot('completion');
  await page.keyboard.press('Escape');
  await page.keyboard.type('suspendd: true');
  await page.locator('.squiggly-error').first().waitFor({ timeout: 30_000 });
  await shoot('problem');
  await goTo(page, 14, 5);
  await command(page, 'Show or Focus Hover');
  await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor();
  await settle(page);
  await shoot('problem-hover');
  await page.keyboard.press('Escape');
  await goTo(page, 7, 5);
  await command(page, 'Show or Focus Hover');
  await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor();
  await settle(page);
  await shoot('hover');
  await page.keyboard.press('Escape');
}

async function tree(page: Page, shoot: (what: string) => Promise<void>): Promise<void> {
  await command(page, 'View: Show Capstan');
  const pane = (title: string) =>
    page.locator('.pane', { has: page.locator('.pane-header', { hasText: new RegExp(`^${title}$`, 'i') }) });
  const input = page.locator('.quick-input-widget input');
  const row = (name: string, view = 'Clusters') => {
    const label = page.locator('.label-name', { hasText: new RegExp(`(^|[ /])${name}$`) });
    return pane(view).locator('.monaco-list-row', { has: label }).first();
  };
  await row('aws-master').waitFor({ timeout: 30_000 });
  await widen(page, 260);
  await settle(page);
  await shoot('tree-closed');
  for (const context of ['dc-master', 'aws-master']) {
    await row(context).hover();
    await row(context).getByRole('button', { name: 'Open Context' }).click();
  }
  await row('payments', 'Problems').waitFor({ timeout: 30_000 });
  await row('payments', 'Problems').hover();
  await page.waitForTimeout(1500);
  await shoot('problems');
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type('payments.yaml');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'payments.yaml' }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.codelens-decoration', { hasText: 'aws-master' }).first().waitFor({ timeout: 30_000 });
  await goTo(page, 2, 8);
  await command(page, 'Show or Focus Hover');
  await page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: 'aws-master' }).first().waitFor();
  await settle(page);
  await shoot('live-state');
  await page.keyboard.press('Escape');
  await row('payments', 'Problems').click({ button: 'right' });
  await settle(page);
  await shoot('problem-menu');
  await page.keyboard.press('Escape');
  const shownLine = (text: string) => page.locator('.editor-instance .view-line', { hasText: text }).first();
  await row('payments', 'Problems').click();
  await shownLine('# ').waitFor({ timeout: 30_000 });
  await settle(page);
  await shoot('object-page');
  await row('payments', 'Problems').click({ button: 'right' });
  await page.locator('.monaco-menu .action-label', { hasText: 'Show Rollout Status' }).first().click();
  await page.locator('.tab.active', { hasText: '.txt' }).waitFor({ timeout: 30_000 });
  await settle(page);
  await shoot('rollout');
  await page.keyboard.press('Control+P');
  await input.waitFor();
  await page.keyboard.type('payments.yaml');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'payments.yaml' }).first().waitFor();
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden' });
  await row('Cluster API').waitFor({ timeout: 30_000 });
  await row('Cluster API').click();
  await settle(page);
  await shoot('tree');
  await pane('Delivery').locator('.pane-header').click();
  await row('aws-master', 'Delivery').click();
  await settle(page);
  await row('charts', 'Delivery').hover();
  await settle(page);
  await shoot('delivery');
  await page.mouse.move(800, 400);
  await row('charts', 'Delivery').click({ button: 'right' });
  await settle(page);
  await shoot('tree-menu');
  await page.keyboard.press('Escape');
  await command(page, 'Capstan: Go to Object...');
  // Not the palette, which lists the command.
  await page.locator('.quick-input-widget input[placeholder*="chkout"]').waitFor();
  await page.keyboard.type('chkout');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'checkout' }).first().waitFor();
  await settle(page);
  await shoot('go-to-object');
  await page.keyboard.press('Escape');
  await input.waitFor({ state: 'hidden' });
  await row('charts', 'Delivery').hover();
  await row('charts', 'Delivery')
    .getByRole('button', { name: /^Suspend/ })
    .click();
  // The reason of a suspension may be empty.
  await input.waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.monaco-dialog-box').waitFor();
  await shoot('consent');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(3000);
  await shoot('suspended');
  const paths = {
    Workloads: ['aws-master', 'apps', 'checkout'],
    Operators: ['aws-master', 'controller', 'HelmRepository'],
  };
  let open = ['Problems', 'Clusters', 'Delivery'];
  for (const [view, path] of Object.entries(paths)) {
    for (const title of [...open, view]) await pane(title).locator('.pane-header').click();
    open = [view];
    for (const name of path) {
      await row(name, view).click();
      await settle(page);
    }
    await shoot(view.toLowerCase());
  }
}

async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type(title);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

async function goTo(page: Page, line: number, column: number): Promise<void> {
  await page.keyboard.press('Control+G');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type(`${line}:${column}`);
  await page.keyboard.press('Enter');
}

/** Drags the border of the side bar. */
async function widen(page: Page, by: number): Promise<void> {
  const { x, width } = (await page.locator('.part.sidebar').boundingBox())!;
  await page.mouse.move(x + width + 1, 300);
  await page.mouse.down();
  await page.mouse.move(x + width + by, 300, { steps: 10 });
  await page.mouse.up();
}

/** Waits for animations and late responses. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(600);
}
