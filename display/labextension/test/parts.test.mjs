import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { connected, core, until } from './core.mjs';
import { sample } from './fake.mjs';

const c = await core('track', 'treenode', 'arrays', 'places', 'curve', 'align', 'colormap', 'ticks', 'csv', 'npy', 'export', 'selection', 'plot', 'latest', 'format', 'facts', 'visible', 'spectrum', 'spectrallines', 'typing', 'theme', 'mime', 'protocol');
after(() => window.close());

const buffer = (dtype, typed) => ({ name: 'x', dtype, shape: [], view: new DataView(typed.buffer) });

test('a bar of 8,000,000 px reaches each of 10^9 rows', () => {
  const t = new c.Track(24, 1e9, 480);
  assert.equal(t.size, 8e6);
  t.reveal(999_999_999);
  assert.equal(t.window().first + t.window().count, 1e9);
  assert.ok(Math.abs(t.settle() - (8e6 - 480)) < 1);
  t.scroll(8e6 - 480); // the bar stands where we put it
  assert.equal(t.window().first + t.window().count, 1e9);
  t.moveBy(-24);
  assert.equal(t.window().first + t.window().count, 999_999_999);
  t.scroll(4e6);
  assert.ok(Math.abs(t.top - 5e8) < 1e6);
});

test('a tree finds rows below expanded members', () => {
  const top = new c.TreeNode(null, 0, 'f', '/', { name: '', kind: 'group' });
  top.setExpanded(true);
  top.take(0, 4, ['a', 'b', 'c', 'd'].map(name => ({ name, kind: 'group' })));
  const b = top.member(1);
  b.take(0, 1000, [{ name: 'x', kind: 'group' }]);
  assert.equal(top.rows, 4);
  b.setExpanded(true);
  b.member(0).take(0, 2, [{ name: 'p', kind: 'dataset' }, { name: 'q', kind: 'dataset' }]);
  b.member(0).setExpanded(true);
  assert.equal(top.rows, 1006);
  const at = i => top.at(i).node?.path;
  assert.deepEqual([0, 1, 2, 3, 4, 5, 1003, 1004, 1005].map(at), ['/a', '/b', '/b/x', '/b/x/p', '/b/x/q', undefined, undefined, '/c', '/d']);
  assert.deepEqual([top.at(1003).parent.path, top.at(1003).index], ['/b', 999]);
  for (const i of [0, 1, 2, 3, 4, 1004, 1005]) {
    assert.equal(top.at(i).node.row(), i);
  }
  b.setExpanded(false);
  assert.equal(top.rows, 4);
  b.setExpanded(true);
  assert.equal(top.rows, 1006);
  b.setTotal(1);
  assert.equal(top.rows, 7);
});

test('numbers are copied from buffers that are not aligned', () => {
  const bytes = new Uint8Array(17);
  new DataView(bytes.buffer).setFloat64(1, 1.5, true);
  new DataView(bytes.buffer).setFloat64(9, -2, true);
  assert.deepEqual([...c.numbers({ dtype: '<f8', view: new DataView(bytes.buffer, 1) })], [1.5, -2]);
});

test('elements are written with the digits of their type', () => {
  const cases = [
    ['<f4', Float32Array.of(0.1), '0.1'], ['<f4', Float32Array.of(16777217), '16777216'], ['<f8', Float64Array.of(0.1 + 0.2), '0.30000000000000004'],
    ['<i8', BigInt64Array.of(-9007199254740993n), '-9007199254740993'], ['<u8', BigUint64Array.of(18446744073709551615n), '18446744073709551615'],
    ['|b1', Uint8Array.of(1), 'true'], ['<c16', Float64Array.of(1, -2.5), '1-2.5i'], ['<f2', Uint16Array.of(0x3e00), '1.5'], ['<f2', Uint16Array.of(0x0001), '5.960464477539063e-8'],
  ];
  for (const [dtype, typed, want] of cases) {
    assert.equal(c.elementText(c.numbers(buffer(dtype, typed)), 0, dtype), want, dtype);
  }
});

test('places are numbers, lists and ranges', () => {
  const cases = { 3: [3], '0, 4,8': [0, 4, 8], '0:3': [0, 1, 2], ':10:4': [0, 4, 8], '-1': [9], '8:99': [8, 9] };
  for (const [text, want] of Object.entries(cases)) {
    assert.deepEqual(c.parsePlaces(text, 10, 16), want, text);
  }
  for (const text of ['', 'x', '10', '1,', '0:1000']) {
    assert.throws(() => c.parsePlaces(text, text === '0:1000' ? 2000 : 10, 16), Error, text);
  }
});

const curve = o => ({ index: Float64Array.of(0, 10, 20), min: Float64Array.of(1, -5, 0), max: Float64Array.of(2, 9, 0), from: 0, to: 30, full: false, nan: 0, ...o });

