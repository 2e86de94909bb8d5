// One story in each front end: a notebook is opened, files are looked at, looked into and left.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test from 'node:test';
import { executable } from './chromium.mjs';
import { closeH5Web, lookInH5Web, noteFetched } from './h5web.mjs';
import { exchangeKernels } from './kernels.mjs';
import { followCell, followWriter } from './live.mjs';
import { missing } from './servers.mjs';
import { notebook, stage } from './stage.mjs';
import { pwned, until } from './until.mjs';
import { lookUntrusted } from './untrusted.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MAGICS = ['%%bash\nls /tmp/*\necho "done', '%cd .\n!ls /tmp/*\nx := 1 // Go'];

const NAME = "<img src=x onerror='window.pwned=1'>";
// What a stranger's notebook may hold: our own type with markup in each text, and markup itself.
const UNTRUSTED = {
  output_type: 'execute_result',
  execution_count: 1,
  metadata: {},
  data: {
    'application/vnd.gofive.hdf5+json': {
      v: 1,
      file: { name: 'strange.h5', path: '/strange.h5' },
      path: '/',
      node: { name: 'strange.h5', path: '/', kind: 'group', nchildren: 1 },
      children: [{ name: NAME, path: '/' + NAME, kind: 'dataset', dtype: NAME, shape: [1] }],
      truncated: false
    },
    'text/html': NAME + '<script>window.pwned=1</script>strange.h5',
    'text/plain': 'strange.h5'
  }
};

// GOFIVE_FRONT=lab runs one of them alone.
const fronts = process.env.GOFIVE_FRONT ? [process.env.GOFIVE_FRONT] : ['notebook6', 'lab', 'notebook7'];

for (const name of fronts) {
  const skip = (!executable && 'there is no Chromium') || missing(name) || false;
  test(name, { skip }, async t => {
    const s = await stage(name, { 'story.ipynb': notebook(['1 + 1']), 'magics.ipynb': notebook(MAGICS), 'untrusted.ipynb': notebook(['f'], [UNTRUSTED]), 'made.ipynb': notebook(['1']), 'python.ipynb': notebook(['1'], [], 'system-python') });
    try {
      await story(t, s);
    } finally {
      try {
        await s.picture('end');
      } finally {
        await s.end();
      }
    }
    assert.deepEqual(s.errors, [], 'errors of the page');
    assert.deepEqual(s.outside, [], 'addresses elsewhere');
  });
}

async function story(t, s) {
  const { front, page } = s;
  const step = (name, fn) => t.test(name, { timeout: 600000 }, async () => {
    try {
      await fn();
    } finally {
      await s.picture(name.replaceAll(/\W+/g, '-'));
    }
  });
  const row = name => front.panel.getByRole('treeitem', { name: new RegExp('^\\W*' + name + '\\b') }).first();
  const expand = name => row(name).locator('.gofive-twisty').click();
  const plot = () => front.viewer.locator('.gofive-plot');
  const label = async () => (await plot().getAttribute('aria-label')) || '';

  const fetched = noteFetched(page);
  const noted = (holds, what) => until(async () => holds(await front.workspace()), `Lab does not write down ${what}`);

  // Inserts the code of what is shown of an object, runs it and gives the text of its outputs.
  const inserted = async name => {
    const before = await front.cells();
    await front.viewer.getByRole('button', { name: /Insert a cell/ }).click();
    await until(async () => (await front.cells()) > before, 'a cell that is inserted');
    const code = await front.code();
    assert.match(code, new RegExp(name), 'the cell that was inserted');
    const outputs = await front.runActive();
    assert.doesNotMatch(outputs, /"output_type":"error"/, `the outputs of\n${code}`);
    return outputs;
  };

  await step('magics are no Go', async () => {
    await front.open('magics.ipynb');
    await checkMagics(front, page);
  });

  await step('an untrusted output', async () => {
    await front.open('untrusted.ipynb');
    await page.getByText('strange.h5').first().waitFor({ timeout: 15000 });
    assert.equal(await pwned(page), undefined, 'a script of an output has run');
  });

  await step('outputs of each kind in the notebook of a stranger', () => lookUntrusted(front, s.dir));
  await step('the panel is there for our kernel alone', () => exchangeKernels(front));

  await step('open the panel', async () => {
    await front.open('story.ipynb');
    await front.openPanel();
    await front.panel.getByText('No file is open').waitFor();
  });

  await step('a file that a cell opens is there', async () => {
    await front.run('f := h5.Open("data.h5")');
    await row('data.h5').waitFor({ timeout: 10000 });
    await row('cube').waitFor({ timeout: 10000 });
    await row('gone').waitFor();
  });

  await step('expand 10,000 children', async () => {
    await row('many').locator('.gofive-twisty').waitFor();
    const times = [];
    while (times.push(await expandMany(front.panel.getByRole('tree'))) < 3 && times.at(-1) >= 2000) {
      // The computer may be busy with something else, but hardly each time. Of a file opened anew nothing is known.
      await front.run('f.Close()');
      await front.panel.getByText('No file is open').waitFor();
      await front.run('f = h5.Open("data.h5")');
      await row('many').locator('.gofive-twisty').waitFor();
    }
    const drawn = await front.panel.getByRole('treeitem').count();
    assert.ok(drawn < 100, `${drawn} rows are in the page`);
    t.diagnostic(`${front.name}: a group of 10,000: ${times.map(x => x.toFixed(0)).join(', ')} ms from the click to its first rows`);
    assert.ok(Math.min(...times) < 2000, `it took ${times} ms`);
    await expand('many');
  });

  await step('search', async () => {
    const box = front.panel.getByRole('searchbox').first();
    await box.fill('needle');
    await front.panel.getByRole('button', { name: /needle/ }).click({ timeout: 15000 });
    await row('needle').waitFor();
    assert.equal(await row('needle').getAttribute('aria-selected'), 'true');
  });

  await step('slice a cube', async () => {
    await row('cube').dblclick();
    await front.viewer.getByRole('tab', { name: 'Heat map' }).waitFor({ timeout: 15000 });
    await page.locator(front.viewers).locator(front.viewer).waitFor({ timeout: 5000 });
    await front.viewer.locator('.gofive-slice input[type=text]').first().fill('7');
    await front.viewer.locator('.gofive-slice input[type=text]').first().press('Enter');
    await front.viewer.locator('.gofive-heat[aria-label]').waitFor({ timeout: 30000 });
  });

  if (front.name === 'notebook6') {
    await step('H5Web is not offered', async () => assert.equal(await front.viewer.getByRole('button', { name: 'H5Web' }).count(), 0));
  } else {
    await step('open the file in H5Web', () => lookInH5Web(front, fetched));
    await step('close H5Web', () => closeH5Web(front));
    await step('a viewer that was closed is opened again', async () => {
      for (let times = 0; times < 2; times++) {
        await row('words').dblclick();
        await front.viewer.getByText('three').waitFor({ timeout: 15000 });
        await front.close('words');
      }
    });
  }

  await step('insert the code of what is shown and run it', async () => {
    await inserted('cube');
  });

  await step('the code of packed numbers gives what is shown', async () => {
    await row('packed').dblclick();
    await front.viewer.getByText(/stored × 0\.5 \+ 100, gaps for -99/).waitFor({ timeout: 15000 });
    await front.viewer.getByRole('tab', { name: 'Table' }).click();
    for (const [at, seen] of [['0,0', '100'], ['0,1', '—'], ['1,2', '102.5']]) {
      await front.viewer.locator(`[data-at="${at}"]`, { hasText: seen }).waitFor({ timeout: 15000 });
    }
    assert.match(await inserted('packed'), /NaN.*102\.5/);
    await front.viewer.getByLabel('raw').check();
    await front.viewer.locator('[data-at="0,1"]', { hasText: '-99' }).waitFor({ timeout: 15000 });
    assert.doesNotMatch(await inserted('packed'), /NaN|102\.5/);
  });

  await step('zoom into 100,000,000 points', async () => {
    await expand('deep'); // closed: rows that are not in view are not in the page
    await row('signal').dblclick();
    await plot().waitFor({ timeout: 60000 });
    await front.viewer.locator('.gofive-plot[aria-label*=signal]').waitFor({ timeout: 60000 });
    const whole = await label();
    const times = [];
    for (let i = 0; i < 6; i++) {
      times.push(await zoom(plot()));
    }
    assert.notEqual(await label(), whole);
    t.diagnostic(`${front.name}: zoom steps into 1e8 points: ${times.map(x => x.toFixed(0)).join(', ')} ms from the key to the new range`);
    assert.match(await inserted('plots\\.Line\\(plots\\.Linspace\\(\\d+, \\d+\\), signal\\.Part\\("\\d+:\\d+"\\)\\)'), /image\/png/);
    t.diagnostic(`${front.name}: frames while zooming: ${await frames(page, () => plot().press('-'))}`);
  });

  await step('a table to its last row', async () => {
    await row('rows').dblclick();
    const grid = front.viewer.getByRole('grid');
    await grid.waitFor({ timeout: 15000 });
    await front.viewer.getByRole('gridcell', { name: 'GALAXY' }).first().waitFor({ timeout: 15000 });
    await grid.press('Control+End');
    await front.viewer.getByText('999999', { exact: true }).or(front.viewer.getByText('999,999', { exact: true })).first().waitFor({ timeout: 15000 });
    t.diagnostic(`${front.name}: frames while scrolling: ${await frames(page, () => page.mouse.wheel(0, -400))}`);
  });

  await step('accessible', async () => {
    const found = await axe(page);
    assert.deepEqual(found, []);
  });

  for (const theme of front.themes ? ['JupyterLab Dark', 'JupyterLab Dark High Contrast'] : []) {
    await step(theme, async () => {
      await front.panel.waitFor();
      await front.theme(theme);
      const ground = () => front.panel.evaluate(e => getComputedStyle(e).backgroundColor);
      const dark = async () => (await ground()).match(/\d+/g).slice(0, 3).every(x => x < 80);
      await until(dark).catch(async () => assert.fail('the ground of the panel: ' + (await ground())));
      assert.deepEqual(await axe(page), []);
      await s.picture(theme.replaceAll(' ', '-'));
      await front.theme('JupyterLab Light');
    });
  }

  await step('colours that the system says', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    assert.deepEqual(await axe(page), []);
    await s.picture('forced');
    await page.emulateMedia({ forcedColors: 'none' });
  });

  await step('names that try to be markup', async () => {
    await front.run('g := h5.Open("hostile.h5")');
    await row('hostile.h5').waitFor({ timeout: 10000 });
    await row('data.h5').locator('.gofive-twisty').click();
    await row('hostile.h5').locator('.gofive-twisty').click();
    await expand('names');
    const strange = front.panel.getByRole('treeitem').filter({ hasText: 'bold' });
    await strange.first().click();
    await front.panel.locator('.gofive-attributes', { hasText: 'bold' }).waitFor({ timeout: 15000 });
    for (const name of ['table', 'texts']) {
      await row(name).dblclick();
      const grid = front.viewer.getByRole('grid', { name: 'Values of /' + name });
      await grid.getByRole('gridcell').filter({ hasText: /\S/ }).first().waitFor({ timeout: 15000 });
    }
    await strange.first().dblclick();
    await front.viewer.locator('.gofive-plot[aria-label*=bold]').waitFor({ timeout: 15000 });
    await front.run('g');
    assert.equal(await pwned(page), undefined, 'a script of a name has run');
    assert.equal(await page.locator('#gofive-hdf5 img, .gofive-viewer-widget img, img[onerror]').count(), 0);
  });

  await step('a cluster starts and stops', async () => {
    await front.panel.getByRole('tab', { name: 'Cluster' }).click();
    await front.panel.getByText('Engine of this notebook').waitFor({ timeout: 15000 });
    await front.panel.getByLabel('Ranks').fill('2');
    await front.panel.getByRole('button', { name: 'Start a cluster' }).click();
    await front.panel.getByText(/^2 ranks on/).waitFor({ timeout: 60000 });
    await s.picture('cluster');
    await front.panel.getByRole('button', { name: 'Stop' }).click();
    await front.panel.getByRole('button', { name: 'Start a cluster' }).waitFor({ timeout: 30000 });
    await front.panel.getByRole('tab', { name: 'Files' }).click();
  });

  await step('follow what a cell appends', () => followCell(front, row, s.dir));
  await step('follow what another process writes', () => followWriter(front, row, s.dir));

  await step('a cell runs meanwhile', async () => {
    const enough = join(s.dir, 'looked');
    rmSync(enough, { force: true }); // of a story before
    await front.begin('for { if _, err := os.Stat("looked"); err == nil { break }; time.Sleep(100 * time.Millisecond) }');
    try {
      await row('data.h5').locator('.gofive-twisty').click();
      const begun = Date.now();
      await expand('spectra');
      await row('flux').waitFor({ timeout: 10000 });
      t.diagnostic(`${front.name}: a group while a cell runs: ${Date.now() - begun} ms`);
      assert.ok(await front.runs(), 'the cell was running');
    } finally {
      writeFileSync(enough, '');
    }
    assert.doesNotMatch(await front.finish(), /"output_type":"error"/);
  });

  await step('reload', async () => {
    await front.save();
    await front.reload();
    if (!front.restores) {
      await front.openPanel();
    }
    await row('cube').waitFor({ timeout: 20000 });
  });

  if (front.restores) {
    await step('a panel that was closed stays closed after a reload', async () => {
      await front.tab.click();
      await noted(state => state['layout-restorer:data'].left.collapsed, 'that the panel is closed');
      await front.reload();
      await front.tab.waitFor();
      await page.evaluate(() => window.jupyterapp.restored.then(() => undefined)); // with which the panel would open
      assert.equal(await front.panel.isVisible(), false);
      await front.openPanel();
    });
  }

  if (front.restores) {
    await step('viewers come back after a reload', async () => {
      await front.show('signal');
      await front.viewer.locator('.gofive-plot[aria-label*=signal]').waitFor({ timeout: 20000 });
      await zoom(plot());
      await zoom(plot());
      const signal = await label();
      const range = signal.match(/from (\S+) to (\S+)\. Zoom/).slice(1).map(x => Number(x.replaceAll(',', '')));
      await noted(state => seenOf(state, '/signal')?.part.range?.every((x, i) => Math.abs(x - range[i]) < (range[1] - range[0]) / 100), 'the part of a line');
      await front.reload();
      await front.show('signal');
      await front.viewer.locator('.gofive-plot[aria-label]').waitFor({ timeout: 20000 });
      await until(async () => (await label()) === signal).catch(() => undefined);
      assert.equal(await label(), signal, 'the part of a line');
      await front.show('cube');
      await front.viewer.locator('canvas').first().waitFor();
      assert.equal(await front.viewer.locator('.gofive-slice input[type=text]').first().inputValue(), '7');
      await front.show('rows');
      await front.viewer.getByText('999,999', { exact: true }).waitFor({ timeout: 15000 });
    });

    await step('a viewer whose file is closed says so and waits for it', async () => {
      await front.run('f.Close()');
      await front.reload();
      await front.show('cube');
      await front.viewer.getByText(/no longer has data\.h5 open/).waitFor({ timeout: 20000 });
      await front.run('f = h5.Open("data.h5")');
      await front.show('cube');
      await front.viewer.locator('canvas').first().waitFor();
      assert.equal(await front.viewer.locator('.gofive-slice input[type=text]').first().inputValue(), '7');
      await row('data.h5').locator('.gofive-twisty').click();
    });
  }

  await step('the kernel restarts', async () => {
    await row('flux').or(row('cube')).first().dblclick();
    await front.viewer.getByRole('tab').first().waitFor({ timeout: 15000 });
    await front.restart();
    await front.panel.getByText('No file is open').waitFor({ timeout: 20000 });
    await page.getByText('The kernel that this came from is gone').first().waitFor();
    await front.run('h := h5.Open("data.h5")');
    await row('cube').waitFor({ timeout: 10000 });
  });
}

/** What is written down of the viewer of an object. */
function seenOf(state, path) {
  return Object.entries(state).find(([name, { data }]) => name.startsWith('gofive-viewers:') && data.path === path)?.[1].data.seen;
}

