// Builds the demo page and opens it in the system's Chromium, cut off from everything else.
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

const dark = `:root { color-scheme: dark; --jp-layout-color1: #111; --jp-layout-color2: #212121; --jp-border-color2: #616161;
  --jp-ui-font-color1: rgba(255,255,255,.87); --jp-ui-font-color2: rgba(255,255,255,.66); --jp-brand-color1: #2196f3; --jp-input-background: #212121; --jp-error-color1: #ef5350; }`;
const light = `:root { --jp-layout-color1: #fff; --jp-layout-color2: #eee; --jp-border-color2: #e0e0e0; --jp-ui-font-color1: rgba(0,0,0,.87);
  --jp-ui-font-color2: rgba(0,0,0,.6); --jp-brand-color1: #1976d2; --jp-input-background: #fff; --jp-error-color1: #d32f2f; }`;

const names = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where the browser is, undefined for nowhere. */
export const executable = names.find(n => n && existsSync(n));

/** Gives the demo's script and style. */
export async function bundle() {
  const options = { bundle: true, write: false, format: 'iife', logLevel: 'error' };
  const script = await build({ ...options, entryPoints: [join(here, 'demo.mjs')] });
  const style = await build({ ...options, entryPoints: [join(here, '../style/core.css')] });
  return { script: script.outputFiles[0].text, style: style.outputFiles[0].text };
}

/** Opens the demo; theme is light, dark, or none for a page without variables. */
export async function open({ theme = 'light', width = 900, height = 650, ...context } = {}) {
  const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'] });
  const page = await (await browser.newContext({ viewport: { width, height }, ...context })).newPage();
  const errors = [];
  page.on('pageerror', e => errors.push(e.stack || e.message));
  page.on('console', m => m.type() === 'error' && errors.push(m.text()));
  await page.route(/^https?:/, route => route.abort());
  const { script, style } = await bundle();
  await page.setContent('<!doctype html><html lang="en"><head><title>demo</title></head><body><main id="at"></main></body></html>');
  await page.addStyleTag({ content: style + { light, dark, none: '' }[theme] + 'body { margin: 0 } #at { height: 100vh; display: flex }' });
  await page.addScriptTag({ content: script });
  return { browser, page, errors };
}