test('both ends of each stretch are drawn, and NaN is a gap', () => {
  assert.deepEqual(c.points(curve()), { x: [0, 5, 10, 15, 20, 25], y: [1, 2, -5, 9, 0, 0] });
  assert.deepEqual(c.points(curve({ full: true, min: Float64Array.of(1, NaN, 3) })), { x: [0, 10, 20], y: [1, null, 3] });
  const falling = c.points(curve({ xmin: Float64Array.of(8, 4, 0), xmax: Float64Array.of(10, 6, 2) }));
  assert.deepEqual(falling.x, [0, 1, 4, 5, 8, 9]);
  assert.deepEqual(falling.y, [0, 0, -5, 9, 1, 2]);
});

test('X that goes to and fro is told from one that rises or falls', () => {
  const x = (a, b) => c.oneWay(curve({ xmin: Float64Array.from(a), xmax: Float64Array.from(b) }));
  assert.equal(x([0, 2, 4], [1, 3, 5]), true);
  assert.equal(x([4, 2, 0], [5, 3, 1]), true);
  assert.equal(x([0, 0, 4], [3, 3, 5]), false);
  assert.equal(x([0, NaN, 4], [1, NaN, 5]), false);
  assert.deepEqual(c.placesOf(curve({ xmin: Float64Array.of(0, 2, 4), xmax: Float64Array.of(1, 3, 5) }), 0, 0.5), [0, 20]);
});

test('lines over other places are put over all', () => {
  const got = c.align([{ x: [0, 2], y: [1, 2] }, { x: [1, 2], y: [5, null] }]);
  assert.deepEqual(got, { x: [0, 1, 2], y: [[1, undefined, 2], [undefined, 5, null]] });
});

test('colours leave out what has no place on the scale', () => {
  const s = c.rangeOf([NaN, -1, 0, 1, 10, 100], 0, true);
  assert.deepEqual(s, { low: 1, high: 100, log: true });
  const bytes = c.paint([NaN, -1, 1, 100], s, c.colorTable('grey'));
  assert.deepEqual([...bytes], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255]);
  assert.deepEqual(c.rangeOf([0, ...Array(98).fill(5), 1000], 0.01, false), { low: 0, high: 1000, log: false });
  assert.deepEqual(c.rangeOf(Array.from({ length: 101 }, (_, i) => i), 0.05, false), { low: 5, high: 95, log: false });
});

