// Files that grow while they are looked at: by a cell of the same kernel, and by another process.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WRITER = `
import sys, time
import h5py
with h5py.File(sys.argv[1], "w", libver="latest") as f:
    d = f.create_dataset("x", (4,), "f8", maxshape=(None,), chunks=(100,))
    f.swmr_mode = True
    print("ready", flush=True)
    for n in range(1, 1000):
        d.resize((4 + 10 * n,))
        d[-10:] = n
        d.flush()
        time.sleep(0.3)
`;

const APPEND = `mine := h5.Create("mine.h5")
grown := mine.CreateDataset("x", h5.Float64, h5.Shape{4}, h5.DatasetCreate{MaxShape: h5.Shape{h5.Unlimited}, Chunks: h5.Shape{100}})`;

// How long a front end takes to follow is not known: the cell appends until it has been seen.
const GROW = `for {
	if _, err := os.Stat("enough"); err == nil {
		break
	}
	grown.Append(make([]float64, 10))
	time.Sleep(200 * time.Millisecond)
}`;

/** A cell appends to a file that it has open. */
export async function followCell(front, row, dir) {
  rmSync(join(dir, 'enough'), { force: true }); // of a story before
  await front.run(APPEND);
  try {
    await grow(front, row, 'mine.h5', () => front.begin(GROW));
  } finally {
    writeFileSync(join(dir, 'enough'), '');
  }
  await front.finish();
  await front.run('mine.Close()');
}

/** Another process appends to a file that the kernel reads. */
export async function followWriter(front, row, dir) {
  const writer = spawn(process.env.GOFIVE_PYTHON || 'python3', ['-c', WRITER, join(dir, 'theirs.h5')], { env: { ...process.env, HDF5_USE_FILE_LOCKING: 'FALSE' }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise(done => writer.on('exit', done));
  try {
    await new Promise((done, fail) => (writer.stdout.once('data', done), writer.once('exit', () => fail(new Error('the writer ended')))));
    await front.run('theirs := h5.Open("theirs.h5", h5.FileAccess{SWMR: true})');
    await grow(front, row, 'theirs.h5', () => undefined);
    await front.run('theirs.Close()');
  } finally {
    writer.kill();
    await ended;
  }
}

// The row in the tree, the line and the table of a dataset x that grows grow as well.
async function grow(front, row, file, begin) {
  await row(file).waitFor({ timeout: 10000 });
  await row(file).locator('.gofive-twisty').click();
  const x = row('x');
  await x.dblclick();
  const { viewer } = front;
  await viewer.locator('.gofive-plot[aria-label]').waitFor({ timeout: 15000 });
  await front.panel.getByRole('button', { name: 'Follow' }).click();
  await viewer.getByRole('button', { name: 'Follow' }).click();
  await begin();
  await rises(async () => Number((await x.innerText()).match(/([\d,]+)↗? float64/)[1].replaceAll(',', '')), 'the row in the tree');
  await rises(async () => Number((await viewer.locator('.gofive-plot[aria-label]').getAttribute('aria-label')).match(/to ([\d,.]+)\. Zoom/)[1].replaceAll(',', '')), 'the line');
  await viewer.getByRole('tab', { name: 'Table' }).click();
  const grid = viewer.getByRole('grid');
  await grid.press('Control+End');
  await viewer.getByRole('gridcell').first().waitFor();
  await rises(async () => Number(await grid.getAttribute('aria-rowcount')), 'the table');
  await rises(async () => Number((await grid.getByRole('rowheader').last().innerText()).replaceAll(',', '')), 'the last row in view');
  await front.panel.getByRole('button', { name: 'Follow' }).click();
  await viewer.getByRole('button', { name: 'Follow' }).click();
  await row(file).locator('.gofive-twisty').click();
}

async function rises(get, what) {
  const first = await get();
  for (let i = 0; i < 40; i++) {
    await new Promise(done => setTimeout(done, 250));
    if ((await get()) > first) {
      return;
    }
  }
  assert.fail(`${what} does not follow: it stays at ${first}`);
}