/** Presses plus on a plot and gives the time until it shows another range. */
function zoom(plot) {
  return plot.evaluate(node => new Promise(done => {
    const before = node.getAttribute('aria-label');
    const begun = performance.now();
    const look = () => (node.getAttribute('aria-label') !== before ? done(performance.now() - begun) : requestAnimationFrame(look));
    node.dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true }));
    look();
  }));
}

/** Does something ten times and tells how long frames took meanwhile. */
async function frames(page, act) {
  await page.evaluate(() => {
    window.frameTimes = [];
    let last = performance.now();
    const look = now => {
      window.frameTimes.push(now - last);
      last = now;
      window.framesOn && requestAnimationFrame(look);
    };
    window.framesOn = true;
    requestAnimationFrame(look);
  });
  for (let i = 0; i < 10; i++) {
    await act();
    await page.waitForTimeout(50);
  }
  const times = await page.evaluate(() => {
    window.framesOn = false;
    return window.frameTimes.sort((a, b) => a - b);
  });
  const at = share => times[Math.floor(share * (times.length - 1))].toFixed(0);
  return `median ${at(0.5)} ms, 95 % below ${at(0.95)} ms, ${times.length} frames`;
}

/** What axe finds in panel and viewers, a line each. */
async function axe(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const include = ['#gofive-hdf5', '.gofive-viewer-widget'].filter(at => document.querySelector(at)).map(at => [at]);
    const { violations } = await window.axe.run({ include }, { runOnly: ['wcag2a', 'wcag2aa'] });
    return violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')}`);
  });
}

