// One story in each front end: a notebook is opened, files are looked at, looked into and left.
import assert from 'node:assert/strict';
import test from 'node:test';
import { executable } from './chromium.mjs';
import { FRONTS } from './fronts.mjs';
import { missing } from './servers.mjs';
import { notebook, stage } from './stage.mjs';

const MAGICS = ['%%bash\nls /tmp/*\necho "done', '%cd .\n!ls /tmp/*\nx := 1 // Go'];

for (const name of Object.keys(FRONTS)) {
  const skip = (!executable && 'there is no Chromium') || missing(name) || false;
  test(name, { skip }, async t => {
    const s = await stage(name, { 'story.ipynb': notebook(['1 + 1']), 'magics.ipynb': notebook(MAGICS) });
    try {
      await story(t, s);
    } finally {
      await s.picture('end');
      await s.end();
    }
    assert.deepEqual(s.errors, [], 'errors of the page');
    assert.deepEqual(s.outside, [], 'addresses elsewhere');
  });
}

async function story(t, s) {
  const { front, page } = s;
  const step = (name, fn) => t.test(name, { timeout: 120000 }, async () => {
    try {
      await fn();
    } finally {
      await s.picture(name.replaceAll(/\W+/g, '-'));
    }
  });
  const row = name => front.panel.getByRole('treeitem', { name: new RegExp('^' + name + '\\b') }).first();
  const expand = name => row(name).locator('.gofive-twisty').click();

  await step('magics are no Go', async () => {
    await front.open('magics.ipynb');
    await checkMagics(front, page);
  });

  await step('open the panel', async () => {
    await front.open('story.ipynb');
    await front.openPanel();
    await front.panel.getByText('No file is open').waitFor();
  });

  await step('a file that a cell opens is there', async () => {
    await front.run('f := h5.Open("data.h5")');
    await row('data.h5').waitFor({ timeout: 10000 });
    await row('cube').waitFor({ timeout: 10000 });
  });

  await step('expand 10,000 children', async () => {
    const took = await expandMany(page, row('many'));
    t.diagnostic(`a group of 10,000: ${took.toFixed(0)} ms from the click to its first rows`);
    assert.ok(took < 1000, `it took ${took} ms`);
    await expand('many');
  });
}

async function expandMany(page, row) {
  await row.locator('.gofive-twisty').waitFor();
  return row.evaluate(row => new Promise(done => {
    const begun = performance.now();
    const tree = row.closest('[role=tree]');
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
  await page.waitForTimeout(500);
  const go = await front.tokens(2);
  assert.ok(go.some(([text, kind]) => text.includes('// Go') && comment.test(kind)), 'Go below magics: ' + JSON.stringify(go));
  const word = go.find(([text]) => text === '1');
  assert.ok(word && word[1], 'a number below magics: ' + JSON.stringify(go));
  const shell = await front.tokens(1);
  assert.ok(shell.some(([text]) => text.includes('ls /tmp/*')), 'a command is one: ' + JSON.stringify(shell));
  await page.locator(cells).nth(0).click();
  await page.waitForTimeout(200);
  // Notebook 6 has a mode of its own below %%bash.
  const goes = front.name === 'notebook6' ? /comment/ : /./;
  const bash = (await front.tokens(1)).filter(([, kind]) => goes.test(kind));
  assert.deepEqual(bash, [], 'text below %%bash has no colours of Go');
}
