// A file in H5Web: fetched when asked for, drawn, and gone when closed.
import assert from 'node:assert/strict';

/** fetched gets the addresses of H5Web that the page asks for. */
export function noteFetched(page) {
  const fetched = [];
  page.on('request', r => /h5web/.test(r.url()) && fetched.push(r.url()));
  return fetched;
}

/** The viewer that is seen shows the dataset cube of data.h5. */
export async function lookInH5Web(front, fetched) {
  const { page } = front;
  assert.deepEqual(fetched, [], 'fetched before it was asked for');
  await front.viewer.getByRole('button', { name: 'H5Web' }).click();
  const h5web = page.locator('.gofive-h5web');
  const item = name => h5web.getByRole('treeitem', { name });
  await item('cube').waitFor({ timeout: 30000 });
  await h5web.getByText('Heatmap').waitFor();
  await waitForColours(h5web.locator('canvas').first(), 50, 'the heat map');
  assert.equal(fetched.length, 1, 'fetched in one piece: ' + fetched);
  assert.deepEqual(await reached(page), [], 'its style sheet reaches further than itself');

  await item('signal').click();
  await h5web.getByText(/signal is too large for H5Web: it needs 400 MB/).waitFor();
  await item('spectra').click();
  await item('flux').click();
  await h5web.getByRole('tab', { name: 'Line', selected: true }).waitFor();
  await page.waitForTimeout(1000);
}

/** Closes it, opens it again, and looks for what it may have left. */
export async function closeH5Web(front) {
  const { page } = front;
  const h5web = page.locator('.gofive-h5web');
  await front.close('data.h5');
  await h5web.waitFor({ state: 'detached' });
  await front.viewer.getByRole('button', { name: 'H5Web' }).click();
  await h5web.getByRole('treeitem', { name: 'cube', selected: true }).waitFor({ timeout: 15000 });
  await front.close('data.h5');
  await h5web.waitFor({ state: 'detached' });
  const styles = await page.evaluate(() => [...document.querySelectorAll('style')].filter(s => s.textContent.includes('--h5w-')).length);
  assert.equal(styles, 0, 'style sheets that are left');
}

// Of the elements outside H5Web those that its style sheet changes.
function reached(page) {
  return page.evaluate(() => {
    const { sheet } = [...document.querySelectorAll('style')].find(s => s.textContent.includes('--h5w-'));
    const outside = [...document.querySelectorAll('*')].filter(e => !e.closest('.gofive-h5web-page'));
    const look = () => outside.map(e => ['', '::before', '::after'].map(part => {
      const s = getComputedStyle(e, part);
      return [s.font, s.color, s.background, s.display, s.boxSizing, s.margin, s.padding, s.border, s.filter, s.cursor].join(' ');
    }).join());
    const on = look();
    sheet.disabled = true;
    const off = look();
    sheet.disabled = false;
    return outside.filter((_, i) => on[i] !== off[i]).map(e => e.outerHTML.slice(0, 100));
  });
}

// WebGL keeps no picture that could be read, so what is seen is counted.
async function waitForColours(canvas, least, what) {
  let seen = 0;
  for (let tries = 0; tries < 40 && seen < least; tries++) {
    await canvas.page().waitForTimeout(250);
    const png = (await canvas.screenshot()).toString('base64');
    seen = await canvas.evaluate(async (_, png) => {
      const picture = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
      const copy = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
      copy.drawImage(picture, 0, 0);
      return new Set(new Uint32Array(copy.getImageData(0, 0, picture.width, picture.height).data.buffer)).size;
    }, png);
  }
  assert.ok(seen >= least, `${what} has ${seen} colours`);
}
