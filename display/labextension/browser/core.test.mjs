// The core in a browser, over a made-up kernel: every view in every theme, read by axe, with hostile
// names; and scrolling to the ends of what is large.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';
import { executable, open } from '../test/page.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const skip = !executable && 'there is no Chromium';

const views = {
  tree: async p => { await p.evaluate(() => { demo.panel(document.getElementById('at')); }); await p.locator('.gofive-row', { hasText: 'signal' }).waitFor(); },
  details: async p => { await views.tree(p); await p.locator('.gofive-row', { hasText: 'onerror' }).click(); await p.waitForSelector('.gofive-attributes td'); },
  search: async p => { await views.tree(p); await p.fill('[type=search]', 'onerror'); await p.waitForSelector('.gofive-result'); },
  line: async p => { await view(p, '/lines'); await p.click('[data-kind=Line]'); await p.waitForSelector('.gofive-plot[aria-label]'); },
  table: p => view(p, '/labels', '.gofive-cell:not(:empty)'),
  value: p => view(p, '/title', '.gofive-text:not(:empty)'),
  heat: p => view(p, '/detector/image', '.gofive-heat[aria-label]'),
  about: async p => { await view(p, '/state'); await p.click('[data-kind=About]'); await p.click('text=Statistics'); await p.waitForSelector('.gofive-histogram'); },
  spectrum: p => view(p, '/3665/55247/12/coadd', '.gofive-plot[aria-label]', 'f2'),
};

/** Opens a viewer; seen is there once it shows what it reads. */
async function view(page, path, seen = '[role=tab]', file = 'f1') {
  await page.evaluate(([p, f]) => { demo.view(document.getElementById('at'), p, f); }, [path, file]);
  await page.waitForSelector(seen);
}

const looks = {
  'the light theme': { theme: 'light' },
  'the dark theme': { theme: 'dark' },
  'a page without a theme': { theme: 'none' },
  'colours that the system says': { theme: 'light', forcedColors: 'active' },
  'dark colours that the system says': { theme: 'dark', forcedColors: 'active', colorScheme: 'dark' },
};

for (const [look, options] of Object.entries(looks)) {
  test(`axe finds nothing in ${look}`, { skip }, async () => {
    for (const [name, act] of Object.entries(views)) {
      const { browser, page, errors } = await open({ ...options, width: 500 });
      try {
        await page.addScriptTag({ content: AXE });
        await act(page);
        const found = await page.evaluate(async () => (await axe.run('#at')).violations.map(v => `${v.id}: ${v.nodes[0].html}`));
        assert.deepEqual(found, [], name);
        assert.equal(await page.evaluate(() => window.hacked), undefined, name);
        assert.equal(await page.locator('#at img, #at script, #at iframe').count(), 0, name);
        assert.deepEqual(errors, [], name);
      } finally {
        await browser.close();
      }
    }
  });
}

for (const colorScheme of ['light', 'dark']) {
  test(`what is chosen, focused and drawn is seen in ${colorScheme} colours that the system says`, { skip }, async () => {
    const { browser, page } = await open({ theme: 'none', colorScheme });
    try {
      await views.tree(page);
      await page.locator('.gofive-row').nth(2).click();
      await page.locator('[role=tree]').focus();
      await page.keyboard.press('ArrowDown');
      await page.emulateMedia({ forcedColors: 'active' });
      const style = (selector, name) => page.locator(selector).first().evaluate((e, name) => getComputedStyle(e)[name], name);
      const ground = await style('.gofive', 'backgroundColor');
      assert.notEqual(await style('.gofive-selected', 'backgroundColor'), ground, 'the chosen row');
      assert.notEqual(await style('.gofive-selected', 'outlineStyle'), 'none', 'the focus');
      assert.notEqual(await style('.gofive-selected .gofive-icon', 'stroke'), await style('.gofive-selected', 'backgroundColor'), 'an icon');

      await page.emulateMedia({ forcedColors: 'none' });
      await view(page, '/detector/image');
      const frame = () => page.locator('.gofive-heat canvas').evaluate(c => [...c.getContext('2d').getImageData(c.width / 3, 7, 1, 1).data].slice(0, 3).join());
      await until(async () => (await frame()) !== '0,0,0');
      const faint = await frame();
      await page.emulateMedia({ forcedColors: 'active' });
      const ink = (await style('.gofive', 'color')).match(/\d+/g).slice(0, 3).join();
      await until(async () => (await frame()) === ink).catch(() => assert.fail(`the frame of a heat map stays ${faint}, and ink is ${ink}`));

      await page.click('[data-kind=Line]');
      await page.waitForSelector('.u-marker');
      assert.notEqual(await style('.u-legend tr:nth-child(2) .u-marker', 'borderColor'), (await style('.gofive', 'color')), 'the colour of a line in the legend');
    } finally {
      await browser.close();
    }
  });
}

async function until(f) {
  for (let i = 0; i < 100; i++) {
    if (await f()) {
      return;
    }
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error('never');
}

test('a button that is down while all is drawn anew is heard', { skip }, async () => {
  const { browser, page } = await open({ theme: 'none' });
  const down = async what => {
    await what.hover();
    await page.mouse.down();
  };
  try {
    await views.tree(page);
    await down(page.locator('.gofive-row', { hasText: 'errors' }));
    await page.evaluate(() => {
      window.row = document.querySelector('.gofive-row');
      document.querySelector('[aria-label=Refresh]').click();
    });
    await page.waitForFunction(() => !window.row.isConnected);
    await page.mouse.up();
    assert.match(await page.locator('.gofive-selected').innerText(), /errors/);

    const view = page.locator('.gofive-actions button', { hasText: 'View' });
    await down(view);
    await page.evaluate(() => { demo.kernel.files.f1.root.members.find(([name]) => name === 'errors')[1].shape = [7, 2000]; document.querySelector('[aria-label=Refresh]').click(); });
    await page.waitForSelector('.gofive-details :text("7 × 2")');
    await page.mouse.up();
    assert.deepEqual(await page.evaluate(() => demo.log), [['open', 'f1', '/errors']]);
  } finally {
    await browser.close();
  }
});

test('a wheel moves by rows in a table of 10^9, its bar to the end', { skip }, async () => {
  const { browser, page } = await open();
  try {
    await view(page, '/big');
    const first = async () => Number((await page.locator('.gofive-rowhead').first().innerText()).replaceAll(',', ''));
    await page.locator('.gofive-grid').hover();
    await page.mouse.wheel(0, 240);
    await until(async () => (await first()) > 0);
    assert.equal(await first(), 10);
    await page.evaluate(() => { const g = document.querySelector('.gofive-grid'); g.scrollTop = g.scrollHeight; });
    const last = () => page.locator('.gofive-rowhead').last().innerText();
    await until(async () => (await last()) === '999,999,999').catch(async () => assert.fail(`the last row is ${await last()}`));
  } finally {
    await browser.close();
  }
});

test('nothing is wider than a panel of 250 px', { skip }, async () => {
  const { browser, page } = await open({ width: 250 });
  try {
    await views.details(page);
    const wide = await page.evaluate(() => [...document.querySelectorAll('.gofive-panel *')].filter(n => n.getBoundingClientRect().right > 250.5).map(n => n.className));
    assert.deepEqual(wide, []);
  } finally {
    await browser.close();
  }
});