test('ticks are at even numbers, on a log scale at powers', () => {
  assert.deepEqual(c.ticks(0, 10, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(c.ticks(0.12, 0.31, 4), [0.15, 0.2, 0.25, 0.3]);
  assert.deepEqual(c.ticks(0.5, 2000, 5, true), [1, 10, 100, 1000]);
});

test('CSV is quoted and starts no formula', () => {
  assert.equal(c.csv([['a', 'b,c', 'd"e', '=1+1', '-5', '@x']]), `a,"b,c","d""e",'=1+1,-5,'@x\r\n`);
});

test('the head of an NPY file ends at a multiple of 64', () => {
  const head = c.npyHead('<f4', [3, 4]);
  assert.equal(head.length % 64, 0);
  assert.match(Buffer.from(head).toString('latin1'), /^\x93NUMPY\x01\x00.\x00\{'descr': '<f4', 'fortran_order': False, 'shape': \(3, 4\), \} *\n$/s);
});

test('exports are read in parts that fit into answers', () => {
  assert.deepEqual(c.partsOf('2, :, ::2', [5, 3000, 2000], 4), ['2, 0:2097, ::2', '2, 2097:3000, ::2']);
  assert.deepEqual(c.partsOf(':', [2500000], 8), ['0:1048576', '1048576:2097152', '2097152:2500000']);
  assert.deepEqual(c.partsOf('', [], 8), ['']);
});

test('what is stored is told beside the whole where it is less', () => {
  const stored = (bytes, n) => [...c.facts({ path: '/x', name: 'x', kind: 'dataset', shape: [1], bytes, stored: n }).querySelectorAll('dd')].at(-1).textContent;
  assert.equal(stored(400e6, 200e6), '200 MB of 400 MB, 2.0× smaller');
  assert.equal(stored(400e6, 403e6), '403 MB');
  assert.equal(stored(400e6, 390e6), '390 MB of 400 MB');
  assert.equal(stored(400e6, 400e6), '400 MB');
});

test('sizes and counts are written as the kernel does', () => {
  assert.deepEqual([c.ratioText(100, 96), c.ratioText(100, 95), c.ratioText(100, 8), c.ratioText(100, 103), c.ratioText(100, 0)], ['', '1.1×', '13×', '', '']);
  assert.deepEqual([0, 999, 1000, 9949, 9950, 148000, 1.7e9].map(c.sizeText), ['0 B', '999 B', '1.0 KB', '9.9 KB', '10 KB', '148 KB', '1.7 GB']);
  assert.deepEqual([0, 999, 1000, 1234567].map(c.countText), ['0', '999', '1,000', '1,234,567']);
  assert.equal(c.shapeText([10, 4622], [-1, 4622]), '10↗ × 4,622');
});

test('characters that act are written out', () => {
  assert.equal(c.visible('a\u202eb\u0000\n\u{e000}\u200d'), 'a\\u202eb\\x00\\n\\ue000\\u200d');
  assert.equal(c.visibleLines('a\n\tb\r'), 'a\n\tb\\r');
});

test('smoothing weighs by ivar and leaves gaps', () => {
  const got = c.smooth(Float64Array.of(1, 100, 3), Float64Array.of(1, 0, 1), 1);
  assert.ok(got[0] > 1 && got[0] < 2 && Number.isNaN(got[1]) && got[2] > 2 && got[2] < 3);
  assert.deepEqual([...c.smooth(Float64Array.of(2, 2, 2, 2), null, 2)], [2, 2, 2, 2]);
  assert.equal(c.maskNames((1 << 23) | 1), 'NOPLUG BRIGHTSKY');
});

test('typing finds the next name, or the one that is typed', () => {
  const t = new c.Typing();
  const names = ['flux', 'ivar', 'flat'];
  assert.equal(t.find('f', names, 0, 0), 2);
  assert.equal(t.find('l', names, 2, 100), 2);
  assert.equal(t.find('u', names, 2, 200), 0);
  assert.equal(t.find('f', names, 0, 5000), 2);
  assert.equal(t.find('z', names, 0, 9000), -1);
});

test('a colour is dark or light however it is written', () => {
  assert.deepEqual(['rgb(17, 17, 17)', 'rgb(255, 255, 255)', 'color(srgb 0.1 0.1 0.1)', 'color(srgb 0.9 0.9 0.9)'].map(c.isDark), [true, false, true, false]);
});

const document1 = { v: 1, file: { name: 'run42.h5', path: 'run/run42.h5' }, path: '/', node: { name: '/', kind: 'group', nattrs: 0 }, children: [{ name: '<img src=x>', kind: 'dataset', dtype: 'float64', shape: [3], nattrs: 0, bytes: 24, stored: 24 }], truncated: true };

test('without a kernel the renderer shows the members that the document has, as text', () => {
  const node = document.createElement('div');
  c.render(node, document1, null, null);
  assert.match(node.textContent, /run42\.h5.*first 1 member.*<img src=x>3 float64 24 B There are more/s);
  assert.equal(node.querySelector('button, img'), null);
  const large = document.createElement('div');
  c.render(large, { v: 1, truncated: true }, null, null);
  assert.match(large.textContent, /too large/);
});

test('with one the renderer shows the object itself once its file is told of', async () => {
  const p = connected(c.Client, { files: {} });
  c.render(p.node, document1, p.host, p.client);
  await p.client.hello;
  assert.equal(p.node.querySelector('button'), null);
  p.kernel.setFiles(sample());
  const names = () => [...p.node.querySelectorAll('.gofive-row .gofive-name')].map(n => n.textContent);
  await until(() => names().includes('signal'));
  p.node.querySelector('button').click();
  assert.deepEqual(p.log, [['open', 'f1', '/']]);
  const line = document.createElement('div');
  document.body.append(line);
  c.render(line, { ...document1, path: '/time', node: { name: 'time', kind: 'dataset', shape: [2000], nattrs: 0 }, children: [] }, p.host, p.client);
  await until(() => /2,000 values/.test(line.textContent), 'the viewer in the output');
  line.remove();
  p.kernel.setFiles({});
  await until(() => line.querySelector('.gofive-inline').childElementCount === 0, 'the end of what left the page');
});

test('a range is kept within bounds', () => {
  assert.deepEqual(c.kept([-50, 150], [0, 100]), [0, 100]);
  assert.deepEqual(c.kept([-10, 20], [0, 100]), [0, 30]);
  assert.deepEqual(c.kept([90, 120], [0, 100]), [70, 100]);
  assert.deepEqual(c.kept([20, 30], [0, 100]), [20, 30]);
  for (const none of [undefined, [5, 5], [NaN, 1], [-Infinity, 3]]) {
    assert.deepEqual(c.kept([-50, 150], none), [-50, 150]);
  }
});

test('paced work begins at once, and of what comes too soon the last runs', async t => {
  const waiting = new Map(); // instead of a clock
  t.mock.method(globalThis, 'setTimeout', f => (waiting.set(waiting.size + 1, f), waiting.size));
  t.mock.method(globalThis, 'clearTimeout', id => waiting.delete(id));
  const pass = () => [...waiting].forEach(([id, f]) => (waiting.delete(id), f()));
  const latest = new c.Latest(assert.fail);
  const ran = [];
  const work = name => async () => void ran.push(name);
  latest.paced(60_000, work('first'));
  assert.deepEqual(ran, ['first']);
  latest.paced(60_000, work('second'));
  latest.paced(60_000, work('third'));
  assert.deepEqual(ran, ['first']);
  pass();
  assert.deepEqual(ran, ['first', 'third']);
  latest.paced(60_000, work('fourth'));
  latest.paced(60_000, work('fifth'));
  latest.cancel();
  pass();
  assert.deepEqual(ran, ['first', 'third']);
});
