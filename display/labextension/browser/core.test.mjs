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
  tree: p => p.evaluate(() => demo.panel(document.getElementById('at'))),
  details: async p => { await views.tree(p); await p.locator('.gofive-row', { hasText: 'onerror' }).click(); await p.waitForSelector('.gofive-attributes td'); },
  search: async p => { await views.tree(p); await p.fill('[type=search]', 'onerror'); await p.waitForSelector('.gofive-result'); },
  line: async p => { await view(p, '/lines'); await p.click('[data-kind=Line]'); await p.waitForSelector('.u-over'); },
  table: p => view(p, '/labels'),
  value: p => view(p, '/title'),
  heat: p => view(p, '/detector/image'),
  about: async p => { await view(p, '/state'); await p.click('[data-kind=About]'); await p.click('text=Statistics'); await p.waitForSelector('.gofive-histogram'); },
  spectrum: p => view(p, '/3665/55247/12/coadd', 'f2'),
};

async function view(page, path, file = 'f1') {
  await page.evaluate(([p, f]) => { demo.view(document.getElementById('at'), p, f); }, [path, file]);
  await page.waitForSelector('[role=tab]');
}

for (const theme of ['light', 'dark', 'none']) {
  test(`axe finds nothing in ${theme === 'none' ? 'a page without a theme' : 'the ' + theme + ' theme'}`, { skip }, async () => {
    for (const [name, act] of Object.entries(views)) {
      const { browser, page, errors } = await open({ theme, width: 500 });
      try {
        await page.addScriptTag({ content: AXE });
        await act(page);
        await page.waitForTimeout(300);
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

test('a wheel moves by rows in a table of 10^9, its bar to the end', { skip }, async () => {
  const { browser, page } = await open();
  try {
    await view(page, '/big');
    const first = async () => Number((await page.locator('.gofive-rowhead').first().innerText()).replaceAll(',', ''));
    await page.locator('.gofive-grid').hover();
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(200);
    assert.equal(await first(), 10);
    await page.evaluate(() => { const g = document.querySelector('.gofive-grid'); g.scrollTop = g.scrollHeight; });
    await page.waitForTimeout(300);
    assert.equal(await page.locator('.gofive-rowhead').last().innerText(), '999,999,999');
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
