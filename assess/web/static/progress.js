// Looks every five seconds how far the people of a campaign are, while the page is seen. Without it there is a link.
const PAUSE = 5000;
const place = document.getElementById("live");
const address = place?.dataset.address;
let shown; // the states as they were seen last
const part = (selector) => place.querySelector(selector);

function show({ said, n, all, states }) {
  if (part(".said").textContent !== said) part(".said").textContent = said; // read aloud when it has changed
  const bar = part("progress");
  bar.max = Math.max(all, 1);
  bar.value = n;
  const list = part(".states");
  if (shown === states || list.contains(document.activeElement)) return; // nobody loses their place
  list.innerHTML = shown = states;
}

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout?.(4000) });
      if (answer.redirected || !answer.ok) return; // signed out, or gone: the link says so
      show(await answer.json());
    } catch {} // no connection: the next look may have one
  }
  setTimeout(look, PAUSE);
}

if (address) setTimeout(look, PAUSE);
