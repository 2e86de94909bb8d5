// What a story needs before it begins: a folder with files and notebooks, a server, a browser.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './chromium.mjs';
import { FRONTS } from './fronts.mjs';
import { start } from './servers.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const SCRATCH = resolve(HERE, '../../../build/browser');

const OURS = {
  kernelspec: { name: 'gofive', display_name: 'Go (HDF5)', language: 'go' },
  language_info: { name: 'go', file_extension: '.go', mimetype: 'text/x-go', codemirror_mode: 'go' }
};

/** The sections of a notebook with cells of code. outputs, if given, are those of the last cell; the kernel is ours if not given. */
export function notebook(cells, outputs = [], kernel = 'gofive') {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: kernel === 'gofive' ? OURS : { kernelspec: { name: kernel, display_name: kernel } },
    cells: cells.map((source, i) => ({ cell_type: 'code', id: 'c' + i, metadata: {}, execution_count: null, source, outputs: i === cells.length - 1 ? outputs : [] }))
  };
}

/** Prepares it all for a front end. notebooks are by name; picture takes one, end stops everything. */
export async function stage(name, notebooks) {
  const dir = join(SCRATCH, name);
  rmSync(dir, { recursive: true, force: true }); // of a story before
  mkdirSync(dir, { recursive: true });
  execFileSync(process.env.GOFIVE_PYTHON || 'python3', [join(HERE, 'fixtures.py'), dir]);
  for (const [file, content] of Object.entries(notebooks)) {
    writeFileSync(join(dir, file), JSON.stringify(content));
  }
  rmSync(join(SCRATCH, 'home-' + name), { recursive: true, force: true }); // settings of a story before
  const server = await start(name, dir, SCRATCH);
  const opened = await launch().catch(async e => {
    await server.stop();
    throw e;
  });
  const front = new FRONTS[name](opened.page, server.url);
  // A picture only shows how it went: a page too busy for it fails nothing else.
  const picture = what => opened.page.screenshot({ path: join(SCRATCH, `${name}-${what}.png`) }).catch(e => console.error(`no picture ${what}: ${e.message}`));
  const end = async () => {
    try {
      await opened.browser.close();
    } finally {
      await server.stop();
      rmSync(join(dir, 'data.h5'), { force: true });
    }
  };
  return { ...opened, front, picture, end, dir };
}
