// A window of VS Code in a browser, used as a person uses it: files are opened by name, and keys are pressed one by one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

export interface Window {
  readonly page: Page;
  readonly folder: string;
}

/** Milliseconds for a window to start, also on a busy machine. */
const patience = 240_000;

/** Opens a folder. `ready` is what the status bar shows once the language server answers; `failure` a path for a picture. */
export async function openWindow(
  browser: Browser,
  url: string,
  { folder, failure, ready }: { readonly folder: string; readonly failure: string; readonly ready?: string | RegExp },
): Promise<Window> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 760 } });
  const lines = page.locator('.editor-instance .view-lines').first();
  try {
    await page.goto(url, { timeout: patience });
    await lines.waitFor({ timeout: patience });
    if (ready !== undefined) await shows(page, ready);
  } catch (error) {
    await page.screenshot({ path: `${failure}.png` });
    throw error;
  }
  return { page, folder };
}

/** The status bar asks about the schema when the cursor moves; the server may not have been ready the first time. */
async function shows(page: Page, ready: string | RegExp): Promise<void> {
  const item = page.locator('.statusbar-item', { hasText: ready }).first();
  const end = performance.now() + patience;
  for (;;) {
    const isLast = performance.now() > end;
    const found = await item.waitFor({ timeout: 4000 }).then(
      () => true,
      (error: Error) => {
        if (isLast) throw error;
        return false;
      },
    );
    if (found) return;
    await page.locator('.editor-instance .view-lines').first().click();
    await page.keyboard.press('Control+Home');
  }
}

/** Opens a file of the folder and puts the cursor at its end. */
export async function openFile(window: Window, path: string): Promise<void> {
  const { page } = window;
  const lines = page.locator(`.editor-instance .monaco-editor[data-uri$="/${path}"] .view-lines`).first();
  // While the window starts, the picker may lose the focus and close; on a busy machine it may also be slow.
  for (let attempt = 1; !(await lines.isVisible()); attempt += 1)
    await pickFile(window, path, attempt * 4000).catch((error: Error) => {
      if (attempt === 6) throw error;
    });
  await lines.click();
  await page.keyboard.press('Control+End');
}

async function pickFile({ page }: Window, path: string, timeout: number): Promise<void> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+p');
  await page.locator('.quick-input-widget input').first().fill(path, { timeout });
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
  await row.waitFor({ timeout });
  await page.keyboard.press('Enter');
  await page.locator(`.tab.active[data-resource-name="${name}"]`).first().waitFor({ timeout });
  await page.waitForTimeout(200);
}

/** Saves the open file and returns what is on the disk. */
export async function save({ page, folder }: Window, path: string): Promise<string> {
  await page.keyboard.press('Control+s');
  await page.locator('.tab.active:not(.dirty)').first().waitFor();
  return readFileSync(join(folder, path), 'utf8');
}

/** Keys that the editor may be behind; a keyboard doesn't wait for it. */
const mostBehind = 10;

/** Presses the keys of a text with `delay` milliseconds from one key to the next; a line break is the Enter key. */
export async function typeText({ page }: Window, text: string, delay: number): Promise<void> {
  const pressed: Promise<void>[] = [];
  let next = performance.now();
  for (const char of text) {
    const key = page.keyboard.type(char);
    key.catch(() => undefined);
    pressed.push(key);
    if (pressed.length > mostBehind) await pressed[pressed.length - mostBehind];
    next = Math.max(next + delay, performance.now());
    await page.waitForTimeout(Math.max(0, next - performance.now()));
  }
  await Promise.all(pressed);
}

export async function press({ page }: Window, key: string, delay: number): Promise<void> {
  await page.keyboard.press(key);
  await page.waitForTimeout(delay);
}

/** Line and column of the cursor, both from 1, as the status bar shows them. */
export async function cursorAt({ page }: Window): Promise<{ readonly line: number; readonly column: number }> {
  const text = (await page.locator('.statusbar-item[id="status.editor.selection"]').first().textContent()) ?? '';
  const [, line, column] = /(\d+)\D+(\d+)/.exec(text) ?? [];
  return { line: Number(line), column: Number(column) };
}
