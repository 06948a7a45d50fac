// Renames and formats as a person does, with F2 and the command palette, and tells what didn't happen.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFile, save, type Window } from './window.ts';

const path = 'verbs/verbs.yaml';

const before = `apiVersion: v1
kind: ConfigMap
metadata:
  name: flags
data:
    level:   info
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: &pods
      app: web
  template:
    metadata:
      labels: *pods
    spec:
      containers:
      - name: web
        image: registry.example.com/shop/web:1.4.2
        envFrom: [ {configMapRef: {name: flags}} ]
`;

const after = before
  .replaceAll('name: flags', 'name: switches')
  .replaceAll('pods', 'labels-of-pods')
  .replace('    level:   info', '  level: info');

/** A line for each verb that did nothing or something else. Pictures go to the folder `output`. */
export async function tryVerbs(window: Window, output: string): Promise<readonly string[]> {
  mkdirSync(output, { recursive: true });
  mkdirSync(join(window.folder, 'verbs'), { recursive: true });
  writeFileSync(join(window.folder, path), before);
  await openFile(window, path);
  const problems: string[] = [];
  const expectText = async (verb: string, wanted: string) => {
    const saved = await save(window, path);
    if (!saved.includes(wanted)) problems.push(`${verb}: the file has no ${JSON.stringify(wanted)}\n${saved}`);
  };
  await rename(window, 'flags', 'switches', join(output, 'rename-name.png'));
  await expectText('renaming an object', '{configMapRef: {name: switches}}');
  await rename(window, '*pods', 'labels-of-pods', join(output, 'rename-anchor.png'));
  await expectText('renaming an anchor', '&labels-of-pods');
  await run(window, 'Format Document');
  await window.page.screenshot({ path: join(output, 'formatted.png') });
  await expectText('formatting', after);
  return problems;
}

async function rename({ page }: Window, from: string, to: string, picture: string): Promise<void> {
  const at = before.indexOf(from);
  const lines = before.slice(0, at).split('\n');
  await page.keyboard.press('Control+Home');
  for (let line = 1; line < lines.length; line += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  // The box is shown a moment before it has the focus; keys sent in between go to the text. While a window starts, something
  // else may take the focus, which closes the box.
  const box = page.locator('.rename-box input.rename-input:focus').first();
  for (let attempt = 1; !(await box.isVisible()); attempt += 1) {
    await page.keyboard.press('F2');
    await box.waitFor({ timeout: 8000 }).catch((error: Error) => {
      if (attempt === 4) throw error;
    });
  }
  await page.keyboard.press('Control+a');
  await page.keyboard.type(to);
  await page.screenshot({ path: picture });
  await page.keyboard.press('Enter');
  await box.waitFor({ state: 'hidden', timeout: 20_000 });
  await page.waitForTimeout(1000);
}

async function run({ page }: Window, command: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').first().fill(`>${command}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: command }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForTimeout(2000);
}