// The tree stays; the row may be drawn anew at any time.
function expandMany(tree) {
  return tree.evaluate(tree => new Promise(done => {
    const begun = performance.now();
    const row = [...tree.querySelectorAll('.gofive-row')].find(r => r.querySelector('.gofive-name')?.textContent === 'many');
    const look = () => {
      const seen = [...tree.querySelectorAll('[role=treeitem]')].some(r => r.getAttribute('aria-setsize') === '10000');
      seen ? done(performance.now() - begun) : requestAnimationFrame(look);
    };
    row.querySelector('.gofive-twisty').click();
    look();
  }));
}

// The words of Go below a magic are coloured as Go, those of the magic are not, and no quote or comment
// that a command leaves open reaches further.
async function checkMagics(front, page) {
  const cells = front.name === 'notebook6' ? '.cell' : '.jp-Cell';
  await page.locator(cells).nth(1).click();
  const comment = front.name === 'notebook6' ? /comment/ : /./;
  // Notebook 6 loads what colours them after the notebook.
  const isGo = ([text, kind]) => text.includes('// Go') && comment.test(kind);
  await until(async () => (await front.tokens(2)).some(isGo) && (await front.tokens(1)).length > 0).catch(() => undefined);
  const go = await front.tokens(2);
  assert.ok(go.some(isGo), 'Go below magics: ' + JSON.stringify(go));
  const word = go.find(([text]) => text === '1');
  assert.ok(word && word[1], 'a number below magics: ' + JSON.stringify(go));
  const shell = await front.tokens(1);
  assert.ok(shell.some(([text]) => text.includes('ls /tmp/*')), 'a command is one: ' + JSON.stringify(shell));
  await page.locator(cells).nth(0).click();
  await until(async () => (await front.code()).startsWith('%%bash'), 'the cell of %%bash');
  // Notebook 6 has a mode of its own below %%bash.
  const goes = front.name === 'notebook6' ? /comment/ : /./;
  const coloured = async () => (await front.tokens(1)).filter(([, kind]) => goes.test(kind));
  await until(async () => (await coloured()).length === 0).catch(() => undefined);
  const bash = await coloured();
  assert.deepEqual(bash, [], 'text below %%bash has no colours of Go');
}
