import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { connected, core, press, until } from './core.mjs';

const { Panel, Client } = await core('panel', 'protocol');
after(() => window.close());

const names = node => [...node.querySelectorAll('.gofive-row .gofive-name')].map(n => n.textContent);
const row = (node, name) => [...node.querySelectorAll('.gofive-row')].find(r => r.querySelector('.gofive-name')?.textContent === name);

async function open(options) {
  const p = connected(Client, options);
  p.panel = new Panel(p.node, p.client, p.host);
  await until(() => row(p.node, 'signal'), 'the members of the first file');
  return p;
}

test('files are the roots of the tree and the first is expanded', async () => {
  const { node, panel } = await open();
  assert.deepEqual(names(node).slice(0, 3), ['run42.h5', 'detector', 'signal']);
  assert.equal(row(node, 'run42.h5').getAttribute('aria-expanded'), 'true');
  assert.equal(row(node, 'signal').getAttribute('aria-level'), '2');
  assert.match(row(node, 'signal').textContent, /100,000,000 float32212 MB/);
  panel.dispose();
  assert.equal(node.childElementCount, 0);
});

test('keys move, expand and open', async () => {
  const { node, log } = await open();
  const tree = node.querySelector('[role=tree]');
  const active = () => document.getElementById(tree.getAttribute('aria-activedescendant'))?.querySelector('.gofive-name').textContent;
  const steps = [['ArrowDown', 'run42.h5'], ['ArrowDown', 'detector'], ['ArrowRight', 'detector'], ['ArrowRight', 'image'], ['ArrowLeft', 'detector'], ['ArrowLeft', 'detector'], ['s', 'signal'], ['Home', 'run42.h5']];
  for (const [key, want] of steps) {
    press(tree, key);
    await new Promise(resolve => setTimeout(resolve, 40));
    assert.equal(active(), want, key);
  }
  press(tree, 'Enter');
  press(tree, 'Enter');
  assert.equal(log.length, 0, 'a file is collapsed and expanded, not opened');
  press(tree, 'ArrowDown');
  press(tree, 'ArrowDown');
  press(tree, 'Enter');
  assert.deepEqual(log, [['open', 'f1', '/signal']]);
});

test('of 10,000 members only those in view are listed and drawn', async () => {
  const { node, kernel } = await open();
  row(node, 'many').querySelector('.gofive-twisty').click();
  await until(() => row(node, 'entry_0'));
  assert.ok(node.querySelectorAll('.gofive-row').length < 40);
  const lists = kernel.asked.filter(m => m.op === 'list' && m.path === '/many');
  assert.deepEqual(lists.map(m => [m.offset, m.limit]), [[0, 200]]);
  assert.equal(row(node, 'entry_0').getAttribute('aria-setsize'), '10000');
  press(node.querySelector('[role=tree]'), 'End');
  await until(() => row(node, 'spectra.h5'), 'the last row');
  await until(() => row(node, 'entry_9999') || kernel.asked.some(m => m.offset === 9800), 'the last page');
});

test('names and attributes of strangers are text', async () => {
  const { node } = await open();
  const hostile = names(node).find(n => n.startsWith('<img'));
  assert.match(hostile, /\\u202egpj\.\\x07$/);
  row(node, hostile).click();
  await until(() => node.querySelector('.gofive-attributes tr'));
  assert.equal(node.querySelector('img, script'), null);
  assert.equal(window.hacked, undefined);
});

test('links tell where they lead and whether they do', async () => {
  const { node } = await open();
  assert.match(row(node, 'alias').textContent, /→ \/time/);
  const gone = row(node, 'gone');
  assert.match(gone.textContent, /→ calib_2019\.h5:\/flat/);
  assert.ok(gone.querySelector('.gofive-bad'));
  gone.click();
  await until(() => /Broken external link/.test(node.querySelector('.gofive-details').textContent));
});

test('details list facts and attributes, and insert code', async () => {
  const { node, log } = await open();
  row(node, 'time').click();
  const button = await until(() => [...node.querySelectorAll('.gofive-details button')].find(b => b.textContent === 'Insert code'));
  assert.match(node.querySelector('.gofive-facts').textContent, /Typefloat64Shape2,000Stored16 KB/);
  button.click();
  assert.equal(log[0][0], 'code');
  assert.match(log[0][1], /^fx := h5\.Open.*\nfx\.Dataset\("\/time"\)/);
});

