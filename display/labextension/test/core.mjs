// Loads modules of the core into node, with a page of jsdom around them.
import { build } from 'esbuild';
import { JSDOM } from 'jsdom';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FakeKernel } from './fake.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });
for (const name of ['document', 'navigator', 'CustomEvent', 'dispatchEvent', 'addEventListener', 'Node', 'Element', 'HTMLElement', 'Event', 'KeyboardEvent', 'MouseEvent', 'MutationObserver', 'getComputedStyle', 'requestAnimationFrame', 'devicePixelRatio']) {
  globalThis[name] = typeof window[name] === 'function' && !/^[A-Z]/.test(name) ? window[name].bind(window) : window[name];
}
globalThis.window = window;
window.matchMedia = () => ({ matches: false, addEventListener() {}, removeEventListener() {} });
globalThis.matchMedia = window.matchMedia;
window.HTMLCanvasElement.prototype.getContext = () => new Proxy({ measureText: () => ({ width: 10 }) }, { get: (t, k) => t[k] ?? (() => {}), set: () => true });
globalThis.Path2D = class { moveTo() {} lineTo() {} rect() {} arc() {} closePath() {} };
globalThis.ImageData = class { constructor(a, w, h) { this.data = typeof a === 'number' ? new Uint8ClampedArray(a * w * 4) : a; this.width = typeof a === 'number' ? a : w; this.height = h ?? w; } };

/** Gives what the modules of src/core of those names export. */
export async function core(...names) {
  const contents = names.map(n => `export * from './src/core/${n}';`).join('\n');
  const result = await build({ stdin: { contents, resolveDir: root, loader: 'ts' }, bundle: true, write: false, format: 'esm', platform: 'browser', loader: { '.css': 'text' }, logLevel: 'error' });
  const dir = mkdtempSync(join(tmpdir(), 'gofive-core-'));
  const file = join(dir, 'core.mjs');
  writeFileSync(file, result.outputFiles[0].text);
  try {
    return await import(pathToFileURL(file));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Gives a client of a made-up kernel, and a host that notes what it was asked for. */
export function connected(Client, options) {
  const kernel = new FakeKernel(options);
  const client = new Client(kernel.connect());
  const log = [];
  const note = name => (...args) => log.push([name, ...args]);
  const host = { openViewer: note('open'), insertCode: note('code'), copy: note('copy'), save: note('save') };
  const node = document.createElement('div');
  document.body.append(node);
  return { kernel, client, host, log, node };
}

/** Waits until f gives something true, and gives it. */
export async function until(f, what = f) {
  for (let i = 0; i < 400; i++) {
    const got = f();
    if (got) {
      return got;
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  throw new Error('never came: ' + what);
}

/** Presses a key on an element. */
export function press(node, key, more = {}) {
  node.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
}
