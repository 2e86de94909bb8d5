// Makes docs/panel.png, the picture of the README: JupyterLab with panel, notebook and viewer. It needs what the
// stories need, and bin/gofive for the sample.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notebook, stage } from './stage.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const s = await stage('lab', { 'spectra.ipynb': notebook([]) });
try {
  const { front, page } = s;
  execFileSync(join(ROOT, 'bin/gofive'), ['sample', 'boss', join(s.dir, 'sample.h5')]);
  await page.setViewportSize({ width: 1400, height: 720 });
  await front.open('spectra.ipynb');
  await front.run('f := h5.Open("sample.h5")');
  await front.openPanel();
  await front.run('coadd := f.Dataset("3655/55240/30/coadd")\ncoadd.Table().Query("IVAR > 0.2").Sort("-FLUX").Head(5)');
  await front.run('plots.Of(coadd.Table().Cumsum(), plots.LogY())');
  for (const name of ['3655', '55240', '30']) {
    await front.panel.getByRole('treeitem', { name: new RegExp('^\\W*' + name + '\\b') }).first().locator('.gofive-twisty').click();
  }
  await front.panel.getByRole('treeitem', { name: /^\W*coadd/ }).first().dblclick();
  await front.viewer.locator('.gofive-plot[aria-label]').waitFor();
  await page.waitForTimeout(2000);
  await page.screenshot({ path: join(ROOT, 'docs/panel.png') });
} finally {
  await s.end();
}
