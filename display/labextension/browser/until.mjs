/** Asks f until it gives something true, and gives that. It is asked for longer than a loaded computer takes. */
export async function until(f, what, timeout = 30000) {
  for (const end = Date.now() + timeout; ; ) {
    const got = await f();
    if (got) {
      return got;
    }
    if (Date.now() > end) {
      throw new Error('never came: ' + what);
    }
    await new Promise(done => setTimeout(done, 50));
  }
}

/** Reports whether a script of what is shown has run. Scripts of pictures that fail run late: one of our own, asked for last, fails after them. */
export async function pwned(page) {
  await page.evaluate(() => new Promise(done => {
    const last = new Image();
    last.onerror = last.onload = done;
    last.src = 'x?' + Math.random();
  }));
  return page.evaluate(() => window.pwned);
}
