// Shows the time that is left for a timed part. The server's clock decides; the device's may be wrong, so only what
// has passed since the page was shown counts, be it while the device slept.
const clock = document.querySelector(".clock details");
const warning = document.querySelector(".clock .warning");
const shown = { steady: performance.now(), wall: Date.now() };
const seconds = Number(clock.dataset.seconds);
const passed = () => Math.max(performance.now() - shown.steady, Date.now() - shown.wall) / 1000;
let before = seconds;

function tick() {
  const left = Math.max(0, Math.ceil(seconds - passed()));
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  clock.querySelector("p").textContent = clock.dataset.left.replace("{time}", time);
  for (const [limit, words] of [[120, clock.dataset.soon], [30, clock.dataset.last]]) {
    if (left <= limit && limit < before) warning.textContent = words;
  }
  before = left;
  if (left === 0) return setTimeout(goOn, 1000);
  setTimeout(tick, 1000 - (passed() % 1) * 1000);
}

// The server says what follows; not by a reload, which would offer to send a form again. Without a connection the page
// stays, instead of giving way to the browser's page of errors.
function goOn() {
  fetch(location.pathname).then(
    () => location.replace(location.pathname),
    () => setTimeout(goOn, 3000),
  );
}

// The next page keeps the clock hidden. It is a cookie, so that the server draws it so and nothing jumps.
clock.addEventListener("toggle", () => {
  document.cookie = `rapport-clock=${clock.open ? "" : "hidden"}; path=/take; samesite=strict${location.protocol === "https:" ? "; secure" : ""}`;
});
tick();