test('search finds names below, and what it found is shown in the tree', async () => {
  const { node } = await open();
  const input = node.querySelector('input[type=search]');
  input.value = 'entry_9999';
  input.dispatchEvent(new Event('input'));
  const found = await until(() => node.querySelector('.gofive-result'));
  assert.match(found.textContent, /\/many\/entry_9999/);
  assert.ok(node.querySelector('[role=tree]').hidden);
  found.click();
  await until(() => row(node, 'entry_9999')?.classList.contains('gofive-selected'), 'the row of what was found');
  assert.ok(!node.querySelector('[role=tree]').hidden);
});

test('a cell that closes a file takes it from the tree, others stay expanded', async () => {
  const { node, kernel } = await open();
  const { f1, f2 } = kernel.files;
  kernel.setFiles({ f1 });
  await until(() => !row(node, 'spectra.h5'));
  assert.ok(row(node, 'signal'));
  kernel.setFiles({ f2, f1 });
  await until(() => names(node)[0] === 'spectra.h5');
  assert.equal(names(node)[1], 'run42.h5');
  assert.ok(row(node, 'signal'));
  kernel.setFiles({});
  await until(() => /No file is open/.test(node.textContent));
});

test('a file opened by its path stands with the others; one that is not there says so', async () => {
  const { node } = await open();
  node.querySelector('[aria-label="Open a file by its path"]').click();
  const input = node.querySelector('[role=combobox]');
  const enter = async path => {
    input.value = path;
    press(input, 'Enter');
  };
  await enter('nothing');
  const trouble = await until(() => node.querySelector('.gofive-openbar .gofive-trouble'));
  assert.match(trouble.textContent, /no such file\. see what is in the folder/);
  await enter('run/x.h5');
  await until(() => row(node, 'x.h5')?.classList.contains('gofive-selected'));
});

test('a group is filtered by the kernel', async () => {
  const { node, kernel } = await open();
  row(node, 'many').click();
  const box = await until(() => node.querySelector('.gofive-filter input'));
  box.value = 'entry_77';
  box.dispatchEvent(new Event('change'));
  await until(() => row(node, 'entry_77'));
  const last = kernel.asked.filter(m => m.op === 'list').pop();
  assert.equal(last.filter, 'entry_77');
  assert.ok(!row(node, 'entry_0'));
});

test('the attributes of an object are shown after one that has none', async () => {
  const { node, kernel } = await open();
  kernel.files.f1.root.members.find(([n]) => n === 'wave')[1].nattrs = 1;
  row(node, 'time').click();
  await until(() => /time/.test(node.querySelector('.gofive-details .gofive-heading')?.textContent) && node.querySelector('.gofive-attributes'));
  row(node, 'wave').click();
  await until(() => node.querySelector('.gofive-attributes td')?.textContent === 'counts');
});

test('following watches the chosen object and lists it anew when it has grown', async () => {
  const { node, kernel } = await open();
  row(node, 'grows').click();
  node.querySelector('[aria-label^="Follow"]').click();
  const watch = await until(() => kernel.watches[0]);
  assert.equal(watch.path, '/grows');
  await until(() => /100↗/.test(row(node, 'grows').textContent));
  await new Promise(resolve => setTimeout(resolve, 20));
  kernel.files.f1.root.members.find(([n]) => n === 'grows')[1].shape = [250];
  kernel.push({ event: 'changed', id: watch.id, file: 'f1', path: '/grows', shape: [250] });
  await until(() => /250↗/.test(row(node, 'grows').textContent), 'the new shape');
  node.querySelector('[aria-label^="Follow"]').click();
  await until(() => kernel.watches.length === 0, 'the end of the watch');
});

test('a kernel that answers more slowly than an object changes is followed', async () => {
  const { node, kernel } = await open();
  row(node, 'grows').click();
  node.querySelector('[aria-label^="Follow"]').click();
  const watch = await until(() => kernel.watches[0]);
  kernel.delay = 150;
  const shape = () => kernel.files.f1.root.members.find(([n]) => n === 'grows')[1].shape;
  const writer = setInterval(() => {
    shape()[0] += 10;
    kernel.push({ event: 'changed', id: watch.id, file: 'f1', path: '/grows', shape: shape() });
  }, 30);
  try {
    const told = () => Number(node.querySelector('.gofive-details').textContent.match(/(\d+)↗/)?.[1]);
    await until(() => told() > 100, 'a longer shape');
  } finally {
    clearInterval(writer);
  }
});

test('a restarted engine empties the tree', async () => {
  const { node, kernel } = await open();
  kernel.push({ event: 'engine', state: 'restarted' });
  await until(() => /No file is open/.test(node.textContent));
  kernel.setFiles(kernel.files);
  await until(() => row(node, 'run42.h5'));
});
