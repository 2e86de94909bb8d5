// A notebook as a stranger could send it: outputs of each kind with markup that acts added to them.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pwned } from './until.mjs';

const ATTACK = '<script>window.pwned=1</script><img src=x onerror="window.pwned=1"><a href="javascript:window.pwned=1">x</a>';

/** Cells whose outputs are of each kind, and what is seen of them. */
const CELLS = [
  ['u := h5.Open("data.h5")', ''],
  ['u', 'text=/^ ?cube$/'],
  ['u.Dataset("rows").Slice("0:5")', 'text=GALAXY'],
  ['u.Dataset("deep/a/b/c/needle").Slice()', 'text=/\\b11\\b/'],
  ['plots.Line([]float64{1, 4, 9, 16})', 'canvas, img[src^="data:image/png"], svg.marks'],
];

/** Makes outputs by the kernel and opens a notebook that has them but was not run here. */
export async function lookUntrusted(front, dir) {
  await front.open('made.ipynb');
  for (const [code] of CELLS) {
    assert.doesNotMatch(await front.run(code), /"output_type":"error"/, code);
  }
  await front.save();
  const made = JSON.parse(readFileSync(join(dir, 'made.ipynb'), 'utf8'));
  let changed = 0;
  for (const output of made.cells.flatMap(cell => cell.outputs)) {
    const html = output.data?.['text/html'];
    if (html) {
      output.data['text/html'] = ATTACK + [html].flat().join('');
      changed++;
    }
  }
  assert.ok(changed > 1, 'outputs with HTML');
  writeFileSync(join(dir, 'stranger.ipynb'), JSON.stringify(made));
  await front.open('stranger.ipynb');
  assert.equal(await front.trusted(), false, 'the notebook of a stranger is trusted');
  for (const [i, [code, seen]] of CELLS.entries()) {
    if (seen) {
      await front.output(1 + i).locator(seen).first().waitFor({ timeout: 15000 }).catch(() => assert.fail(`${code}: nothing is seen of ${seen}`));
    }
  }
  // A style sheet of the panel must not reach into tables of cells.
  const { height } = await front.output(3).locator('text=GALAXY').first().boundingBox();
  assert.ok(height < 40, `a word of a table is ${height} px high`);
  assert.equal(await pwned(front.page), undefined, 'a script of an output has run');
}
