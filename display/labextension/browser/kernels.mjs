// A notebook whose kernel is exchanged: the panel is there for ours alone.
import assert from 'node:assert/strict';

/** The notebook that this begins with has a kernel of Python. */
export async function exchangeKernels(front) {
  await front.open('python.ipynb');
  await front.page.waitForTimeout(1500); // long enough to have asked the kernel
  assert.equal(await front.offered(), false, 'a panel for a kernel of Python');
  await front.changeKernel('gofive');
  await front.openPanel();
  await front.panel.getByText('No file is open').waitFor();
  await front.changeKernel('system-python');
  await front.panel.waitFor({ state: 'hidden', timeout: 15000 });
  assert.equal(await front.offered(), false, 'a panel for a kernel of Python that took the place of ours');
  await front.changeKernel('gofive');
  await front.openPanel();
  await front.panel.getByText('No file is open').waitFor();
}
